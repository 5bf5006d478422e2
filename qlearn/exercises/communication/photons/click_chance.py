"""The chance that a pulse makes a click."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    same=partial(close, abs=1e-14),  # chances of a millionth, too
    right="silence needs two things at once: no photon detected, and a quiet detector. The rest is clicks.",
    because=r"""
        Loss thins a Poissonian number of photons to another one: on average $\mu\,t\,\eta$ are detected, none with
        $e^{-\mu t \eta}$. Nothing clicks if that happens *and* the detector is quiet.
    """,
)
def click_chance(mu, loss_db, efficiency, background):
    """Return the chance that a laser pulse of mean photon number `mu` makes Bob's receiver click, after a
    channel of `loss_db` and with detectors that see a photon with probability `efficiency` and click by
    themselves with probability `background`. Given: `np`.
    """
    detected = mu * 10 ** (-loss_db / 10) * efficiency
    return 1 - (1 - background) * np.exp(-detected)


@click_chance.cases
def links(rng):
    """Faint and bright light, near and far, no background, no loss, no light at all."""
    yield 0.0, 10.0, 0.2, float(10 ** rng.uniform(-6, -2))
    yield float(rng.uniform(0.1, 1)), 0.0, 1.0, 0.0
    yield float(rng.uniform(5, 20)), float(rng.uniform(0, 3)), float(rng.uniform(0.5, 1)), 0.01
    yield 1, 20, 1, 0.5
    yield float(rng.uniform(3, 5)), 1.0, 0.9, 0.5
    for _ in range(8):
        mu, loss_db = 10 ** rng.uniform(-2, 0.5), rng.uniform(0, 40)
        yield float(mu), float(loss_db), float(rng.uniform(0.02, 1)), float(10 ** rng.uniform(-6, -0.5))


@click_chance.mistake(
    "that adds chances that may both come true: bright light would click more than once a pulse."
)
def adds_the_chances(mu, loss_db, efficiency, background):
    return background + mu * 10 ** (-loss_db / 10) * efficiency


@click_chance.mistake("light or background: where both come true you count the click twice.")
def counts_both_twice(mu, loss_db, efficiency, background):
    return background + 1 - np.exp(-mu * 10 ** (-loss_db / 10) * efficiency)


@click_chance.mistake(
    "a sum cut off at 1 still counts the pulses twice in which both light and background click."
)
def counts_both_twice_up_to_one(mu, loss_db, efficiency, background):
    return min(1.0, background + 1 - np.exp(-mu * 10 ** (-loss_db / 10) * efficiency))


@click_chance.mistake(
    "the mean number of photons that are seen is not the chance of seeing any: that is one minus the chance of none."
)
def the_mean_for_the_chance(mu, loss_db, efficiency, background):
    return background + (1 - background) * mu * 10 ** (-loss_db / 10) * efficiency


@click_chance.mistake(
    "your detector has one try at each pulse, however many photons arrive. Each photon has its own: a click fails only if "
    "all of them are missed."
)
def one_try_a_pulse(mu, loss_db, efficiency, background):
    return 1 - (1 - background) * (1 - efficiency * (1 - np.exp(-mu * 10 ** (-loss_db / 10))))


@click_chance.mistake("you forgot the clicks that need no light.")
def forgets_the_background(mu, loss_db, efficiency, background):
    return 1 - np.exp(-mu * 10 ** (-loss_db / 10) * efficiency)


@click_chance.mistake("you forgot the receiver: it misses photons too.")
def forgets_the_receiver(mu, loss_db, efficiency, background):
    return 1 - (1 - background) * np.exp(-mu * 10 ** (-loss_db / 10))


@click_chance.mistake("you forgot the fibre.")
def forgets_the_fibre(mu, loss_db, efficiency, background):
    return 1 - (1 - background) * np.exp(-mu * efficiency)


@click_chance.mistake("a loss in dB is 10 log10 of *intensities*: 10 dB leave one photon in ten.")
def amplitudes(mu, loss_db, efficiency, background):
    return 1 - (1 - background) * np.exp(-mu * 10 ** (-loss_db / 20) * efficiency)


@click_chance.mistake(
    "the light grows on its way: a loss of 10 dB leaves a tenth, so mind the sign of the exponent."
)
def a_gain(mu, loss_db, efficiency, background):
    return 1 - (1 - background) * np.exp(-mu * 10 ** (loss_db / 10) * efficiency)


@click_chance.mistake(
    "that is right for mu photons exactly. Their number is random, mu on average: sum over Poisson's law."
)
def a_fixed_number_of_photons(mu, loss_db, efficiency, background):
    return 1 - (1 - background) * (1 - 10 ** (-loss_db / 10) * efficiency) ** mu


@click_chance.mistake(
    "background clicks need no receiver that sees a photon: `background` is what clicks by itself."
)
def the_receiver_thins_the_background(mu, loss_db, efficiency, background):
    return 1 - (1 - background * efficiency) * np.exp(-mu * 10 ** (-loss_db / 10) * efficiency)


@click_chance.mistake(
    "that is the chance that a *lit* pulse clicks; of an empty one Bob hears the background, too."
)
def of_the_lit_pulses(mu, loss_db, efficiency, background):
    return click_chance(mu, loss_db, efficiency, background) / (1 - np.exp(-mu)) if mu else 0.0


@click_chance.mistake("that is the chance of silence.")
def silence(mu, loss_db, efficiency, background):
    return (1 - background) * np.exp(-mu * 10 ** (-loss_db / 10) * efficiency)
