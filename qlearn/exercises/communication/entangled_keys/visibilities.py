"""Visibilities."""

import numpy as np

from qlearn.exercises import exercise

# TODO given name 'threshold' = <functools._lru_cache_wrapper object at 0x7fbb6de78eb0>
# TODO given name 'critical_qber' = <functools._lru_cache_wrapper object at 0x7fbb6de7aa30>


@exercise(
    level="core",
    right=(
        "A third, 71 %, 78 %, 86 %: entangled, a CHSH value that no list has, a key with trusted detectors, a key "
        "without trust, the last two at the rates of this book. Each step asks more of the source."
    ),
    because="""
        Solve F = 1/2, S = 2, and QBER = threshold twice. Between 0.7071 and 0.8570 the rounds prove that no list
        explains them, and yet this rate without trust is 0: a violation is not yet a key. (0.7071 is the border of
        CHSH; tests with more positions see a little further, and noise added on purpose moves the last two
        borders.) With trusted detectors the error rate is the stricter judge: at 0.7799, where BBM92 ends, S is
        still 2.2.
    """,
)
def visibilities():
    r"""A Werner pair of visibility V has a QBER of (1-V)/2 and $S = 2\sqrt2\,V$. From which V on is it
    entangled (`"entangled"`: F = (1+3V)/4 above 1/2), does S exceed 2, the most of every list
    (`"list"`), is the rate of BBM92 above 0 (`"bbm92"`), and that without trust in any device
    (`"untrusted"`)? A dictionary, four decimals. Given: `np`, `threshold()` of BB84, `critical_qber()`.
    """
    return {
        "entangled": 1 / 3,
        "list": 1 / np.sqrt(2),
        "bbm92": 1 - 2 * threshold(),
        "untrusted": 1 - 2 * critical_qber(),
    }


@visibilities.mistake("entangled: 0.5000 is the fidelity F = (1+3V)/4; the visibility V is asked for.")
def fidelities():
    return {
        "entangled": 1 / 2,
        "list": (1 + 3 / np.sqrt(2)) / 4,
        "bbm92": 1 - 1.5 * threshold(),
        "untrusted": 1 - 1.5 * critical_qber(),
    }


@visibilities.mistake("bbm92: 0.1100 is a share of errors or of noise. V = 1 - 2 QBER.")
def error_rates():
    return {"entangled": 1 / 3, "list": 1 / np.sqrt(2), "bbm92": threshold(), "untrusted": critical_qber()}


@visibilities.mistake("bbm92: you wrote V = 1 - QBER; half of the noise is right by chance: V = 1 - 2 QBER.")
def one_minus_the_errors():
    return {
        "entangled": 1 / 3,
        "list": 1 / np.sqrt(2),
        "bbm92": 1 - threshold(),
        "untrusted": 1 - critical_qber(),
    }


@visibilities.mistake("list: 1.0000 is not the border; where is the quantity exactly at its limit?")
def s_of_a_perfect_pair():
    return {"entangled": 1 / 3, "list": 1, "bbm92": 1 - 2 * threshold(), "untrusted": 1 - 2 * critical_qber()}
