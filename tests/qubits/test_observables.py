"""Observables: one form for all ways to say them, and settings that read every string that they list."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.qubits import expectation, probabilities, random_state
from qlearn.qubits.observables import as_observables, measurement_settings, outcome_signs


def test_one_form_for_all_ways_to_say_them():
    assert as_observables("XY", 2) == [{"XY": 1.0}]
    assert as_observables({"XX": 1, "II": np.float64(2)}, 2) == [{"XX": 1.0, "II": 2.0}]
    assert as_observables(["Z", {"X": -0.5}], 1) == [{"Z": 1.0}, {"X": -0.5}]
    assert as_observables(np.array(["ZI", "IX"]), 2) == [{"ZI": 1.0}, {"IX": 1.0}]
    assert as_observables("local", 3) == [{"ZII": 1.0}, {"IZI": 1.0}, {"IIZ": 1.0}]
    assert as_observables("global", 2) == [{"ZZ": 1.0}]
    # a weight without imaginary part is real, as another library writes it
    assert as_observables({"Z": 2 + 0j, "X": np.complex64(1)}, 1) == [{"Z": 2.0, "X": 1.0}]


@pytest.mark.parametrize(
    ("observables", "error", "says"),
    [
        ({"ZI": 1j}, ValueError, "must be Hermitian, and the weight of ZI is 1j"),
        ({"ZI": np.complex128(1 + 2j)}, ValueError, "must be Hermitian"),
        ({"ZI": "1"}, TypeError, "the weight of ZI must be a number, not str"),
        ({"ZI": np.nan}, ValueError, "the weight of ZI must be a finite number"),
        ({}, ValueError, "at least one product of Pauli operators"),
        ([], ValueError, "at least one, such as 'ZZ'"),
        (["ZI", {}], ValueError, "at least one product"),
        ("Z", ValueError, "one letter of I, X, Y, Z for each qubit, such as IX, not 'Z'"),
        (["ZI", "QI"], ValueError, "one letter of I, X, Y, Z"),
        ({3: 1.0}, ValueError, "one letter of I, X, Y, Z"),
        (
            np.array("ZI"),
            TypeError,
            "observables must be a Pauli string such as 'ZZ', a mapping .* not ndarray",
        ),
        (7, TypeError, "observables must be a Pauli string such as 'ZZ', a mapping .* not int"),
        (np.eye(4), ValueError, "one letter of I, X, Y, Z"),
    ],
)
def test_refuses(observables, error, says):
    with pytest.raises(error, match=says):
        as_observables(observables, 2)


words = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.text("IXYZ", min_size=n, max_size=n), min_size=1, max_size=12)
)


@given(words, st.integers(0, 2**32 - 1))
def test_every_string_is_read_once_and_its_mean_is_that_of_its_setting(words, seed):
    settings = measurement_settings(words)
    assert sorted(w for members in settings.values() for w in members) == sorted(
        {w for w in words if set(w) != {"I"}}
    )
    state = random_state(len(words[0]), rng=seed)
    for basis, members in settings.items():
        p = probabilities(state, basis=basis.replace("I", "Z"))
        means = outcome_signs(members) @ p
        np.testing.assert_allclose(means, [expectation(state, w) for w in members], atol=1e-12)


def test_arrows_of_all_wires_take_three_settings():
    n = 7
    words = ["I" * w + letter + "I" * (n - 1 - w) for w in range(n) for letter in "XYZ"]
    assert set(measurement_settings(words)) == {"X" * n, "Y" * n, "Z" * n}


def test_all_strings_of_two_wires_take_nine_settings():
    words = ["".join(letters) for letters in product("IXYZ", repeat=2)]
    assert len(measurement_settings(words)) == 9
