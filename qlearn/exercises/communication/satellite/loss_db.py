"""Loss db."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Losses in a row multiply, so their decibels add. That is what decibels are for.",
    because="""
        Share of the Gaussian inside the telescope, in dB, plus Beer's law: decibels per air mass, times air masses.
    """,
)
def loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):
    r"""Write `loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg)`: the loss in
    dB of a Gaussian beam (half-angle at $1/e^2$) into a telescope of that *diameter*, plus the loss in
    the air, which is `zenith_loss_db` straight up. Use $1/\sin\epsilon$ for the air mass, and no
    jitter.
    """
    w = range_km * 1e3 * divergence_urad * 1e-6
    caught = 1 - np.exp(-2 * (aperture_m / 2) ** 2 / w**2)
    air = zenith_loss_db / np.sin(np.deg2rad(elevation_deg))
    return -10 * np.log10(caught) + air


@loss_db.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_loss_db of the old module
    yield ()


@loss_db.mistake(
    "for 1200 km at 20 degrees you return 25.20 dB; the way through the air is longer than straight up: by 1/sin "
    "of the elevation."
)
def straight_up(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):
    w = range_km * 1e-3 * divergence_urad
    return -10 * np.log10(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) + zenith_loss_db


@loss_db.mistake(
    "for 1200 km at 20 degrees you return 25.38 dB; aperture_m is the diameter; the formula has the radius."
)
def diameter(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):
    w = range_km * 1e-3 * divergence_urad
    air = zenith_loss_db / np.sin(np.deg2rad(elevation_deg))
    return -10 * np.log10(1 - np.exp(-2 * (aperture_m / w) ** 2)) + air


@loss_db.mistake("for 1200 km at 20 degrees you return 22.00 dB; the air is missing.")
def no_air(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):
    w = range_km * 1e-3 * divergence_urad
    return -10 * np.log10(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2))


@loss_db.mistake("for 1200 km at 20 degrees you return -31.36 dB; a loss in dB is a positive number.")
def sign(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):
    w = range_km * 1e-3 * divergence_urad
    air = zenith_loss_db / np.sin(np.deg2rad(elevation_deg))
    return 10 * np.log10(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) - air


@loss_db.mistake(
    "for 1200 km at 20 degrees you return 23.10 dB; the slanted way is longer, not shorter: divide by the sine."
)
def shorter_when_slanted(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):
    w = range_km * 1e-3 * divergence_urad
    air = zenith_loss_db * np.sin(np.deg2rad(elevation_deg))
    return -10 * np.log10(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) + air


@loss_db.mistake(
    "for 1200 km at 20 degrees you return 25.41 dB; elevation counts from the horizon: 1/sin, not 1/cos."
)
def angle_from_the_zenith(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):
    w = range_km * 1e-3 * divergence_urad
    air = zenith_loss_db / np.cos(np.deg2rad(elevation_deg))
    return -10 * np.log10(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) + air


@loss_db.mistake("for 1200 km at 20 degrees you return 25.51 dB; NumPy's sine takes radians: np.deg2rad.")
def radians(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):
    w = range_km * 1e-3 * divergence_urad
    air = zenith_loss_db / np.sin(elevation_deg)
    return -10 * np.log10(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) + air


@loss_db.mistake(
    "for 1200 km at 20 degrees you return 60.02 dB; decibels are 10 times the logarithm to base *ten*."
)
def natural_logarithm(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):
    w = range_km * 1e-3 * divergence_urad
    air = zenith_loss_db / np.sin(np.deg2rad(elevation_deg))
    return -10 * np.log(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) + air


@loss_db.mistake(
    "for 1200 km at 20 degrees you return 0.00 dB; that is the transmittance; the question asks for decibel."
)
def transmittance(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):
    w = range_km * 1e-3 * divergence_urad
    air = zenith_loss_db / np.sin(np.deg2rad(elevation_deg))
    return (1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) * 10 ** (-air / 10)
