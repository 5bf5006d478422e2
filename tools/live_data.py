"""Write what live figures take from the library as it is, towns, patients and kernels: `.venv/bin/python tools/live_data.py`.

A test says whether the files still hold what this writes.
"""

import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
PORTS = ROOT / "book" / "_static" / "live" / "ports"
sys.path.insert(0, str(ROOT))
ALPHAS = (None, 1.0, 0.3, 0.1, 0.03)


def nobel_us() -> str:
    """Return the backbone with its towns, places and lengths."""
    from qlearn.communication import quantum_network

    america = quantum_network.nobel_us()
    towns = [america.label(node).replace("-", " ") for node in america]
    links = [[*ends, link.length_km] for ends, link in america.links.items()]
    return (
        "// qlearn.communication.quantum_network.nobel_us(): towns, places in degrees, links with their km.\n"
        "// From SNDlib (Orlowski and others, 2010, doi:10.1002/net.20371). Written by tools/live_data.py.\n"
        f"export const TOWNS = {json.dumps(towns)};\n"
        f"export const PLACES = {json.dumps(america.positions().tolist())};\n"
        f"export const LINKS = {json.dumps(links)};\n"
    )


def patients() -> str:
    """Return 200 patients that train and 100 that judge, in two components, and how hospitals divide the first."""
    from sklearn.datasets import load_breast_cancer

    from qlearn.networks import federated

    X, y = load_breast_cancer(return_X_y=True)
    order = np.random.default_rng(12).permutation(len(y))[:300]
    X, trains = X[order], slice(200)
    X = (X - X[trains].mean(axis=0)) / X[trains].std(axis=0)  # who judges has no part in a scale
    components = np.linalg.svd(X[trains], full_matrices=False)[2][:2]
    components *= np.sign(components.sum(axis=1, keepdims=True))
    two = np.round(0.4 * X @ components.T, 2)
    labels = y[order]
    owners = []
    for alpha in ALPHAS:
        parts = federated.split(np.arange(200), labels[:200], 10, alpha=alpha, rng=4)
        owner = np.empty(200, dtype=int)
        for hospital, (rows, _) in enumerate(parts):
            owner[rows] = hospital
        owners.append("".join(map(str, owner)))
    return (
        "// Wisconsin breast cancer (Wolberg, Street and others, UCI, CC BY 4.0): two principal components of 300 biopsies,\n"
        "// label 1 is benign; the first 200 train and settle scale and components, and OWNERS says to which of ten hospitals\n"
        "// each of them belongs, by qlearn.networks.federated.split(rows, labels, 10, alpha=ALPHAS[k], rng=4).\n"
        "// Written by tools/live_data.py.\n"
        f"export const X = {json.dumps(two.tolist(), separators=(',', ':'))};\n"
        f'export const Y = "{"".join(map(str, labels))}";\n'
        f"export const ALPHAS = {json.dumps(ALPHAS)};\n"
        f"export const OWNERS = {json.dumps(owners)};\n"
    )


BANDWIDTHS = (1.0, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02)


def kernels() -> str:
    """Return points of two classes, twice, and how much the entries of three kernels differ."""
    from sklearn.datasets import make_moons

    from qlearn.learning import FidelityKernel, ProjectedKernel
    from qlearn.learning.qsvm import ad_hoc_data, measure_concentration

    fringes = ad_hoc_data(n_train=20, n_test=200, gap=0.3, rng=7)
    moons, sides = make_moons(140, noise=0.15, random_state=1)
    moons = 0.6 + 5 * (moons - moons.min(axis=0)) / np.ptp(moons, axis=0)
    sets = {
        "moons": (moons, sides),
        "fringes": (
            np.concatenate([fringes.X_train, fringes.X_test[::4]]),
            np.concatenate([fringes.y_train, fringes.y_test[::4]]),
        ),
    }
    points = {
        name: {"X": np.round(X, 2).tolist(), "Y": "".join(map(str, y))} for name, (X, y) in sets.items()
    }
    looks = {
        "zz": lambda bandwidth: FidelityKernel(bandwidth=bandwidth),
        "none": lambda bandwidth: FidelityKernel("z", reps=1, bandwidth=bandwidth),
        "wires": lambda bandwidth: ProjectedKernel(bandwidth=bandwidth),
    }
    spread = {}
    for name, look in looks.items():
        found = [measure_concentration(look(one), range(2, 15), samples=20, rng=7) for one in BANDWIDTHS]
        spread[name] = [
            [[float(f"{mean:.3e}"), float(f"{std:.3e}")] for mean, std in zip(one.mean, one.std, strict=True)]
            for one in found
        ]
    tight = (",", ":")
    return (
        "// Points of two classes, 40 to train and 100 to judge: FRINGES by qlearn.learning.qsvm.ad_hoc_data(20, 200, gap=0.3,\n"
        "// rng=7), every fourth of those that judge; MOONS by sklearn.datasets.make_moons(140, noise=0.15, random_state=1),\n"
        "// moved into the square. SPREAD: mean and spread of the entries for 2 to 14 qubits at each of BANDWIDTHS, by\n"
        "// qlearn.learning.qsvm.measure_concentration(kernel, range(2, 15), samples=20, rng=7). Written by tools/live_data.py.\n"
        f"export const POINTS = {json.dumps(points, separators=tight)};\n"
        f"export const BANDWIDTHS = {json.dumps(BANDWIDTHS)};\n"
        f"export const SPREAD = {json.dumps(spread, separators=tight)};\n"
    )


FILES = {
    "communication/nobel_us.mjs": nobel_us,
    "learning/kernels.mjs": kernels,
    "networks/patients.mjs": patients,
}

if __name__ == "__main__":
    for name, write in FILES.items():
        (PORTS / name).write_text(write(), encoding="utf8")
        print(f"wrote {name}")
