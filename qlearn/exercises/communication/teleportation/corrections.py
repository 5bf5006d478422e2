"""Bob's crib: which gate for which two bits."""

from collections.abc import Mapping

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


def same_gates(answered, due):
    """Compare gates by the bits that call for them; XZ and ZX differ by a global sign only."""
    if isinstance(answered, Mapping):
        answered = {
            bits: "ZX" if isinstance(gate, str) and gate == "XZ" else gate for bits, gate in answered.items()
        }
        for bits, gate in answered.items():
            if isinstance(gate, str) and gate not in due.values():
                return f'for {bits} you apply {gate[:20]}; choose from "I", "X", "Z" and "ZX"'
            if bits in due and isinstance(gate, str) and gate != due[bits]:
                if gate == "I":
                    return (
                        f"for {bits} you do nothing, but Bob holds a changed state: undo what the sum shows"
                    )
                return f"for {bits} you apply {gate}, and Bob holds another state than was sent: look at its term of the sum"
    return equal(answered, due)


@exercise(
    level="warm-up",
    same=same_gates,
    stub='corrections = ...  # {"00": "I", ...}\n',
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
def forgets_the_sign():
    return {"00": "I", "01": "X", "10": "I", "11": "ZX"}


@corrections.mistake("for 11 you apply X, and Bob still has another state: both bits count.")
def one_gate_for_two_bits():
    return {"00": "I", "01": "X", "10": "Z", "11": "X"}


@corrections.mistake(
    "the bits name the term, not how much has to be done: at 11, too, something is left to undo."
)
def nothing_for_equal_bits():
    return {"00": "I", "01": "X", "10": "Z", "11": "I"}


@corrections.mistake("for 00 Bob has the state as it was sent: leave it alone.")
def turned_round():
    return {"00": "ZX", "01": "Z", "10": "X", "11": "I"}
