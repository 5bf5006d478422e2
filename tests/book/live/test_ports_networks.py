"""The ports of the network map and of the federated rounds, against the library."""

import json
import re
from collections.abc import Callable
from itertools import combinations
from types import ModuleType

import networkx as nx
import numpy as np
import pytest
from scipy.stats import binom
from sklearn.datasets import load_breast_cancer
from sklearn.decomposition import PCA
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

from qlearn.communication import quantum_network
from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.federated import FedAvg
from qlearn.networks.secure_aggregation import KeyBudget, least_threshold

TOLD = ("length_km", "rate_hz", "fidelity", "bottleneck", "key_rate_hz")


@pytest.fixture(scope="module")
def data(load: Callable[[str], ModuleType]) -> ModuleType:
    """The writer of the data of live figures."""
    return load("tools/live_data.py")


def test_the_library_still_gives_the_data(data: ModuleType):
    for name, write in data.FILES.items():
        assert (data.PORTS / name).read_text(encoding="utf8") == write(), "run tools/live_data.py"


def networks() -> list[tuple[quantum_network.Network, dict]]:
    """The backbone at several lengths and with several swaps, as the library has it and as the ports do."""
    made = []
    for scale, success, werner in ((0.05, 0.5, 0.97), (0.02, 1.0, 1.0), (0.15, 0.3, 0.93)):
        network = quantum_network.nobel_us(scale=scale, swap_success=success, swap_werner=werner)
        links = [[u, v, link.length_km] for (u, v), link in network.links.items()]
        made.append((network, {"links": links, "swap_success": success, "swap_werner": werner}))
    return made


def test_a_link(port: Callable, agree: Callable):
    lengths = np.random.default_rng(1).uniform(1, 600, 1000)
    graph = nx.Graph()
    for k, km in enumerate(lengths):
        graph.add_edge(k, k + 1, length_km=float(km))
    network = quantum_network.Network(graph)
    links = [network.link(k, k + 1) for k in range(1000)]
    theirs = port("communication/quantum_network", "link", [[km] for km in lengths])
    agree([one["rate_hz"] for one in theirs], [link.rate_hz for link in links])
    agree([one["werner"] for one in theirs], [link.werner for link in links])
    capacities = [-np.log1p(-link.transmittance) / np.log(2) for link in links]
    agree([one["capacity"] for one in theirs], capacities)


def test_paths_and_what_they_deliver(port: Callable, agree: Callable):
    asked, ours = [], []
    for network, plain in networks():
        for source, target in [(4, 13), (0, 8), (1, 9), (3, 7)]:
            paths = sorted(map(tuple, nx.all_simple_paths(network.graph, source, target)))
            (theirs,) = port("communication/quantum_network", "all_simple_paths", [[plain, source, target]])
            assert sorted(map(tuple, theirs)) == paths
            asked += [[plain, list(path)] for path in paths]
            ours += [quantum_network.path_quality(network, path) for path in paths]
    theirs = port("communication/quantum_network", "path_quality", asked)
    for name in TOLD:
        agree([one[name] for one in theirs], [getattr(one, name) for one in ours])


@pytest.mark.parametrize("by", ["distance", "fidelity", "bottleneck", "rate", "key_rate"])
def test_routes(port: Callable, by: str):
    for network, plain in networks():
        pairs = list(combinations(range(14), 2))[:: 1 if by in ("distance", "fidelity", "bottleneck") else 9]
        theirs = port("communication/quantum_network", "route", [[plain, *pair, by] for pair in pairs])
        for pair, told in zip(pairs, theirs, strict=True):
            assert tuple(told["path"]) == tuple(quantum_network.route(network, *pair, by=by)), (pair, by)


def test_several_paths_at_once(port: Callable):
    for network, plain in networks():
        pairs = [[plain, *pair] for pair in combinations(range(14), 2)]
        flows = port("communication/quantum_network", "multipath_capacity", pairs)
        ours = [quantum_network.multipath_capacity(network, *pair) for _, *pair in pairs]
        np.testing.assert_allclose(flows, ours, rtol=1e-9)
        numbers = port("communication/quantum_network", "disjoint_paths", pairs)
        assert numbers == [len(quantum_network.disjoint_paths(network, *pair)) for _, *pair in pairs]


def test_the_line_of_a_hospital_and_the_mean_of_lines(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    asked, ours, scores, losses, models = [], [], [], [], []
    for _ in range(1000):
        n, epochs, rate = int(rng.integers(4, 12)), int(rng.integers(1, 6)), float(rng.uniform(0.05, 1))
        X, y, start = rng.normal(size=(n, 2)), np.arange(n) % 2, rng.normal(size=3)
        initial = [start[:2, None], start[2:]]
        model = SoftmaxClassifier(
            "sgd", learning_rate=rate, epochs=epochs, batch_size=None, initial=initial
        ).fit(X, y)
        asked.append([X, y, epochs, rate, start])
        ours.append(np.concatenate([one.ravel() for one in model.parameters_]))
        models.append([X, y, ours[-1]])
        scores.append(model.score(X, y))
        losses.append(log_loss(y, model.predict_proba(X)))
    agree(port("networks/federated", "fit", asked), ours, scale=1)
    agree(port("networks/federated", "score", models), scores)
    agree(port("networks/federated", "log_loss", models), losses)
    updates = [[[rng.normal(size=3), int(rng.integers(1, 90))] for _ in range(5)] for _ in range(1000)]
    means = [FedAvg().aggregate([([model], n) for model, n in some], [np.zeros(3)])[0][0] for some in updates]
    agree(port("networks/federated", "aggregate", [[some] for some in updates]), means, scale=1)


def test_bits_of_key(port: Callable, agree: Callable):
    rng = np.random.default_rng(3)
    for method in ("pads", "shared masks", "stretched", "sealed"):
        asked = [
            [int(n), int(d), int(w), method]
            for n, d, w in zip(*rng.integers(2, 10**6, (3, 1000)), strict=True)
        ]
        budgets = [KeyBudget(*one) for one in asked]
        bits = [budget.per_client for budget in budgets]
        agree(port("networks/secure_aggregation", "per_client", asked), bits)
        agree(
            port("networks/secure_aggregation", "seconds", [[one, 3e5] for one in bits]),
            [budget.seconds(3e5) for budget in budgets],
        )


def test_how_many_must_answer(port: Callable, agree: Callable):
    asked = [[n, c] for n in range(2, 60) for c in range(n - 1)]
    theirs = port("networks/secure_aggregation", "least_threshold", asked)
    agree(theirs, [least_threshold(*one) for one in asked])


def test_the_chance_that_enough_answer(port: Callable, agree: Callable):
    rng = np.random.default_rng(5)
    asked = [
        [int(rng.integers(0, n + 1)), int(n), float(rng.uniform(0.3, 1))] for n in rng.integers(1, 40, 1000)
    ]
    theirs = port("networks/secure_aggregation", "sf", asked)
    agree(theirs, [binom.sf(least - 1, n, p) for least, n, p in asked])


def test_who_judges_has_no_part_in_the_scale(data: ModuleType):
    """The two components are those of the 200 that train, by scikit-learn."""
    X, _ = load_breast_cancer(return_X_y=True)
    X = X[np.random.default_rng(12).permutation(len(X))[:300]]
    scaler = StandardScaler().fit(X[:200])
    theirs = 0.4 * PCA(2, svd_solver="full").fit(scaler.transform(X[:200])).transform(scaler.transform(X))
    written = json.loads(re.search(r"const X = (.+);", data.patients())[1])
    assert np.abs(np.abs(theirs) - np.abs(written)).max() <= 0.0051
