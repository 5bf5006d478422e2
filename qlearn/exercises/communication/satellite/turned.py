"""What a turned frame costs."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "turned by hand against the satellite's flight, the error goes away; not turned, there is no key: over a pass "
        "like that of this chapter the average is far beyond 11 %."
    ),
    because=r"""
        A photon turned by $\varphi$ takes the wrong exit with $\sin^2\varphi$; average over clicks, not seconds.
    """,
)
def turned(angle_deg, clicks):
    """Nobody turns the ground station's polarisers while the satellite flies by. From two arrays with, for each
    second, the angle by which its frame is turned and the number of clicks, return the QBER of the whole pass, from
    the turn alone. Given: `np`.
    """
    wrong = np.sin(np.deg2rad(angle_deg)) ** 2
    return (clicks * wrong).sum() / clicks.sum()


@turned.cases
def flights(rng):
    """Turns either way, small ones, all around, mostly wrong, crossed; seconds without clicks; a single second."""
    yield np.array([0.0, 90.0]), np.array([3.0, 1.0])
    yield rng.uniform(60, 120, 20), rng.integers(1, 900, 20)
    yield rng.uniform(-20, 20, 31), rng.poisson(2.0, 31) + np.eye(31, dtype=int)[0]
    yield np.array([float(rng.uniform(100, 260))]), np.array([7])
    for _ in range(4):
        n = int(rng.integers(40, 300))
        yield rng.uniform(-180, 360, n), rng.uniform(0, 1e4, n)


def _slip(angle_deg, clicks, *, factor=1.0, of=lambda sine: sine**2):
    """The solution with another angle or another chance of the wrong exit."""
    return (clicks * of(np.sin(np.deg2rad(factor * angle_deg)))).sum() / clicks.sum()


@turned.mistake("seconds with many clicks count more: weight each second by its clicks.")
def mean_over_seconds(angle_deg, clicks):
    return np.mean(np.sin(np.deg2rad(angle_deg)) ** 2)


@turned.mistake("NumPy's sine takes radians: np.deg2rad.")
def radians(angle_deg, clicks):
    return (clicks * np.sin(angle_deg) ** 2).sum() / clicks.sum()


@turned.mistake(
    "probabilities are squares: a photon turned by 30 degrees takes the wrong way with 1/4, not 1/2."
)
def not_squared(angle_deg, clicks):
    return _slip(angle_deg, clicks, of=np.abs)


@turned.mistake(
    "a turn to the left errs as much as one to the right: the chance is the *square* of the sine."
)
def with_a_sign(angle_deg, clicks):
    return _slip(angle_deg, clicks, of=lambda sine: sine)


@turned.mistake("half the angle is for the Bloch sphere. Polarisations at 90 degrees are already orthogonal.")
def half_the_angle(angle_deg, clicks):
    return _slip(angle_deg, clicks, factor=0.5)


@turned.mistake("that is the share of right clicks: at 0 degrees nothing is wrong.")
def right_clicks(angle_deg, clicks):
    return _slip(angle_deg, clicks, of=lambda sine: 1 - sine**2)


@turned.mistake(
    "2 times the angle is for the Bloch sphere, and there the chance has its half: sin^2 of the angle itself."
)
def twice_the_angle(angle_deg, clicks):
    return _slip(angle_deg, clicks, factor=2)


@turned.mistake(
    "a share beyond 1/2 is no mistake: turned by more than 45 degrees, most clicks are wrong. Say so."
)
def at_most_one_half(angle_deg, clicks):
    return min(_slip(angle_deg, clicks), 1 - _slip(angle_deg, clicks))


@turned.mistake("the chance is not that of the mean angle: average the chances, not the angles.")
def of_the_mean_angle(angle_deg, clicks):
    return np.sin(np.deg2rad((clicks * angle_deg).sum() / clicks.sum())) ** 2


@turned.mistake("divide by all clicks: an error rate is a share.")
def not_divided(angle_deg, clicks):
    return _slip(angle_deg, clicks) * clicks.sum()


@turned.mistake("divide by the clicks, not by the seconds.")
def divided_by_the_seconds(angle_deg, clicks):
    return _slip(angle_deg, clicks) * clicks.mean()
