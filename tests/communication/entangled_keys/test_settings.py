"""Settings: the published angles, what they match, and what is no test."""

import numpy as np
import pytest

from qlearn.communication.entangled_keys import ACIN, BBM92, EKERT, PairSource, Settings
from qlearn.qubits import bell_state
from qlearn.qubits.entanglement import chsh


def test_published_angles_match_where_they_should():
    assert BBM92.matching == ((0, 0), (1, 1))
    assert EKERT.matching == ((1, 0), (2, 1))
    assert ACIN.matching == ((0, 0),)
    assert len(EKERT.matching) / 9 == pytest.approx(2 / 9)


@pytest.mark.parametrize("settings", [EKERT, ACIN])
def test_published_angles_are_the_best_for_a_perfect_pair(settings):
    p = PairSource(bell_state("phi+")).probabilities(settings.alice, settings.bob)[0]
    answer = np.array([1, -1])
    correlations = np.einsum("xyst,s,t->xy", p, answer, answer)[np.ix_(*settings.test)]
    value = (np.array(settings.signs) * correlations).sum()
    assert value == pytest.approx(2 * np.sqrt(2), abs=1e-12)
    assert value == pytest.approx(float(chsh(bell_state("phi+"))), abs=1e-12)


def test_angles_match_modulo_a_full_turn():
    assert Settings((np.pi,), (-np.pi, 0)).matching == ((0, 0),)


def test_settings_are_values():
    assert Settings((0, np.pi / 2), (0, np.pi / 2)) == BBM92
    assert hash(EKERT) != hash(ACIN)
    with pytest.raises(AttributeError):
        EKERT.test = None


@pytest.mark.parametrize(
    ("keywords", "says"),
    [
        ({"alice": ()}, "alice must be angles in one axis, at least one"),
        ({"bob": (0, np.nan)}, "bob must be finite angles in radians"),
        ({"bob": "ZX"}, "bob must be radians"),
        ({"test": ((0, 2), (0, 1))}, "test must name two of alice's 2 settings"),
        ({"test": ((0, 1), (1, 1))}, "test must name two of bob's 2 settings"),
        ({"test": ((0, 1),)}, "test and signs must be two pairs each"),
        ({"test": ((0, 1), (0, 1)), "signs": ((1, 1), (1, 1))}, "shared answers reach the largest value"),
        ({"test": ((0, 1), (0, 1)), "signs": ((1, 1), (1, -2))}, "signs must be"),
    ],
)
def test_refuses(keywords, says):
    with pytest.raises((TypeError, ValueError), match=says):
        Settings(**{"alice": (0, 1), "bob": (0, 1), **keywords})
