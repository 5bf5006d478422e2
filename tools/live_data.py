"""Write what live figures take from the library as it is, towns and patients: `.venv/bin/python tools/live_data.py`.

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


FILES = {"communication/nobel_us.mjs": nobel_us, "networks/patients.mjs": patients}

if __name__ == "__main__":
    for name, write in FILES.items():
        (PORTS / name).write_text(write(), encoding="utf8")
        print(f"wrote {name}")
