"""Where the pulses of a session with decoys go."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    same=partial(close, abs=1e-14),  # shares of a millionth, too
    right="most of them never arrive, whatever is sent. What the choice of settings decides is the small rest.",
    because=r"""
        A pulse of mean photon number $\mu$ clicks with $1 - e^{-\eta\mu}$. Of the clicks $(1-p_x)^2$ are key, of whatever
        intensity (the decoys' clicks are key too), $p_x^2$ test, $2p_x(1-p_x)$ are asked in another basis. With loss of
        20 dB the first entry is above 0.99, and no choice of states or decoys moves it much.
    """,
)
def wasted_decoys(mu, shares, p_x, eta):
    """Alice sends intensities `mu` (mean photon numbers, an array) with the probabilities `shares`; she and Bob choose X
    with `p_x` each, else Z. A photon is detected with probability `eta`, and nothing clicks in the dark. The clicks of
    *all* intensities in Z are key bits, those in X are test. Return an array of four shares of all pulses: lost, asked
    in another basis, test, key bits (in this order). Given: `np`.
    """
    clicks = np.sum(shares * (1 - np.exp(-eta * mu)))
    return np.array([1 - clicks, clicks * 2 * p_x * (1 - p_x), clicks * p_x**2, clicks * (1 - p_x) ** 2])


@wasted_decoys.cases
def sources(rng):
    """Two and three intensities, all biases, near and far, a line that loses nothing, X alone."""
    for eta in (1.0, 0.1, 0.01, float(rng.uniform(0, 1))):
        for count in (2, 3):
            mu = np.sort(rng.uniform(0, 0.9, size=count))[::-1]
            yield mu, rng.dirichlet(np.ones(count)), float(rng.uniform(0.02, 0.8)), eta
    yield np.array([0.5, 0.1, 0.0]), np.array([0.8, 0.1, 0.1]), 1.0, 0.2
    yield np.array([4.0, 1.0]), np.array([0.5, 0.5]), 0.3, 1.0


@wasted_decoys.mistake(
    "you keep the signal alone. The decoys' clicks in Z are key bits as well: say how many photons, later."
)
def signal_alone(mu, shares, p_x, eta):
    clicks = shares[0] * (1 - np.exp(-eta * mu[0]))
    return np.array([1 - clicks, clicks * 2 * p_x * (1 - p_x), clicks * p_x**2, clicks * (1 - p_x) ** 2])


@wasted_decoys.mistake(
    "the mean number of detected photons is not the chance of a click: several make one click."
)
def mean_photons(mu, shares, p_x, eta):
    clicks = np.sum(shares * eta * mu)
    return np.array([1 - clicks, clicks * 2 * p_x * (1 - p_x), clicks * p_x**2, clicks * (1 - p_x) ** 2])


@wasted_decoys.mistake(
    "a pulse of the mean intensity clicks more often than the pulses do on average: average the clicks."
)
def mean_intensity(mu, shares, p_x, eta):
    clicks = 1 - np.exp(-eta * np.sum(shares * mu))
    return np.array([1 - clicks, clicks * 2 * p_x * (1 - p_x), clicks * p_x**2, clicks * (1 - p_x) ** 2])


@wasted_decoys.mistake("bases differ in two ways, Z and X or X and Z: 2 p (1 - p).")
def one_way_to_differ(mu, shares, p_x, eta):
    clicks = np.sum(shares * (1 - np.exp(-eta * mu)))
    return np.array([1 - clicks, clicks * p_x * (1 - p_x), clicks * p_x**2, clicks * (1 - p_x) ** 2])


@wasted_decoys.mistake("shares of the clicks: all pulses are the whole, and the four shares sum to 1.")
def of_the_clicks(mu, shares, p_x, eta):
    clicks = np.sum(shares * (1 - np.exp(-eta * mu)))
    return np.array([1 - clicks, 2 * p_x * (1 - p_x), p_x**2, (1 - p_x) ** 2])


@wasted_decoys.mistake("test and key are exchanged: X tests.")
def exchanged(mu, shares, p_x, eta):
    clicks = np.sum(shares * (1 - np.exp(-eta * mu)))
    return np.array([1 - clicks, clicks * 2 * p_x * (1 - p_x), clicks * (1 - p_x) ** 2, clicks * p_x**2])


@wasted_decoys.mistake("both have to choose X, and both Z: the chances are squared.")
def one_chooses(mu, shares, p_x, eta):
    clicks = np.sum(shares * (1 - np.exp(-eta * mu)))
    return np.array([1 - clicks, 0 * clicks, clicks * p_x, clicks * (1 - p_x)])
