"""The CHSH value: closed forms, and a search over settings that never finds more."""

import numpy as np
import pytest

from qlearn.qubits import BELL_NAMES, bell_state, partial_trace, random_state
from qlearn.qubits.entanglement import chsh, werner

TSIRELSON = 2 * np.sqrt(2)


@pytest.mark.parametrize("name", BELL_NAMES)
def test_bell_states_reach_tsirelsons_bound(name):
    assert chsh(bell_state(name)) == pytest.approx(TSIRELSON, abs=1e-12)


def test_a_werner_pair_reaches_its_visibility_of_it():
    visibility = np.linspace(-1 / 3, 1, 9)
    np.testing.assert_allclose(
        chsh(werner((1 + 3 * visibility) / 4)), TSIRELSON * np.abs(visibility), atol=1e-12
    )


def test_a_werner_pair_exceeds_two_exactly_from_one_over_root_two_on():
    border = (1 + 3 / np.sqrt(2)) / 4
    assert chsh(werner(border)) == pytest.approx(2, abs=1e-12)
    assert chsh(werner(border + 1e-6)) > 2
    assert chsh(werner(border - 1e-6)) < 2
    assert chsh(werner(0.5 + 1e-6)) < 2  # entangled, and still explained by agreed answers


def test_a_partly_entangled_pure_pair_always_exceeds_two():
    angle = np.linspace(0, np.pi / 4, 9)
    pairs = np.stack([np.cos(angle), 0 * angle, 0 * angle, np.sin(angle)], axis=-1)
    np.testing.assert_allclose(chsh(pairs), 2 * np.sqrt(1 + np.sin(2 * angle) ** 2), atol=1e-12)


def test_products_stay_at_two():
    a, b = random_state(1, size=(2, 50), rng=1)
    np.testing.assert_allclose(chsh(np.einsum("na,nb->nab", a, b).reshape(50, 4)), 2, atol=1e-12)


def test_refuses_what_is_no_pair():
    with pytest.raises(ValueError, match="state must be of two qubits"):
        chsh(random_state(3, rng=1))
    with pytest.raises(ValueError, match="normalised"):
        chsh(2 * partial_trace(random_state(3, rng=1), [0, 1]))
