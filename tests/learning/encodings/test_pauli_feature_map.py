"""The Pauli feature map: Qiskit's states for the same arguments, its circuit, and what does not fit."""

from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from qiskit.circuit.library import pauli_feature_map
from qiskit.quantum_info import Statevector

from qlearn.learning import QNNClassifier, ZZFeatureMap
from qlearn.learning.encodings import PauliFeatureMap
from qlearn.learning.qsvm import QSVC, FidelityKernel

POINTS = np.random.default_rng(20).uniform(-np.pi, np.pi, (20, 4))


def product_of(x):
    """A data map that Qiskit takes as it is: it multiplies its parameters, we multiply arrays."""
    return 0.5 * x[0] if len(x) == 1 else reduce(lambda a, b: a * b, x)


def turning(layer):
    """Blocks that change with the repetition."""
    return {1: [(0,), (3,)], 2: [(layer, layer + 1), (3, 0)]}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"paulis": ["Z", "ZZ"], "entanglement": "sca", "reps": 3},
        {"paulis": ["Z", "ZZ", "XY"]},
        {"paulis": ["XY", "Z", "YX"], "reps": 1, "entanglement": "linear"},
        {"paulis": ["Y", "ZX", "ZZZ"], "entanglement": "circular", "alpha": 0.7},
        {"paulis": ["ZIX", "YI", "X"], "entanglement": "full"},
        {"paulis": ["ZXY", "IZ"], "entanglement": "sca", "reps": 3},
        {"paulis": ["ZZZZ", "XXYY"], "reps": 3},
        {"paulis": ["X", "YY"], "entanglement": "pairwise", "data_map": product_of},
        {
            "paulis": ["Z", "ZY", "XXX"],
            "entanglement": "reverse_linear",
            "alpha": -1.5,
            "data_map": product_of,
        },
        {"paulis": ["Z", "XZ", "ZZZ"], "entanglement": {1: [(2,)], 2: [(3, 1), (0, 2)], 3: [(2, 0, 1)]}},
        {"paulis": ["Z", "XZ"], "entanglement": turning},
        {"paulis": ["Y", "ZZ"], "entanglement": lambda layer: ("linear", "full")[layer]},
    ],
    ids=str,
)
def test_qiskit_prepares_the_same_states(options):
    named = {"data_map_func" if name == "data_map" else name: value for name, value in options.items()}
    library = pauli_feature_map(4, **named)
    order = sorted(library.parameters, key=lambda p: p.index)
    encoding = PauliFeatureMap(**options)
    ours, theirs = encoding.states(POINTS), []
    used = sorted({p.index for p in order})
    for x in POINTS:
        circuit = library.assign_parameters(dict(zip(order, x[used], strict=True)))
        theirs.append(Statevector(circuit.reverse_bits()).data)
    phases = np.exp(-1j * np.angle((np.conj(theirs) * ours).sum(axis=1)))
    np.testing.assert_allclose(phases[:, None] * ours, theirs, atol=1e-11)
    np.testing.assert_allclose(encoding.circuit(POINTS).run(), ours, atol=1e-11)


strings = st.lists(
    st.text("IXYZ", min_size=1, max_size=3).filter(lambda s: set(s) != {"I"}), min_size=1, max_size=4
)
patterns = st.sampled_from(["full", "linear", "circular", "reverse_linear", "sca", "none"])


