"""Click chance."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Silence needs two things at once: no photon detected, and a quiet detector. The rest is clicks.",
    because=r"""
        Loss thins a Poissonian number of photons to another one: on average $\mu\,t\,\eta$ are detected, none with
        $e^{-\mu t \eta}$. Nothing clicks if that happens *and* the detector is quiet.
    """,
)
def click_chance(mu, loss_db, efficiency, background):
    """Write `click_chance(mu, loss_db, efficiency, background)`: the chance that a laser pulse of mean
    photon number `mu` makes Bob's receiver click, after a channel of `loss_db` and with detectors that
    see a photon with probability `efficiency` and click by themselves with probability `background`.
    """
    detected = mu * 10 ** (-loss_db / 10) * efficiency
    return 1 - (1 - background) * np.exp(-detected)


@click_chance.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_click_chance of the old module
    yield ()


@click_chance.mistake(
    "for mu = 0.5, 20 dB, efficiency 0.15, background 1e-06 you return 0.000751; that adds chances that may both "
    "come true: bright light would click more than once a pulse."
)
def adds_the_chances(mu, loss_db, efficiency, background):
    return background + mu * 10 ** (-loss_db / 10) * efficiency


@click_chance.mistake(
    "for mu = 0.5, 20 dB, efficiency 0.15, background 1e-06 you return 0.000749719; you forgot the clicks that "
    "need no light."
)
def forgets_the_background(mu, loss_db, efficiency, background):
    return 1 - np.exp(-mu * 10 ** (-loss_db / 10) * efficiency)


@click_chance.mistake(
    "for mu = 0.5, 20 dB, efficiency 0.15, background 1e-06 you return 0.00498852; you forgot the receiver: it "
    "misses photons too."
)
def forgets_the_receiver(mu, loss_db, efficiency, background):
    return 1 - (1 - background) * np.exp(-mu * 10 ** (-loss_db / 10))


@click_chance.mistake(
    "for mu = 0.5, 20 dB, efficiency 0.15, background 1e-06 you return 0.00747294; a loss in dB is 10 log10 of "
    "*intensities*: 10 dB leave one photon in ten."
)
def amplitudes(mu, loss_db, efficiency, background):
    return 1 - (1 - background) * np.exp(-mu * 10 ** (-loss_db / 20) * efficiency)


@click_chance.mistake(
    "for mu = 0.5, 20 dB, efficiency 0.15, background 1e-06 you return 0.000751281; that is right for mu photons "
    "exactly. Their number is random, mu on average: sum over Poisson's law."
)
def a_fixed_number_of_photons(mu, loss_db, efficiency, background):
    return 1 - (1 - background) * (1 - 10 ** (-loss_db / 10) * efficiency) ** mu


@click_chance.mistake(
    "for mu = 0.5, 20 dB, efficiency 0.15, background 1e-06 you return 0.999249; that is the chance of silence."
)
def silence(mu, loss_db, efficiency, background):
    return (1 - background) * np.exp(-mu * 10 ** (-loss_db / 10) * efficiency)
