"""Coherence time."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="1/T2 = 1/(2 T1) + 1/T_phi. Without dephasing T2 = 2 T1, and never more.",
    because=r"""
        Falling shrinks the coherence by $\sqrt{1-\gamma} = e^{-t/2T_1}$, the kicks by $e^{-t/T_\varphi}$. The
        exponents add.
    """,
)
def coherence_time(t1, t_phi):
    r"""A qubit falls with $T_1$ and, besides, its phase is kicked at random so that coherences shrink by
    $e^{-t/T_\varphi}$. Write `coherence_time(t1, t_phi)`: its $T_2$.
    """
    return 1 / (1 / (2 * t1) + 1 / t_phi)


@coherence_time.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_coherence_time of the old module
    yield ()


@coherence_time.mistake(
    "for T1 = 100 and T_phi = 300 you say 75; it is 120. The fall costs the coherence only the root of what it "
    "costs the population: 1/(2 T1)."
)
def full_rate_of_t1(t1, t_phi):
    return 1 / (1 / t1 + 1 / t_phi)


@coherence_time.mistake(
    "for T1 = 100 and T_phi = 300 you say 200; it is 120. Not the shorter of the two: both act at once, so their "
    "rates add."
)
def the_shorter_one(t1, t_phi):
    return min(2 * t1, t_phi)


@coherence_time.mistake(
    "for T1 = 100 and T_phi = 300 you say 500; it is 120. You added times. Rates add, and a rate is 1/time."
)
def adds_times(t1, t_phi):
    return 2 * t1 + t_phi


@coherence_time.mistake(
    "for T1 = 100 and T_phi = 300 you say 0.008333; it is 120. That is the rate 1/T2; turn it over."
)
def a_rate(t1, t_phi):
    return 1 / (2 * t1) + 1 / t_phi