@settings(max_examples=60)
@given(strings, patterns, st.integers(3, 5), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_the_fast_path_is_the_circuit(paulis, entanglement, q, reps, seed):
    paulis = [*paulis, "Y"] if entanglement == "none" else paulis
    X = np.random.default_rng(seed).uniform(-4, 4, (3, q))
    encoding = PauliFeatureMap(paulis, reps, entanglement, bandwidth=0.4)
    states = encoding.states(X)
    np.testing.assert_allclose(states, encoding.circuit(X).run(), atol=1e-11)
    np.testing.assert_allclose(np.linalg.norm(states, axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(
        states, PauliFeatureMap(paulis, reps, entanglement).states(0.4 * X), atol=1e-11
    )


@pytest.mark.parametrize("entanglement", ["full", "circular", "none", [(0, 2), (3, 1)]])
def test_with_z_and_zz_it_is_the_zz_feature_map(entanglement):
    paulis = ("Z",) if entanglement == "none" else ("Z", "ZZ")
    ours = PauliFeatureMap(paulis, 3, entanglement).states(POINTS)
    np.testing.assert_allclose(ours, ZZFeatureMap(3, entanglement).states(POINTS), atol=1e-12)


def test_a_turn_by_hand():
    # "ZY" is Y on wire 0 and Z on wire 1: exp(-i t Y (x) Z / 2) on the even state, up to the phase exp(i t / 2)
    x = np.array([0.3, 1.1])
    t = 0.5 * (np.pi - x[0]) * (np.pi - x[1])
    yz = np.kron([[0, -1j], [1j, 0]], np.diag([1, -1]))
    by_hand = np.exp(0.5j * t) * (np.cos(t / 2) * np.eye(4) - 1j * np.sin(t / 2) * yz) @ np.full(4, 0.5)
    np.testing.assert_allclose(PauliFeatureMap(["ZY"], 1, alpha=0.5).states([x])[0], by_hand, atol=1e-14)


def test_many_rows_are_cut_in_blocks_without_a_seam():
    X = np.random.default_rng(1).uniform(0, 1, (40, 12))  # 2**17 / 2**12 = 32 rows a block
    encoding = PauliFeatureMap(("Z", "XX"), 2, "linear")
    np.testing.assert_allclose(encoding.states(X)[[31, 32, 39]], encoding.states(X[[31, 32, 39]]), atol=1e-13)


def test_kernels_and_networks_take_it_and_reach_its_parameters():
    X, y = POINTS[:, :2], (POINTS[:, 0] > 0).astype(int)
    encoding = PauliFeatureMap(["Z", "XY"], bandwidth=0.3)
    kernel = FidelityKernel(encoding)
    assert np.linalg.eigvalsh(kernel.gram(X)).min() > -1e-12
    hash(kernel)
    machine = QSVC(encoding).set_params(encoding__bandwidth=0.1, encoding__paulis=["Z", "YY"]).fit(X, y)
    assert machine.get_params()["encoding__paulis"] == ("Z", "YY")
    network = QNNClassifier(encoding=encoding, epochs=1, random_state=0).fit(X, y)
    assert network.ansatz_.n_qubits == 2


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"paulis": "ZZ"}, ValueError, r"a list of Pauli strings such as \['Z', 'ZZ'\], not 'ZZ'"),
        ({"paulis": []}, ValueError, "a list of Pauli strings"),
        ({"paulis": ["Z", "ZA"]}, ValueError, "letters I, X, Y and Z, not 'ZA'"),
        ({"paulis": ["Z", 3]}, ValueError, "letters I, X, Y and Z, not 3"),
        ({"paulis": ["II"]}, ValueError, "'II' is a phase of the whole state: leave it out"),
        ({"reps": 0}, ValueError, "reps must be at least 1"),
        ({"entanglement": "star"}, ValueError, "entanglement must be one of"),
        ({"entanglement": 3}, ValueError, "or a function of the repetition, not 3"),
        ({"entanglement": [0, 1]}, ValueError, "blocks of wires such as"),
        ({"entanglement": {2: [(0, 1, 2)]}}, ValueError, "blocks of 2 wires under 2"),
        ({"entanglement": {2: []}}, ValueError, "left out of paulis"),
        ({"alpha": 0}, ValueError, "alpha must not be 0"),
        ({"data_map": 2}, TypeError, "data_map must be a function"),
        ({"bandwidth": 0}, ValueError, "bandwidth must be above 0"),
    ],
)
def test_refuses_parameters(arguments, error, says):
    with pytest.raises(error, match=says):
        PauliFeatureMap(**arguments)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (
            {"paulis": ["XYZXY"]},
            ValueError,
            "paulis must have at most 4 letters for as many features, not 'XYZXY'",
        ),
        ({"paulis": ["ZZZ"], "entanglement": "pairwise"}, ValueError, "not blocks of 3: take 'linear'"),
        (
            {"paulis": ["ZZZ"], "entanglement": [(0, 1)]},
            ValueError,
            "a block of 3 wires for 'ZZZ', and has none",
        ),
        ({"paulis": ["ZZ", "XYX"], "entanglement": "none"}, ValueError, "leaves ZZ, XYX no wires to act on"),
        ({"entanglement": [(0, 4)]}, ValueError, "entanglement must lie in 0 to 3"),
        ({"entanglement": [(1, 1)]}, ValueError, "entanglement must be different wires"),
        ({"entanglement": lambda layer: layer}, ValueError, "or a function of the repetition, not 0"),
        ({"data_map": np.prod}, ValueError, r"say np.prod\(x, axis=0\)"),
        ({"bandwidth": 1e300}, ValueError, "too large for an angle"),
    ],
)
def test_refuses_rows_that_do_not_fit(arguments, error, says):
    encoding = PauliFeatureMap(**arguments)
    for make in (encoding.states, encoding.circuit):
        with pytest.raises(error, match=says):
            make(POINTS)


@pytest.mark.parametrize(
    "encoding",
    [
        PauliFeatureMap(),
        PauliFeatureMap(["ZZ", "Y", "XIZ"], alpha=0.7, entanglement="circular"),
        PauliFeatureMap(["Z", "XX"], entanglement=lambda layer: [(layer, 2)], reps=2),
    ],
)
def test_the_template_with_its_columns_is_the_circuit(encoding):
    rows = np.random.default_rng(2).uniform(-2, 2, (4, 3))
    whole = encoding.template(3).bind({"x": encoding.columns(rows)})
    np.testing.assert_allclose(whole.run(), encoding.states(rows), atol=1e-12)
