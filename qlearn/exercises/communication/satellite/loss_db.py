"""The loss of a downlink."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="losses in a row multiply, so their decibels add. That is what decibels are for.",
    because="""
        Share of the Gaussian inside the telescope, in dB, plus Beer's law: decibels per air mass, times air masses.
    """,
)
def loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):
    r"""Return the loss in dB of a Gaussian beam into a telescope that is `aperture_m` in *diameter*, plus the loss in
    the air, which is `zenith_loss_db` straight up. `divergence_urad` is the half-angle, in microradian, at which the
    intensity has fallen to $1/e^2$. Use $1/\sin\epsilon$ for the air mass, and no jitter. Given: `np`.
    """
    w = range_km * 1e3 * divergence_urad * 1e-6
    caught = 1 - np.exp(-2 * (aperture_m / 2) ** 2 / w**2)
    air = zenith_loss_db / np.sin(np.deg2rad(elevation_deg))
    return -10 * np.log10(caught) + air


@loss_db.cases
def downlinks(rng):
    """Beams far wider than the telescope and beams about as wide; low and at the zenith; clear and thick air, or none."""
    yield 1200.0, 7.41, 1.0, 3.2, 20.0
    yield float(rng.uniform(200, 300)), 1.0, float(rng.uniform(0.4, 0.8)), 1.0, 60.0
    yield 500.0, 10.0, 0.3, 2.0, 90.0
    yield 800.0, 5.0, 0.5, 0.0, 45.0
    for _ in range(7):
        far, angle, wide = rng.uniform(300, 2500), rng.uniform(2, 20), rng.uniform(0.1, 2)
        yield float(far), float(angle), float(wide), float(rng.uniform(0.5, 6)), float(rng.uniform(10, 80))


def _slip(
    range_km,
    divergence_urad,
    aperture_m,
    zenith_loss_db,
    elevation_deg,
    *,
    radius=0.5,
    factor=2,
    caught=lambda x: 1 - np.exp(-x),
    masses=lambda elevation: 1 / np.sin(np.deg2rad(elevation)),
    db=lambda share: -10 * np.log10(share),
):
    """The solution with another telescope, beam, air or logarithm."""
    w = range_km * 1e-3 * divergence_urad
    return db(caught(factor * (radius * aperture_m / w) ** 2)) + zenith_loss_db * masses(elevation_deg)


@loss_db.mistake("the way through the air is longer than straight up: by 1/sin of the elevation.")
def straight_up(*link):
    return _slip(*link, masses=lambda elevation: 1)


@loss_db.mistake(
    "aperture_m is the diameter, and the divergence half an angle: the formula has the radius of telescope and spot."
)
def diameter(*link):
    return _slip(*link, radius=1)


@loss_db.mistake("the air is missing.")
def no_air(*link):
    return _slip(*link, masses=lambda elevation: 0)


@loss_db.mistake("the spreading of the beam is missing.")
def no_spreading(*link):
    return _slip(*link, caught=lambda x: 1)


@loss_db.mistake("a loss in dB is a positive number.")
def sign(*link):
    return -_slip(*link)


@loss_db.mistake("the air takes light away, too: its decibels add to those of the beam.")
def air_that_gains(*link):
    return _slip(*link, masses=lambda elevation: -1 / np.sin(np.deg2rad(elevation)))


@loss_db.mistake("the slanted way is longer, not shorter: divide by the sine.")
def shorter_when_slanted(*link):
    return _slip(*link, masses=lambda elevation: np.sin(np.deg2rad(elevation)))


@loss_db.mistake("elevation counts from the horizon: 1/sin, not 1/cos.")
def angle_from_the_zenith(*link):
    return _slip(*link, masses=lambda elevation: 1 / np.cos(np.deg2rad(elevation)))


@loss_db.mistake("NumPy's sine takes radians: np.deg2rad.")
def radians(*link):
    return _slip(*link, masses=lambda elevation: 1 / np.sin(elevation))


@loss_db.mistake("decibels are 10 times the logarithm to base *ten*.")
def natural_logarithm(*link):
    return _slip(*link, db=lambda share: -10 * np.log(share))


@loss_db.mistake("the share in the telescope is one of *power*: 10 log10 of it, not 20.")
def twenty_logarithms(*link):
    return _slip(*link, db=lambda share: -20 * np.log10(share))


@loss_db.mistake("that is the transmittance; the question asks for decibel.")
def transmittance(*link):
    return 10 ** (-_slip(*link) / 10)


@loss_db.mistake(
    "at w the intensity has fallen to 1/e^2, and it is exp(-2 r^2/w^2) there and everywhere: you lost the 2."
)
def one_over_e(*link):
    return _slip(*link, factor=1)


@loss_db.mistake(
    "2 r^2/w^2 is the share for a spot much wider than the telescope. Where it is not, integrate: 1 - exp(-2 r^2/w^2)."
)
def wide_spot(*link):
    return _slip(*link, caught=lambda x: x)


@loss_db.mistake("that is the light that misses the telescope; what is lost is counted from what it catches.")
def what_misses(*link):
    return _slip(*link, caught=lambda x: np.exp(-x))
