"""Turned."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "Turned by hand against the satellite's flight, the error goes away; not turned, there is no key: the average"
        " is far beyond 11 %."
    ),
    because=r"""
        A photon turned by $\varphi$ takes the wrong exit with $\sin^2\varphi$; average over clicks, not seconds.
    """,
)
def turned(angle_deg, clicks):
    """Nobody turns the ground station's polarisers while the satellite flies by. Write `turned(angle_deg,
    clicks)`: arrays with, for each second, the angle by which its frame is turned and the number of
    clicks. Return the QBER of the whole pass, from the turn alone.
    """
    wrong = np.sin(np.deg2rad(angle_deg)) ** 2
    return (clicks * wrong).sum() / clicks.sum()


@turned.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_turned of the old module
    yield ()


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
    return (clicks * np.abs(np.sin(np.deg2rad(angle_deg)))).sum() / clicks.sum()


@turned.mistake("half the angle is for the Bloch sphere. Polarisations at 90 degrees are already orthogonal.")
def half_the_angle(angle_deg, clicks):
    return (clicks * np.sin(np.deg2rad(angle_deg) / 2) ** 2).sum() / clicks.sum()


@turned.mistake("that is the share of right clicks: at 0 degrees nothing is wrong.")
def right_clicks(angle_deg, clicks):
    return (clicks * np.cos(np.deg2rad(angle_deg)) ** 2).sum() / clicks.sum()


@turned.mistake(
    "2 times the angle is for the Bloch sphere, and there the chance has its half: sin^2 of the angle itself."
)
def twice_the_angle(angle_deg, clicks):
    return (clicks * np.sin(np.deg2rad(2 * angle_deg)) ** 2).sum() / clicks.sum()


@turned.mistake("divide by all clicks: an error rate is a share.")
def not_divided(angle_deg, clicks):
    return (clicks * np.sin(np.deg2rad(angle_deg)) ** 2).sum()
