"""Write what live figures take from the library: towns, patients, kernels, slopes (`.venv/bin/python tools/live_data.py`).

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


DEPTHS = (1, 2, 4, 8, 16, 32, 64)
WIDTHS = range(2, 9)
SAMPLES = 6000


def typical(n_qubits: int, depth: int) -> dict[str, list[float]]:
    """Return the median size of the first slope of random circuits, and the median of the shots a value that it takes.

    The shift rule takes N shots a quarter turn to each side; their noise is as small as the slope g from
    N = v / 2 g**2 on, with v the mean variance of one shot there. (Medians: some slopes are zero, and a few large.)
    """
    from qlearn.learning.barren_plateaus import cost_diagonal, draw_circuits
    from qlearn.learning.barren_plateaus._engine import LayeredSimulator, start_states

    found: dict[str, list[float]] = {cost: [] for cost in ("zz", "local", "global")}
    circuits = draw_circuits(n_qubits, depth, samples=SAMPLES, rng=[n_qubits, depth])
    sides = []
    for turn in (np.pi / 2, -np.pi / 2):
        angles = circuits.angles.copy()
        angles[:, 0, 0] += turn
        turned = circuits.with_angles(angles)
        sides.append(np.abs(LayeredSimulator(turned).forward(start_states(turned))[:, 0]) ** 2)
    for cost, row in found.items():
        diagonal = cost_diagonal(cost, n_qubits)
        means = [shares @ diagonal for shares in sides]
        noise = [shares @ diagonal**2 - mean**2 for shares, mean in zip(sides, means, strict=True)]
        steep = np.abs(means[0] - means[1]) / 2
        steep[steep < 1e-12] = 0  # a turn about z before a question about z, up to rounding
        with np.errstate(divide="ignore"):
            row += [np.median(steep), np.median(np.mean(noise, axis=0) / (2 * steep**2))]
    return {cost: [float(f"{one:.3e}") for one in row] for cost, row in found.items()}


def slopes() -> str:
    """Return the table of these variances, for each cost, width and depth."""
    all_of = {(n, depth): typical(n, depth) for n in WIDTHS for depth in DEPTHS}
    table = {
        cost: [[all_of[n, depth][cost] for depth in DEPTHS] for n in WIDTHS]
        for cost in ("zz", "local", "global")
    }
    return (
        f"// {SAMPLES} random circuits each of qlearn.learning.barren_plateaus: median size of the first slope, and of the\n"
        f"// shots that read it, for {WIDTHS[0]} to {WIDTHS[-1]} qubits and these depths. Written by tools/live_data.py.\n"
        f"export const DEPTHS = {json.dumps(DEPTHS)};\n"
        f"export const TYPICAL = {json.dumps(table, separators=(',', ':'))};\n"
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
SLOW = {"learning/slopes.mjs": slopes}
"""What takes some minutes: a test computes some of it again."""

if __name__ == "__main__":
    for name, write in {**FILES, **SLOW}.items():
        (PORTS / name).write_text(write(), encoding="utf8")
        print(f"wrote {name}")
