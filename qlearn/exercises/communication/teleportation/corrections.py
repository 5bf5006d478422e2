"""Corrections."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="Each bit switches one gate: x the flip, z the sign. ZX and XZ differ by a global sign only.",
    because=r"""
        In the regrouped sum Bob's part of the term $(z, x)$ is $X^x Z^z|\psi\rangle$. Undo it from the left: first
        $X^x$, then $Z^z$, which together is $Z^z X^x$. With XZ for 11 his vector gets a factor $-1$, which no
        measurement sees.
    """,
)
def corrections():
    """Complete Bob's crib. Keys are the bits as they arrive, z first: `"00"`, `"01"`, `"10"`, `"11"`.
    Values are `"I"`, `"X"`, `"Z"` or `"ZX"` (first X, then Z).
    """
    return {"00": "I", "01": "X", "10": "Z", "11": "ZX"}


@corrections.mistake("for 01 you apply Z; the state was flipped, not signed: apply X. The first bit is z.")
def x_and_z_exchanged():
    return {"00": "I", "01": "Z", "10": "X", "11": "ZX"}


@corrections.mistake("for 10 you do nothing, but Bob holds a changed state: undo what the sum shows.")
def forgets_one():
    return {"00": "I", "01": "X", "10": "I", "11": "ZX"}


@corrections.mistake("for 11 you apply X, and Bob still has another state: both bits count.")
def one_gate_for_two_bits():
    return {"00": "I", "01": "X", "10": "Z", "11": "X"}
