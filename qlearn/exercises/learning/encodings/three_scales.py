"""Three scales that reach as many frequencies as there can be."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import as_numbers
from qlearn.learning.encodings import accessible_frequencies


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


@three_scales.grader
def reached(answer, rng):
    """Whatever three numbers: their frequencies are what counts."""
    scales = as_numbers(answer)
    if isinstance(scales, str):
        return Verdict.wrong(f"three numbers in a list are asked for: {scales}.")
    if scales.shape != (3,):
        return Verdict.wrong(
            f"three uploads have three scales, as a list of three numbers, not {scales.size}."
        )
    if scales.dtype.kind == "c" or not np.isfinite(scales).all():
        return Verdict.wrong("a scale is a real number.")
    if np.abs(scales).max() > 1e6:
        return Verdict.wrong("one of these alone turns far beyond the frequency 13.")
    frequencies = accessible_frequencies(scales.tolist()).frequencies
    if not np.allclose(frequencies, np.round(frequencies), rtol=0, atol=1e-9):
        return Verdict.wrong(
            f"these reach {frequencies.round(3).tolist()}: not whole numbers, so f would not have the period 2 pi."
        )
    whole = {round(frequency) for frequency in frequencies}
    missing, beyond = sorted(set(range(14)) - whole), sorted(whole - set(range(14)))
    if missing:
        return Verdict.wrong(
            f"these reach {len(whole)} frequencies, up to {max(whole)}; {missing[0]} is the first that is missing."
        )
    if beyond:
        return Verdict.wrong(f"these reach beyond 13: {beyond[-1]}. Exactly 0 to 13, please.")
    return None


@three_scales.mistake()
def equal():
    return [1, 1, 1]


@three_scales.mistake()
def powers_of_two():
    return [1, 2, 4]


@three_scales.mistake()
def halves():
    return [0.5, 3, 9.5]


@three_scales.mistake()
def too_far():
    return [1, 3, 10]


@three_scales.mistake()
def the_largest_frequency_alone():
    return [13, 13, 13]


@three_scales.mistake()
def four_powers():
    return [1, 3, 9, 27]
