"""Discrimination: the Helstrom bound, reached by its measurement and passed by none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.qubits import density, fidelity, helstrom, ket, probabilities, random_state

seeds, priors = st.integers(0, 2**32 - 1), st.floats(0, 1)


@given(seeds, priors)
def test_pure_states_have_a_closed_form(seed, prior):
    a, b = random_state(2, size=2, rng=seed)
    expected = (1 + np.sqrt(max(0, 1 - 4 * prior * (1 - prior) * fidelity(a, b)))) / 2
    np.testing.assert_allclose(helstrom(a, b, prior), expected, atol=1e-9)


@given(seeds, priors)
def test_no_projective_measurement_does_better_and_one_does_as_well(seed, prior):
    rng = np.random.default_rng(seed)
    a, b = random_state(1, size=2, rng=rng)
    bound = helstrom(a, b, prior)
    best = np.linalg.eigh(prior * density(a) - (1 - prior) * density(b))[1][:, ::-1]
    for basis in [best, *np.linalg.qr(random_state(1, size=(20, 2), rng=rng))[0]]:
        pa, pb = probabilities(a, basis=basis), probabilities(b, basis=basis)
        success = np.maximum(prior * pa, (1 - prior) * pb).sum()  # after each outcome, the better guess
        assert success <= bound + 1e-12
        if basis is best:
            np.testing.assert_allclose(success, bound, atol=1e-12)


def test_extremes():
    assert helstrom(ket("0"), ket("1")) == pytest.approx(1)
    assert helstrom(ket("0"), ket("0"), prior=0.7) == pytest.approx(0.7)
    assert helstrom(ket("0"), ket("+")) == pytest.approx(np.cos(np.pi / 8) ** 2)
    assert helstrom(np.eye(2) / 2, ket("0")) == pytest.approx(3 / 4)


def test_refuses():
    with pytest.raises(ValueError, match="prior must be a probability"):
        helstrom(ket("0"), ket("1"), prior=1.5)
    with pytest.raises(ValueError, match="same number of qubits"):
        helstrom(ket("0"), ket("11"))
    with pytest.raises(TypeError, match="prior must be a number"):
        helstrom(ket("0"), ket("1"), prior="half")
