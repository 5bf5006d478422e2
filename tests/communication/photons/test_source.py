"""The source: Poisson's law, and intensities that the bounds can use."""

import numpy as np
import pytest
from scipy import stats

from qlearn.communication.photons import Source, photon_probabilities


def test_is_the_law_of_poisson():
    mu = np.array([0.0, 0.1, 0.48, 3.0])
    np.testing.assert_allclose(
        photon_probabilities(mu, 12), stats.poisson.pmf(np.arange(13), mu[:, None]), atol=1e-15
    )
    np.testing.assert_allclose(photon_probabilities(mu, 60).sum(axis=-1), 1, rtol=1e-12)


def test_no_light_no_photons():
    assert photon_probabilities(0, 2).tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (((0.1, 0.5, 0.0),), ValueError, "signal > weak"),
        (((0.5, 0.3, 0.2),), ValueError, "signal > weak"),
        (((0.5, 0.1, 0.1),), ValueError, "weak > vacuum"),
        (((0.5, -0.1, 0.0),), ValueError, "an intensity must be"),
        (((0.5, 0.1),), ValueError, "three each"),
        (((0.5, 0.1, 0.0), (0.5, 0.5, 0.5)), ValueError, "sum to 1"),
        (((0.5, 0.1, 0.0), (0.5, 0.5, 0.0)), ValueError, "above 0"),
        (((0.5, 0.1, 0.0), (0.8, 0.1, 0.1), 2), ValueError, "p_x must be a probability"),
        (((0.5,), (1.0,)), ValueError, "or two"),
        (((0.5, 0.1), (0.8, 0.1, 0.1)), ValueError, "or two"),
        (((0.5, 0.0), (0.8, 0.2)), ValueError, "weak > vacuum"),
        (((0.1, 0.5), (0.8, 0.2)), ValueError, "signal > weak"),
        ((("0.5", 0.1, 0.0),), TypeError, "an intensity must be a number"),
    ],
)
def test_refuses_sources(arguments, error, says):
    with pytest.raises(error, match=says):
        Source(*arguments)


@pytest.mark.parametrize(("mu", "most"), [(-0.1, 3), (np.nan, 3), (0.5, -1)])
def test_refuses(mu, most):
    with pytest.raises(ValueError, match=r"mu must be mean|most must be at least"):
        photon_probabilities(mu, most)
