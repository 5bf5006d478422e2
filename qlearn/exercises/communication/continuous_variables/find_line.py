"""Find line."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="A slope and a scatter: that is all that Alice and Bob ever learn of their line.",
    because=r"""
        The slope of the line through the points is $\sqrt{\eta T}$. What scatters about it has the variance $1 +
        v_\text{el} + \eta T \xi$: the vacuum and the electronics are known, the rest is $\xi$, dimmed by $\eta T$
        on its way.
    """,
)
def find_line(x, y, efficiency, electronic_noise):
    """Write `find_line(x, y, efficiency, electronic_noise)`: from Alice's values and Bob's (homodyne)
    return transmittance and excess noise at the input, as a tuple. Given: `np`.
    """
    slope = (x @ y) / (x @ x)
    noise = np.mean((y - slope * x) ** 2)
    return slope**2 / efficiency, (noise - 1 - electronic_noise) / slope**2


@find_line.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_find_line of the old module
    yield ()


@find_line.mistake(
    "0.301 is what line and detector pass together; the detector's 0.6 is known. Divide it out."
)
def detector_left_in(x, y, efficiency, electronic_noise):
    t = (x @ y) / (x @ x)
    return t**2, (np.mean((y - t * x) ** 2) - 1 - electronic_noise) / t**2


@find_line.mistake("the slope is the root of a transmittance: amplitudes are what x and y are. Square it.")
def slope_not_squared(x, y, efficiency, electronic_noise):
    t = (x @ y) / (x @ x)
    return t, (np.mean((y - t * x) ** 2) - 1 - electronic_noise) / t**2


@find_line.mistake(
    "this is the noise at Bob's end. Referred to the input of the line it is larger: divide by eta T."
)
def noise_at_bob_s_end(x, y, efficiency, electronic_noise):
    t = (x @ y) / (x @ x)
    return t**2 / efficiency, np.mean((y - t * x) ** 2) - 1 - electronic_noise


@find_line.mistake("the electronics of Bob's detector are in it; they are known, so take them out.")
def electronics_left_in(x, y, efficiency, electronic_noise):
    t = (x @ y) / (x @ x)
    return t**2 / efficiency, (np.mean((y - t * x) ** 2) - 1) / t**2


@find_line.mistake("the vacuum is in it: 1 unit of shot noise is there without any noise of the line.")
def vacuum_left_in(x, y, efficiency, electronic_noise):
    t = (x @ y) / (x @ x)
    return t**2 / efficiency, (np.mean((y - t * x) ** 2) - electronic_noise) / t**2


@find_line.mistake("noises add as variances: you took a standard deviation of what is left of y.")
def standard_deviation(x, y, efficiency, electronic_noise):
    t = (x @ y) / (x @ x)
    return t**2 / efficiency, (np.std(y - t * x) - 1 - electronic_noise) / t**2


@find_line.mistake(
    "where Alice modulates more and the detector sees 90 % these records say (0.796, 0.097); you find (7.197, "
    "5.371). Take from `x` and `y` what you are not told."
)
def a_modulation_supposed(x, y, efficiency, electronic_noise):
    t = np.mean(x * y) / 4
    return t**2 / efficiency, (np.mean((y - t * x) ** 2) - 1 - electronic_noise) / t**2


@find_line.mistake(
    "of a line without noise and few pulses you find 0.069. By luck the scatter of these is *below* that of "
    "vacuum, so that about -0.07 is due: whoever turns it round or cuts it off finds noise where there is none."
)
def never_below_zero(x, y, efficiency, electronic_noise):
    t = (x @ y) / (x @ x)
    return t**2 / efficiency, abs((np.mean((y - t * x) ** 2) - 1 - electronic_noise) / t**2)


@find_line.mistake("Alice's signal is in it: look at what is left of y after the line through the points.")
def signal_left_in(x, y, efficiency, electronic_noise):
    t = (x @ y) / (x @ x)
    return t**2 / efficiency, (np.mean(y**2) - 1 - electronic_noise) / t**2
