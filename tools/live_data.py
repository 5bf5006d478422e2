"""Write what live figures take from the library as it is, towns, patients and slopes: `.venv/bin/python tools/live_data.py`.

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
SAMPLES = 400


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


FILES = {"communication/nobel_us.mjs": nobel_us, "networks/patients.mjs": patients}
SLOW = {"learning/slopes.mjs": slopes}
"""What takes a minute: a test computes some of it again."""

if __name__ == "__main__":
    for name, write in {**FILES, **SLOW}.items():
        (PORTS / name).write_text(write(), encoding="utf8")
        print(f"wrote {name}")
