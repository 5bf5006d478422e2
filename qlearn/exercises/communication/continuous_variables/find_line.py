"""Transmittance and excess noise from what Alice and Bob have compared."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    same=partial(close, rel=0, abs=2e-3),  # n - 1 or n - 2 for n is no mistake
    right="A slope and a scatter: that is all that Alice and Bob ever learn of their line.",
    because=r"""
        The slope of the line through the points is $\sqrt{\eta T}$. What scatters about it has the variance $1 +
        v_\text{el} + \eta T \xi$: the vacuum and the electronics are known, the rest is $\xi$, dimmed by $\eta T$
        on its way. Of a quiet line and few pulses the estimate may come out below 0: by luck they scatter less than
        vacuum. So it stays, or the average over many lines would be too large.
    """,
)
def find_line(x, y, efficiency, electronic_noise):
    """Return transmittance and excess noise at the input, as a tuple, from Alice's values `x` and Bob's
    (homodyne) `y`. Given: `np`.
    """
    slope = (x @ y) / (x @ x)
    noise = np.mean((y - slope * x) ** 2)
    return slope**2 / efficiency, (noise - 1 - electronic_noise) / slope**2


@find_line.cases
def records(rng):
    """Other lines, detectors and modulations; by luck one scatters less than vacuum would, and one loses less than nothing."""
    for quiet, lossless in ((False, False), (False, True), (True, False), (False, False)):
        transmittance, efficiency = rng.uniform(0.5, 0.95, 2)
        transmittance = rng.uniform(1.002, 1.01) if lossless else transmittance
        modulation, excess, electronic = rng.uniform((1.0, 0.1, 0.05), (12.0, 0.5, 0.3))
        gain = transmittance * efficiency
        scatter = 0.98 + electronic if quiet else 1 + electronic + gain * excess
        # Of mean 0 and of just this scatter: so a fit with an intercept finds the same line.
        x, noise = rng.normal(size=(2, int(rng.integers(9_000, 12_000))))
        x, noise = x - x.mean(), noise - noise.mean()
        noise -= (noise @ x) / (x @ x) * x
        x, noise = np.sqrt(modulation) * x, np.sqrt(scatter / np.mean(noise**2)) * noise
        yield x, np.sqrt(gain) * x + noise, float(efficiency), float(electronic)


def _slip(
    x, y, efficiency, electronic_noise, *, slope=None, of_slope=np.square, eta=True, scatter=None, known=None
):
    """The solution with something wrong: what the mistakes are made of."""
    t = (x @ y) / (x @ x) if slope is None else slope
    rest = np.mean((y - t * x) ** 2) if scatter is None else scatter(y - t * x, y)
    taken_out = 1 + electronic_noise if known is None else known
    return of_slope(t) / (efficiency if eta else 1), (rest - taken_out) / t**2


@find_line.mistake(
    "this is what line and detector pass together; the detector's share is known. Divide it out."
)
def detector_left_in(x, y, efficiency, electronic_noise):
    return _slip(x, y, efficiency, electronic_noise, eta=False)


@find_line.mistake("the slope is the root of a transmittance: amplitudes are what x and y are. Square it.")
def slope_not_squared(x, y, efficiency, electronic_noise):
    return _slip(x, y, efficiency, electronic_noise, of_slope=abs, eta=False)


@find_line.mistake(
    "your transmittance is the slope over the efficiency: x and y are amplitudes. Square the slope, then divide."
)
def slope_not_squared_but_divided(x, y, efficiency, electronic_noise):
    return _slip(x, y, efficiency, electronic_noise, of_slope=abs)


@find_line.mistake(
    "this is the noise at Bob's end. Referred to the input of the line it is larger: divide by eta T."
)
def noise_at_the_end_of_bob(x, y, efficiency, electronic_noise):
    t, noise = _slip(x, y, efficiency, electronic_noise)
    return t, noise * efficiency * t


@find_line.mistake("you divided by T alone; the noise went through the detector's eta as well.")
def noise_before_the_detector(x, y, efficiency, electronic_noise):
    t, noise = _slip(x, y, efficiency, electronic_noise)
    return t, noise * efficiency


@find_line.mistake("the electronics of Bob's detector are in it; they are known, so take them out.")
def electronics_left_in(x, y, efficiency, electronic_noise):
    return _slip(x, y, efficiency, electronic_noise, known=1)


@find_line.mistake("the vacuum is in it: 1 unit of shot noise is there without any noise of the line.")
def vacuum_left_in(x, y, efficiency, electronic_noise):
    return _slip(x, y, efficiency, electronic_noise, known=electronic_noise)


@find_line.mistake("vacuum and electronics are in it: take 1 + v_el out before you divide.")
def all_left_in(x, y, efficiency, electronic_noise):
    return _slip(x, y, efficiency, electronic_noise, known=0)


@find_line.mistake("noises add as variances: you took a standard deviation of what is left of y.")
def standard_deviation(x, y, efficiency, electronic_noise):
    return _slip(x, y, efficiency, electronic_noise, scatter=lambda rest, y: np.std(rest))


@find_line.mistake("Alice's signal is in it: look at what is left of y after the line through the points.")
def signal_left_in(x, y, efficiency, electronic_noise):
    return _slip(x, y, efficiency, electronic_noise, scatter=lambda rest, y: np.mean(y**2))


@find_line.mistake(
    "nobody has said that Alice modulates with V_A = 4: take from `x` and `y` what you are not told."
)
def a_modulation_supposed(x, y, efficiency, electronic_noise):
    return _slip(x, y, efficiency, electronic_noise, slope=np.mean(x * y) / 4)


@find_line.mistake(
    "this is the correlation of x and y. The slope is their covariance over the variance of x."
)
def the_correlation(x, y, efficiency, electronic_noise):
    return _slip(x, y, efficiency, electronic_noise, slope=np.corrcoef(x, y)[0, 1])


@find_line.mistake(
    "by luck a quiet line scatters *below* vacuum, and its estimate is negative: whoever turns it round finds noise "
    "where there is none. Leave the sign."
)
def never_below_zero(x, y, efficiency, electronic_noise):
    t, noise = _slip(x, y, efficiency, electronic_noise)
    return t, abs(noise)


@find_line.mistake(
    "by luck a quiet line scatters *below* vacuum, and its estimate is negative: whoever cuts it off at 0 finds too much "
    "noise on the average. Leave the sign."
)
def cut_off_at_zero(x, y, efficiency, electronic_noise):
    t, noise = _slip(x, y, efficiency, electronic_noise)
    return t, max(noise, 0.0)


@find_line.mistake("the right two numbers, exchanged: the transmittance comes first.")
def exchanged(x, y, efficiency, electronic_noise):
    return _slip(x, y, efficiency, electronic_noise)[::-1]


@find_line.mistake(
    "by luck a line that loses nothing comes out *above* 1: whoever cuts that off finds too much loss on the average. Leave "
    "the estimate as it is."
)
def never_above_one(x, y, efficiency, electronic_noise):
    t, noise = _slip(x, y, efficiency, electronic_noise)
    return min(1.0, t), noise
