"""Which visibility is enough for what."""

from functools import partial

import numpy as np

from qlearn.communication.bb84 import threshold
from qlearn.communication.entangled_keys import critical_qber
from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    same=partial(close, rel=0, abs=5e-5),  # four decimals are asked for
    stub='visibilities = ...  # {"entangled": ..., "list": ..., "bbm92": ..., "untrusted": ...}\n',
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


@visibilities.mistake("these are the fidelities F = (1+3V)/4; the visibility V is asked for.")
def fidelities():
    return {name: (1 + 3 * v) / 4 for name, v in visibilities().items()}


@visibilities.mistake('"bbm92" and "untrusted" are error rates. The visibility is V = 1 - 2 QBER.')
def error_rates():
    return {**visibilities(), "bbm92": threshold(), "untrusted": critical_qber()}


@visibilities.mistake("these are shares of noise, 1 - V: the visibility is what is left.")
def shares_of_noise():
    return {name: 1 - v for name, v in visibilities().items()}


@visibilities.mistake(
    'for "bbm92" and "untrusted" you wrote V = 1 - QBER; half of the noise is right by chance: V = 1 - 2 QBER.'
)
def one_minus_the_errors():
    return {**visibilities(), "bbm92": 1 - threshold(), "untrusted": 1 - critical_qber()}


@visibilities.mistake('"list": that is a perfect pair. At which V is S exactly at the most of a list?')
def s_of_a_perfect_pair():
    return {**visibilities(), "list": 1}


@visibilities.mistake(
    'at "untrusted" you stop where the lists do. A violation is not yet a key: the errors have to be paid as well.'
)
def a_violation_is_a_key():
    return {**visibilities(), "untrusted": 1 / np.sqrt(2)}


@visibilities.mistake('"untrusted" is not "bbm92": who trusts no device stops at `critical_qber()`.')
def one_threshold_for_both():
    return {**visibilities(), "untrusted": 1 - 2 * threshold()}
