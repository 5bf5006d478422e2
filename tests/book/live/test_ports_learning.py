"""The ports of kernels, slopes and cuts, against the library and scikit-learn."""

from collections.abc import Callable

import networkx as nx
import numpy as np
from sklearn.kernel_ridge import KernelRidge
from sklearn.metrics.pairwise import rbf_kernel

from qlearn.learning import FidelityKernel
from qlearn.learning.encodings import ZZFeatureMap, accessible_frequencies, fourier_series
from qlearn.learning.neural_networks.parameter_shift_rule import shift_rule
from qlearn.learning.optimisation import QAOASimulator, cut_values, qaoa_energy
from qlearn.qubits import Circuit, expectation
from qlearn.qubits.gates import ANGLED


def parts(state: np.ndarray) -> np.ndarray:
    """A state as the ports keep it: real parts, and imaginary parts."""
    return np.stack([state.real, state.imag], axis=-2)


def test_circuits_of_a_few_wires(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    asked, states, means, observables = [], [], [], []
    for _ in range(1000):
        circuit, steps = Circuit(3), []
        for name in rng.choice(
            ["h", "x", "s", "t", "rx", "ry", "rz", "cx", "cz", "crx", "cry", "crz", "ccx"], 6
        ):
            wires = rng.permutation(3)[: 3 if name == "ccx" else 1 + (name[0] == "c")].tolist()
            angles = [float(rng.uniform(-7, 7))] if name in ANGLED else []
            circuit = getattr(circuit, name)(*angles, *wires)
            steps.append([str(name), wires, *angles])
        observables.append("".join(rng.choice(list("IXYZ"), 3)))
        asked.append([3, steps])
        states.append(circuit.run())
        means.append(float(expectation(states[-1], observables[-1])))
    agree(port("qubits/circuit", "run", asked), parts(np.array(states)), scale=1)
    sent = [[parts(state), observable] for state, observable in zip(states, observables, strict=True)]
    agree(port("qubits/circuit", "expectation", sent), means, scale=1)


def test_feature_maps_and_their_kernels(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    maps = [
        {"reps": reps, "entanglement": pairs, "bandwidth": bandwidth}
        for reps, pairs, bandwidth in [(1, "none", 1.0), (2, "none", 0.4), (2, "full", 1.0), (3, "full", 0.3)]
    ]
    for given in maps:
        X, Y = rng.uniform(0, 2 * np.pi, (2, 1000, 3))
        encoded = ZZFeatureMap(**given).states(X)
        agree(port("learning/encodings", "states", [[x, given] for x in X]), parts(encoded), scale=1)
        kernel = FidelityKernel("zz", **given)
        tables = [kernel.gram(x[None], y[None]) for x, y in zip(X, Y, strict=True)]
        agree(
            port("learning/qsvm", "gram", [[[x], [y], given] for x, y in zip(X, Y, strict=True)]),
            tables,
            scale=1,
        )
        other = parts(ZZFeatureMap(**given).states(Y))
        pairs = [[a, b] for a, b in zip(parts(encoded), other, strict=True)]
        agree(port("learning/qsvm", "overlap", pairs), np.ravel(tables), scale=1)
    gammas = rng.uniform(0, 3, 1000)
    theirs = port("learning/qsvm", "rbf_kernel", [[x, y, g] for x, y, g in zip(X, Y, gammas, strict=True)])
    agree(theirs, [rbf_kernel(x[None], y[None], gamma=g)[0, 0] for x, y, g in zip(X, Y, gammas, strict=True)])


def test_weights_by_least_squares(port: Callable, agree: Callable):
    rng = np.random.default_rng(3)
    asked, ours = [], []
    for alpha in rng.uniform(0.05, 2, 1000):
        X, y = rng.uniform(0, 2 * np.pi, (6, 2)), rng.choice([-1.0, 1.0], 6)
        table = FidelityKernel().gram(X)
        asked.append([table, y, alpha])
        ours.append(KernelRidge(alpha=alpha, kernel="precomputed").fit(table, y).dual_coef_)
    agree(port("learning/qsvm", "dual_coef", asked), ours, scale=1)


def test_rules_of_slopes(port: Callable):
    rules = port("learning/neural_networks", "shift_rule", [[gate] for gate in sorted(ANGLED)])
    for gate, rule in zip(sorted(ANGLED), rules, strict=True):
        np.testing.assert_allclose(rule, shift_rule(gate), rtol=1e-9)


def test_cuts_and_their_chances(port: Callable, agree: Callable):
    rng = np.random.default_rng(4)
    for graph in (nx.petersen_graph(), nx.cycle_graph(6), nx.complete_bipartite_graph(2, 5)):
        n, edges = len(graph), [list(edge) for edge in graph.edges]
        values = cut_values(graph)
        (theirs,) = port("learning/optimisation", "cut_values", [[n, edges]])
        np.testing.assert_array_equal(theirs, values)
        layers = [1, 2, 3]
        angles = [rng.uniform(-np.pi, np.pi, (2, layers[k % 3])) for k in range(1000)]
        asked = [[values, *pair] for pair in angles]
        agree(
            port("learning/optimisation", "qaoa_energy", asked),
            [qaoa_energy(graph, *pair) for pair in angles],
        )
        # The last beta alone makes waves of frequency 4, whatever came before.
        simulator = QAOASimulator.of(graph)
        before = [parts(simulator.state(*pair[:, :-1])) if pair.shape[1] > 1 else None for pair in angles]
        begun = [[values, state, pair[0, -1]] for pair, state in zip(angles, before, strict=True)]
        waves = np.array(port("learning/optimisation", "waves", begun))
        four = 4 * np.array([pair[1, -1] for pair in angles])
        sums = (waves * np.stack([np.ones(1000), np.cos(four), np.sin(four)], axis=1)).sum(axis=1)
        agree(sums, [qaoa_energy(graph, *pair) for pair in angles])
        states = [simulator.state(*pair) for pair in angles[:40]]
        theirs = np.array(port("learning/optimisation", "state", asked[:40]))
        overlaps = np.abs(np.einsum("kx,kx->k", theirs[:, 0] - 1j * theirs[:, 1], states))
        np.testing.assert_allclose(overlaps, 1, rtol=1e-9)
        shares = port("learning/optimisation", "histogram", [[values, state] for state in theirs])
        expected = [np.bincount(values.astype(int), np.abs(state) ** 2) for state in states]
        np.testing.assert_allclose(shares, expected, rtol=1e-9, atol=1e-12)


def test_uploads_and_the_fits_of_their_waves(port: Callable, agree: Callable):
    rng = np.random.default_rng(5)
    scales = rng.integers(1, 10, (1000, 3))
    asked = [row[: 1 + k % 3].tolist() for k, row in enumerate(scales)]
    theirs = port("learning/encodings", "accessible_frequencies", [[one] for one in asked])
    for one, found in zip(asked, theirs, strict=True):
        spectrum = accessible_frequencies(one)
        np.testing.assert_array_equal(found["frequencies"], spectrum.frequencies)
        np.testing.assert_array_equal(found["paths"], spectrum.paths)
    sent, ours, series, values = [], [], [], []
    for found in theirs:
        n, begin = int(rng.integers(4, 60)), rng.uniform(-4, 0)
        x, y = begin + 2 * np.pi * np.arange(n) / n, rng.normal(size=n)
        top = found["frequencies"][-1]
        both = np.array(sorted({k for one in found["frequencies"] for k in (one, -one)}))
        shortest = np.linalg.lstsq(np.exp(1j * np.outer(x, both)), y, rcond=1e-9)[0]
        dense = np.zeros(2 * top + 1, dtype=complex)
        dense[both + top] = shortest
        sent.append([x, y, found["frequencies"]])
        ours.append(np.pad(dense, 27 - top))  # (rows of one length, to compare)
        at = rng.uniform(-4, 4)
        series.append([dense, at])
        values.append(fourier_series(dense, [[at]])[0].real)
    fits = port("learning/encodings", "fit", sent)
    padded = [np.pad(np.array(one), ((27 - len(one) // 2,) * 2, (0, 0))) for one in fits]
    agree(padded, ours, scale=1)
    agree(port("learning/encodings", "fourier_series", series), values, scale=1)
