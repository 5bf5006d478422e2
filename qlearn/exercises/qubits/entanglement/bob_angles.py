"""The best directions for a pair that differs."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import as_numbers
from qlearn.qubits import bell_state
from qlearn.qubits.entanglement import ALICE, chsh_at, direction


@exercise(
    level="core",
    stub="bob_angles = ...  # [angle for y = 0, angle for y = 1]\n",
    right="half way between her axes, and turned round: this pair differs where the other agreed.",
    because=r"""
        $\Psi^-$ has $T = -\mathbb 1$, so $E = -\cos(\alpha-\beta)$: along every axis the answers differ. A turn of
        Bob's directions by $\pi$ exchanges his answers and takes the minus sign away.
    """,
)
def bob_angles():
    r"""The source delivers $\Psi^-$ instead of $\Phi^+$. Alice keeps her directions, 0 for the question 0 and
    $\pi/2$ for the question 1 (angles from Z towards X, as for `direction`). Give Bob's two angles, in
    radians, so that they win as often as qubits can. Given: `np`.
    """
    return [np.pi / 4 + np.pi, -np.pi / 4 + np.pi]


def _score(bob):
    return float(chsh_at(bell_state("psi-"), ALICE, direction(bob)))


@bob_angles.grader
def grade(answer, rng):
    """Whole turns do not matter; the value is flat at its top, so 1e-6 of it is a thousandth of a radian."""
    angles = as_numbers(answer)
    if isinstance(angles, str):
        return Verdict.wrong(f"{angles}.")
    if angles.shape != (2,):
        return Verdict.wrong("give two angles, in radians: Bob's for the question 0, and for 1.")
    if angles.dtype.kind == "c" or not np.isfinite(angles).all():
        return Verdict.wrong("an angle is a real number, and a finite one.")
    s, best = _score(angles), 2 * np.sqrt(2)
    if s > best - 1e-6:
        return None
    if np.abs(angles).max() > 4 * np.pi and _score(np.deg2rad(angles)) > 2.8:
        return Verdict.wrong("these are degrees. In radians, please: np.deg2rad turns them.")
    if s > best - 1e-3:
        return Verdict.wrong("right but for rounding: give them as multiples of np.pi.")
    if s < -2.8:
        return Verdict.wrong(
            f"S = {s:.3f}: you lose as often as you could win. These angles are for a pair that agrees; this one differs "
            "along every axis. Turn Bob by pi."
        )
    if abs(abs(s) - 2) < 1e-6:
        return Verdict.wrong(
            f"S = {s:.3f}: no more than a list of answers. Let Bob's axes lie between Alice's."
        )
    if _score(angles[::-1]) > best - 1e-3:
        return Verdict.wrong(
            f"S = {abs(s):.3f}: good axes in the wrong order. Which of his lies near both of hers with a plus?"
        )
    return Verdict.wrong(f"S = {s:.3f}, of at most {best:.3f}. E = -cos(a - b) for this pair.")


@bob_angles.mistake()
def those_of_the_other_pair():
    return [np.pi / 4, -np.pi / 4]


@bob_angles.mistake()
def degrees():
    return [225, 135]


@bob_angles.mistake()
def an_axis_of_alice():
    return [np.pi, np.pi]


@bob_angles.mistake()
def exchanged():
    return [-np.pi / 4 + np.pi, np.pi / 4 + np.pi]


@bob_angles.mistake()
def a_little_off():
    return [3.5, 2.0]


@bob_angles.mistake()
def only_one_turned():
    return [np.pi / 4 + np.pi, -np.pi / 4 + np.pi / 2]


@bob_angles.mistake()
def angles_of_the_kets():
    return [5 * np.pi / 8, 3 * np.pi / 8]


@bob_angles.mistake()
def rounded():
    return [3.93, 2.36]


@bob_angles.mistake()
def one_angle():
    return 5 * np.pi / 4
