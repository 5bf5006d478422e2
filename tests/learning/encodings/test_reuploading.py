"""Re-uploading: fast path = circuit = the network's own circuit = Qiskit = PennyLane."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import Statevector

from qlearn.learning.encodings import Encoding, ReuploadingEncoding, accessible_frequencies
from qlearn.learning.encodings.fourier import fourier_coefficients
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel
from qlearn.qubits import expectation, random_state

ENTANGLEMENTS = ("circular", "linear", "full", "pairwise", "none")


@given(
    st.integers(1, 4),
    st.integers(1, 3),
    st.sampled_from(ENTANGLEMENTS),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
def test_the_fast_path_is_the_circuit(q, layers, entanglement, prelude, seed):
    rng = np.random.default_rng(seed)
    X, scales = rng.uniform(-7, 7, (3, q)), tuple(rng.uniform(-3, 3, layers))
    encoding = ReuploadingEncoding(
        layers, entanglement, scales, bandwidth=0.7, wires=q + 1, wrap=True, prelude=prelude, seed=seed
    )
    np.testing.assert_allclose(encoding.states(X), encoding.circuit(X).run(), atol=1e-12)
    assert encoding.circuit(X).shape == (3,)


def test_many_wires_go_gate_by_gate_to_the_same_states():
    X = np.random.default_rng(0).uniform(-3, 3, (2, 8))
    encoding = ReuploadingEncoding(2)
    np.testing.assert_allclose(encoding.states(X), encoding.circuit(X).run(), atol=1e-12)


@pytest.mark.parametrize("entanglement", ["circular", "linear", "full", "none"])
def test_it_is_the_circuit_that_networks_train(entanglement):
    X = np.random.default_rng(4).uniform(-3, 3, (5, 3))
    encoding = ReuploadingEncoding(3, entanglement, seed=8)
    network = Ansatz(3, 3, entanglement, reupload=True)
    np.testing.assert_allclose(encoding.states(X), network.circuit(encoding.angles(3), X).run(), atol=1e-12)


def test_qiskit_and_pennylane_prepare_the_same_state():
    encoding, x = ReuploadingEncoding(2, scales=(1, 3), seed=3), np.array([0.4, -1.3, 2.9])
    ours, circuit = encoding.states([x])[0], encoding.circuit(x)
    np.testing.assert_allclose(Statevector(circuit.to_qiskit()).data, ours, atol=1e-12)
    np.testing.assert_allclose(circuit.to_pennylane()(), ours, atol=1e-12)


@pytest.mark.parametrize(
    ("layers", "wires", "scales"), [(1, 1, None), (3, 1, None), (1, 3, None), (2, 2, None), (2, 1, (1, 3))]
)
def test_frequencies_end_where_theory_says_and_are_all_there(layers, wires, scales):
    turns = list(scales or (1,) * layers) * wires
    highest = int(accessible_frequencies(turns).frequencies[-1])
    encoding = ReuploadingEncoding(layers, scales=scales, wires=wires, prelude=True, wrap=True)
    target = random_state(wires, rng=1)  # its projector is an observable without any symmetry

    def mean(x):
        return np.abs(encoding.states(x) @ target.conj()) ** 2

    # the function refuses by itself what lies beyond the highest
    assert (abs(fourier_coefficients(mean, highest)) > 1e-6).all()
    with pytest.raises(ValueError, match="frequencies beyond degree"):
        fourier_coefficients(mean, highest - 1)


def test_from_the_equator_the_first_turn_never_adds_zero():
    encoding = ReuploadingEncoding(scales=(1, 3), wrap=True)
    c = fourier_coefficients(lambda x: expectation(encoding.states(x), "Z"), 4)
    assert np.flatnonzero(abs(c) > 1e-6).tolist() == [4 + k for k in (-4, -2, -1, 1, 2, 4)]


def test_without_cnots_wires_are_independent():
    states = ReuploadingEncoding(3, "none").states([[0.3, 1.2]])[0]
    assert np.linalg.svd(states.reshape(2, 2), compute_uv=False)[1] < 1e-12
    coupled = ReuploadingEncoding(3).states([[0.3, 1.2]])[0]
    assert np.linalg.svd(coupled.reshape(2, 2), compute_uv=False)[1] > 1e-3


def test_with_one_layer_the_kernel_forgets_it():
    X = np.random.default_rng(1).uniform(-3, 3, (6, 2))
    gram = FidelityKernel(ReuploadingEncoding(1)).gram(X)
    np.testing.assert_allclose(gram, np.prod(np.cos((X[:, None] - X) / 2) ** 2, axis=-1), atol=1e-12)


def test_it_is_an_encoding_and_the_same_for_every_call():
    assert isinstance(ReuploadingEncoding(), Encoding)
    assert ReuploadingEncoding(scales=[1, 3]) == ReuploadingEncoding(scales=(1, 3))
    assert ReuploadingEncoding(scales=[1, 3]).states([[0.1]]).shape == (1, 2)
    x = [[0.1, 0.2]]
    np.testing.assert_array_equal(ReuploadingEncoding().states(x), ReuploadingEncoding().states(x))
    assert abs(np.vdot(ReuploadingEncoding().states(x), ReuploadingEncoding(seed=1).states(x))) < 0.999


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"layers": 0}, ValueError, "layers must be at least 1"),
        ({"entanglement": "ring"}, ValueError, "entanglement must be one of circular"),
        ({"scales": (1, 2, 3)}, ValueError, "one factor for each of the 2 layers, not 3"),
        ({"scales": (1, np.nan)}, ValueError, "scales must be a finite number"),
        ({"bandwidth": 0}, ValueError, "every row gives the same state"),
        ({"wires": 0}, ValueError, "wires must be at least 1"),
        ({"seed": -1}, ValueError, "seed must be at least 0"),
        ({"seed": None}, TypeError, "seed must be a whole number"),
    ],
)
def test_refuses_parameters(arguments, error, says):
    with pytest.raises(error, match=says):
        ReuploadingEncoding(**arguments)


@pytest.mark.parametrize(
    ("X", "says"),
    [
        ([[4.0]], "out of range for the encoding"),
        ([[0.1] * 3], "more than the qubits can hold: wires=2"),
        ([[np.nan]], "NaN or infinity"),
        ([0.1], "a row for each sample"),
    ],
)
def test_refuses_rows(X, says):
    with pytest.raises(ValueError, match=says):
        ReuploadingEncoding(wires=2).states(X)


def highest(encoding, *observables):
    """Return the highest frequency of these mean values in the one feature."""
    c = [fourier_coefficients(lambda x, o=o: expectation(encoding.states(x), o), 12) for o in observables]
    return int(np.flatnonzero(np.abs(c).max(axis=0)[12:] > 1e-10)[-1])


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_feature_that_turns_two_wires_has_twice_the_frequencies(layers):
    one = ReuploadingEncoding(layers, prelude=True, wrap=True)
    assert highest(one, "Z") == layers
    two = ReuploadingEncoding(layers, wires=2, prelude=True, wrap=True)
    assert highest(two, "ZI", "IZ") == 2 * layers
    apart = ReuploadingEncoding(layers, "none", wires=2, prelude=True, wrap=True)
    assert (highest(apart, "ZI", "IZ"), highest(apart, "ZZ")) == (layers, 2 * layers)


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_cnots_and_read_out_decide_together_how_high_frequencies_reach(layers):
    # The last two CNOTs turn Z x Z into Z on one wire: the last upload of the other one goes unseen.
    two = ReuploadingEncoding(layers, wires=2, prelude=True, wrap=True)
    assert highest(two, "ZZ") == 2 * layers - 1
