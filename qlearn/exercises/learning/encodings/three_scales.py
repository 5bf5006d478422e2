"""Three scales."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Powers of three: every whole number up to 13 is a sum of -1, 0 or 1 times 1, 3 and 9, in one way.",
    because=r"""
        A frequency is $\sum_\ell d_\ell s_\ell$ with $d_\ell\in\{-1,0,1\}$: $3^3=27$ sums, and $-13..13$ are 27
        numbers, so none may come twice. That is counting in *balanced ternary*. It is no free lunch: the 27
        coefficients are functions of the few angles between the turns, and cannot be chosen one by one.
    """,
)
def three_scales():
    """One qubit, three uploads, turns by $s_1x$, $s_2x$ and $s_3x$. Choose `three_scales`, three numbers,
    such that the accessible frequencies are exactly 0, 1, 2, ..., 13.
    """
    return [1, 3, 9]


@three_scales.mistake("these reach 4 frequencies, up to 3; 4 is the first that is missing.")
def equal():
    return [1, 1, 1]


@three_scales.mistake("these reach 8 frequencies, up to 7; 8 is the first that is missing.")
def powers_of_two():
    return [1, 2, 4]


@three_scales.mistake(
    "these reach [0.0, 0.5, 2.5, 3.0, 3.5, 6.0, 6.5, 7.0, 9.0, 9.5, 10.0, 12.0, 12.5, 13.0]: not whole numbers, "
    "so f would not have the period 2 pi."
)
def halves():
    return [0.5, 3, 9.5]


@three_scales.mistake("these reach 14 frequencies, up to 14; 5 is the first that is missing.")
def too_far():
    return [1, 3, 10]
