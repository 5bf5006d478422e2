"""The coherence time of a qubit that falls and is kicked."""

from functools import partial

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    same=partial(close, abs=0),  # some times are in seconds, and small
    right="1/T2 = 1/(2 T1) + 1/T_phi. Without dephasing T2 = 2 T1, and never more.",
    because=r"""
        Falling shrinks the coherence by $\sqrt{1-\gamma} = e^{-t/2T_1}$, the kicks by $e^{-t/T_\varphi}$. The
        exponents add.
    """,
)
def coherence_time(t1, t_phi):
    r"""A qubit falls with $T_1$ (`t1`) and, besides, its phase is kicked at random so that coherences shrink
    by $e^{-t/T_\varphi}$ (`t_phi`). Return its $T_2$.
    """
    return 1 / (1 / (2 * t1) + 1 / t_phi)


@coherence_time.cases
def qubits(rng):
    """Those that mostly fall, those that are mostly kicked, and next to no kicks; in microseconds and in seconds."""
    for _ in range(8):
        t1, t_phi = 10 ** rng.uniform(0, 3, 2)
        yield float(t1), float(t_phi)
        yield float(t1) * 1e-6, float(t_phi) * 1e-6
    yield float(rng.uniform(20, 40)), 1e12
    yield 1e12, float(rng.uniform(20, 40))


@coherence_time.mistake(
    "the fall costs the coherence only the root of what it costs the population: 1/(2 T1)."
)
def full_rate_of_t1(t1, t_phi):
    return 1 / (1 / t1 + 1 / t_phi)


@coherence_time.mistake("not the shorter of the two: both act at once, so their rates add.")
def the_shorter_one(t1, t_phi):
    return min(2 * t1, t_phi)


@coherence_time.mistake("you added times. Rates add, and a rate is 1/time.")
def adds_times(t1, t_phi):
    return 2 * t1 + t_phi


@coherence_time.mistake("that is the rate 1/T2; turn it over.")
def a_rate(t1, t_phi):
    return 1 / (2 * t1) + 1 / t_phi


@coherence_time.mistake(
    "the half belongs to the other time: it is the fall that costs coherence half its rate."
)
def half_of_the_kicks(t1, t_phi):
    return 1 / (1 / t1 + 1 / (2 * t_phi))


@coherence_time.mistake("that is the fall alone, the longest that T2 may be. The kicks act as well.")
def forgets_the_kicks(t1, t_phi):
    return 2 * t1


@coherence_time.mistake("those are the kicks alone. A qubit that falls loses its coherence as well.")
def forgets_the_fall(t1, t_phi):
    return t_phi


@coherence_time.mistake(
    "a fall costs coherence as well, but *less* than it costs the population: 2 T1, not T1 / 2."
)
def twice_the_rate_of_t1(t1, t_phi):
    return 1 / (2 / t1 + 1 / t_phi)
