"""The phase error of a state that was never sent."""

import numpy as np

from qlearn.exercises import exercise

_STATES = np.array([[1, 0], [0, 1], [2**-0.5, 2**-0.5], [2**-0.5, -(2**-0.5)]])


@exercise(
    level="core",
    right="three states and all counts are BB84: the fourth row is a sum. Per pulse sent, since Eve may swallow what she likes.",
    because=r"""
        $|0\rangle\langle 0| + |1\rangle\langle 1| = |+\rangle\langle +| + |-\rangle\langle -|$, and what a line does is
        linear, clicks and losses alike: $Y(b|-) = Y(b|0) + Y(b|1) - Y(b|+)$ with Y per pulse *sent*. The wrong clicks are
        $Y(-|+)$ and $Y(+|-)$; all clicks of the two states are those of 0 and 1.
    """,
)
def fourth_state(sent, clicks):
    """Alice sent the states 0, 1 and +; Bob asked X. `sent`: how many pulses of each of the three were asked in X, an
    array of shape (3,). `clicks`, shape (3, 2): how often + (column 0) and - (column 1) clicked; other pulses were lost.
    Return the phase error: of the clicks that + and - would make if both were sent equally often, the share that is
    wrong. The state - was never sent. Given: `np`.
    """
    yields = clicks / sent[:, None]
    minus = yields[0] + yields[1] - yields[2]
    return (yields[2, 1] + minus[0]) / (yields[2].sum() + minus.sum())


@fourth_state.cases
def lines(rng):
    """Honest lines and Eves who swallow one state more than another; unequal numbers of pulses; many clicks and few."""
    for swallowed in (0.0, 0.3, 0.9, None, None):
        sent = rng.integers(10**5, 10**6, size=3).astype(float)
        kraus = np.linalg.qr(rng.normal(size=(6, 2)))[0].reshape(3, 2, 2)[:2] * rng.uniform(0.1, 0.6)
        if swallowed is not None:  # lets + pass, and so much less of -
            turn = _STATES[2:]
            kraus = (turn @ np.diag([1.0, np.sqrt(1 - swallowed)]) @ turn)[None] * rng.uniform(0.1, 0.9)
        chance = (abs(np.einsum("bi,kij,sj->ksb", _STATES[2:], kraus, _STATES[:3])) ** 2).sum(axis=0)
        noise = rng.uniform(0, 0.1)
        chance = (1 - noise) * chance + noise * chance.sum(axis=1, keepdims=True) / 2
        yield sent, np.round(chance * sent[:, None])


@fourth_state.mistake(
    "you divide each row by its clicks. Eve may swallow one state more than another, and then such shares do not sum: divide "
    "by the pulses sent."
)
def among_clicks(sent, clicks):
    shares = clicks / clicks.sum(axis=1, keepdims=True)
    minus = shares[0] + shares[1] - shares[2]
    return (shares[2, 1] + minus[0]) / (shares[2].sum() + minus.sum())


@fourth_state.mistake(
    "numbers of pulses differ from state to state: divide clicks by the pulses sent before you add rows."
)
def counts_not_yields(sent, clicks):
    minus = clicks[0] + clicks[1] - clicks[2]
    return (clicks[2, 1] + minus[0]) / (clicks[2].sum() + minus.sum())


@fourth_state.mistake(
    "this is how often + is wrong. The state - may come out otherwise, and it can be computed."
)
def plus_alone(sent, clicks):
    return clicks[2, 1] / clicks[2].sum()


@fourth_state.mistake("the row of - is the sum of 0 and 1 *less* that of +, not half of it.")
def mean_of_zero_and_one(sent, clicks):
    yields = clicks / sent[:, None]
    minus = (yields[0] + yields[1]) / 2
    return (yields[2, 1] + minus[0]) / (yields[2].sum() + minus.sum())


@fourth_state.mistake("for - the wrong click is +, column 0: you count what is right.")
def wrong_column(sent, clicks):
    yields = clicks / sent[:, None]
    minus = yields[0] + yields[1] - yields[2]
    return (yields[2, 1] + minus[1]) / (yields[2].sum() + minus.sum())


@fourth_state.mistake(
    "a mean of two error rates takes both states as equally loud. Add the wrong clicks, then divide by all clicks."
)
def mean_of_rates(sent, clicks):
    yields = clicks / sent[:, None]
    minus = yields[0] + yields[1] - yields[2]
    return (yields[2, 1] / yields[2].sum() + minus[0] / minus.sum()) / 2


@fourth_state.mistake("wrong clicks per pulse: a phase error is a share of the clicks.")
def per_pulse(sent, clicks):
    yields = clicks / sent[:, None]
    minus = yields[0] + yields[1] - yields[2]
    return (yields[2, 1] + minus[0]) / 2
