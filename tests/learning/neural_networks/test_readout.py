"""What is read of a circuit: sums of Pauli strings as the library's expectation has them, and chances of outcomes."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.neural_networks._readout import (
    OutcomeReadout,
    Readout,
    check_readout,
    measured,
    new_readout,
    observable_strings,
    z_signs,
)
from qlearn.qubits import expectation, probabilities, random_state
from qlearn.qubits.observables import as_observables
from qlearn.qubits.paulis import pauli_matrix

words = st.text("IXYZ", min_size=3, max_size=3).filter(lambda word: word != "III")
sums = st.dictionaries(words, st.floats(-2, 2).filter(bool), min_size=1, max_size=4)


@given(st.lists(sums, min_size=1, max_size=3), st.integers(0, 2**32 - 1))
def test_values_are_the_librarys_expectations_and_bras_those_of_the_matrices(observables, seed):
    states, rng = random_state(3, 5, rng=seed), np.random.default_rng(seed)
    readout = Readout(observables)
    z = readout.forward(states)
    for column, terms in zip(z.T, observables, strict=True):
        theirs = sum(weight * expectation(states, word) for word, weight in terms.items())
        assert np.allclose(column, theirs, atol=1e-12)
    dz = rng.normal(size=z.shape)
    matrices = [sum(w * pauli_matrix(word) for word, w in terms.items()) for terms in observables]
    bras = sum(dz[:, [k]] * (states @ matrix.T) for k, matrix in enumerate(matrices))
    assert np.allclose(readout.backward(states, dz), bras, atol=1e-12)


@pytest.mark.parametrize("observables", ["local", "global", ["ZIZ", "IZZ", "ZZZ"], "XYZ", {"XXI": 0.5}])
def test_what_is_measured_is_named(observables):
    strings = observable_strings(observables, 3)
    again = [one if isinstance(one, dict) else {one: 1.0} for one in strings]
    assert again == as_observables(observables, 3)
    assert measured(new_readout("expectations", observables, 3), observables, 3) == strings


def test_signs_are_those_of_z_on_each_wire():
    states = random_state(3, 4, rng=0)
    mean = np.abs(states) ** 2 @ z_signs(3).T
    theirs = [expectation(states, word) for word in ("ZII", "IZI", "IIZ")]
    assert np.allclose(mean, np.transpose(theirs), atol=1e-14)


def test_probabilities_are_those_of_the_outcomes_and_of_what_a_function_puts_together():
    states = random_state(3, 6, rng=1)
    p = probabilities(states)
    assert np.allclose(OutcomeReadout(3).forward(states), p, atol=1e-14)
    by_ones = OutcomeReadout(3, lambda outcome: outcome.bit_count())
    expected = [[row[[j for j in range(8) if j.bit_count() == k]].sum() for k in range(4)] for row in p]
    assert np.allclose(by_ones.forward(states), expected, atol=1e-14)
    assert measured(by_ones, "local", 3) == [0, 1, 2, 3]
    # the first wire is the most significant bit
    first = OutcomeReadout(3, lambda outcome: outcome >> 2)
    assert np.allclose(first.forward(states), probabilities(states, 0), atol=1e-14)


@pytest.mark.parametrize(
    ("observables", "says"),
    [
        ("parity", "observables must be 'local', 'global', a string of 3 letters I, X, Y, Z, a mapping"),
        ("ZZ", "observables must have one letter of I, X, Y, Z for each qubit"),
        (["III"], "observables must measure a wire each.*the same for every state"),
        ({"III": 1.0, "ZII": 0.0}, "observables must measure a wire each"),
        ({"ZZZ": 1j}, "observables must be Hermitian, and the weight of ZZZ is 1j"),
        ([], "observables must be at least one"),
    ],
)
def test_refuses_observables(observables, says):
    with pytest.raises(ValueError, match=says):
        observable_strings(observables, 3)


@pytest.mark.parametrize(
    ("readout", "observables", "says"),
    [
        ("counts", "local", "readout must be 'expectations', 'probabilities' or a function"),
        (3, "local", "readout must be"),
        ("probabilities", "global", "observables must stay 'local' with readout='probabilities'"),
        (len, ["ZZ"], "observables must stay 'local'"),
    ],
)
def test_refuses_readouts(readout, observables, says):
    with pytest.raises(ValueError, match=says):
        check_readout(readout, observables)


@pytest.mark.parametrize("answer", [-1, 0.5, "a", None, (1, 2), 4, 10**12])
def test_refuses_a_function_that_gives_no_class(answer):
    with pytest.raises(
        ValueError, match=r"readout must give a class, a whole number from 0.*readout\(0\) is"
    ):
        OutcomeReadout(2, lambda outcome: answer)


@pytest.mark.parametrize("answer", [0, 1])
def test_refuses_a_function_that_tells_nothing_apart(answer):
    with pytest.raises(ValueError, match=f"readout must tell outcomes apart.*every one the class {answer}"):
        OutcomeReadout(2, lambda outcome: answer)
