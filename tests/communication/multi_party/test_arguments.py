"""Arguments of the protocols: who takes part, and what a source sends."""

import numpy as np
import pytest

from qlearn.communication.multi_party._arguments import as_parties, as_party, draw_states
from qlearn.evidence import counts_agree
from qlearn.qubits.entanglement import ghz


def test_three_to_ten_take_part():
    assert [as_parties(n) for n in (3, np.int64(10))] == [3, 10]
    assert as_party(2, 3, "voter") == 2


def test_a_mixed_state_is_drawn_as_its_eigenvectors():
    """0.7 of 000 and 0.3 of 111, without coherence: each round is one of the two."""
    n, rho = 20_000, np.diag([0.7, 0, 0, 0, 0, 0, 0, 0.3])
    states = draw_states(rho, 3, (n // 2, 2), np.random.default_rng(1))
    assert states.shape == (n // 2, 2, 8)
    weights = np.abs(states) ** 2
    np.testing.assert_allclose(weights[..., 0] + weights[..., 7], 1)
    assert counts_agree(((weights[..., 7] > 0.5).mean(), 0.3, n))


def test_a_pure_source_sends_its_state_in_all_rounds():
    np.testing.assert_array_equal(draw_states(None, 3, (5,), np.random.default_rng()), ghz(3))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: as_parties(2), "at least 3, not 2: of two, each knows"),
        (lambda: as_parties(11), "the state doubles with each"),
        (lambda: as_party(-1, 3, "voter"), "voter must be at least 0"),
        (lambda: as_party(3, 3, "voter"), "one of the parties 0 to 2, not 3"),
        (lambda: draw_states(ghz(3) * 2, 3, (1,), np.random.default_rng()), "normalised"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
