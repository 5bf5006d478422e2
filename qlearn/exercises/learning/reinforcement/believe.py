"""What is believed of channels after a noisy report."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="Bayes, then weather: two lines carry all that the past can say about the future.",
    because="""
        First Bayes' rule on the channel that was reported, then one slot of weather on all of them. This belief is
        all that a sender needs to remember (Smallwood and Sondik 1973); `belief_mdp` walks through all that can be
        reached.
    """,
)
def believe(belief, used, told, fade, recover, noise):
    """`belief` (an array) holds the probability of each
    channel to be good in a slot; channel `used` was reported good (`told` = 1) or bad (0), wrongly with
    probability `noise`. From one slot to the next a good channel becomes bad with probability `fade`, a bad one good with
    `recover`. Return the probabilities for the *next* slot. Given: `np`.
    """
    now = np.array(belief, float)
    good = now[used] * (1 - noise if told else noise)
    bad = (1 - now[used]) * (noise if told else 1 - noise)
    now[used] = good / (good + bad)
    return now * (1 - fade) + (1 - now) * recover


@believe.cases
def reports(rng):
    """One channel to five, good and bad reports, without noise and worse than a coin; weather of all kinds."""
    for n, told, noise in (
        (2, 0, 0.25),
        (2, 1, 0.0),
        (3, 1, 0.1),
        (1, 0, 0.3),
        (4, 0, 0.0),
        (5, 1, 0.8),
        (2, 1, 0.5),
    ):
        belief = rng.uniform(0.05, 0.95, n)
        fade, recover = rng.uniform(0.02, 0.9, 2)
        yield belief, int(rng.integers(n)), told, float(fade), float(recover), noise
    for told in (0, 1):
        noise = float(rng.uniform(0.05, 0.45))
        yield rng.uniform(0.05, 0.95, 3), int(rng.integers(3)), told, 0.1, float(rng.uniform(0.3, 0.8)), noise


def _bayes(belief, used, told, noise):
    now = np.array(belief, float)
    good = now[used] * (1 - noise if told else noise)
    bad = (1 - now[used]) * (noise if told else 1 - noise)
    now[used] = good / (good + bad)
    return now


def _ahead(now, fade, recover):
    return now * (1 - fade) + (1 - now) * recover


@believe.mistake(
    "this is what is known of the slot that is over. One slot of weather comes before the next choice."
)
def no_weather(belief, used, told, fade, recover, noise):
    return _bayes(belief, used, told, noise)


@believe.mistake("you take the report for the truth. With noise it is only evidence: Bayes' rule.")
def trusts_the_report(belief, used, told, fade, recover, noise):
    now = np.array(belief, float)
    now[used] = told
    return _ahead(now, fade, recover)


@believe.mistake("the channels that nobody looked at go on changing too: what is known of them fades.")
def only_the_one_used(belief, used, told, fade, recover, noise):
    now = _bayes(belief, used, told, noise)
    now[used] = _ahead(now[used], fade, recover)
    return now


@believe.mistake(
    "the report is about the channel `used` alone: the others keep what was believed of them, and fade."
)
def every_channel_reported(belief, used, told, fade, recover, noise):
    now = np.array(belief, float)
    for k in range(len(now)):
        now = _bayes(now, k, told, noise)
    return _ahead(now, fade, recover)


@believe.mistake(
    "that is how likely a good channel *and* this report are together. Divide by the chance of the report."
)
def no_normalisation(belief, used, told, fade, recover, noise):
    now = np.array(belief, float)
    now[used] *= 1 - noise if told else noise
    return _ahead(now, fade, recover)


@believe.mistake(
    "you take how likely the report is for the belief. What was believed before counts too: Bayes' rule."
)
def no_prior(belief, used, told, fade, recover, noise):
    now = np.array(belief, float)
    now[used] = 1 - noise if told else noise
    return _ahead(now, fade, recover)


@believe.mistake("the report is about the slot that is over: first Bayes' rule, then the weather.")
def weather_first(belief, used, told, fade, recover, noise):
    return _bayes(_ahead(np.array(belief), fade, recover), used, told, noise)


@believe.mistake("fade and recover are exchanged: `fade` is the way from good to bad.")
def exchanged(belief, used, told, fade, recover, noise):
    return _ahead(_bayes(belief, used, told, noise), recover, fade)


@believe.mistake("a bad channel stays bad with you. It recovers with `recover`.")
def never_recovers(belief, used, told, fade, recover, noise):
    return _ahead(_bayes(belief, used, told, noise), fade, 0)


@believe.mistake("you let a bad channel recover twice as often as a good one fades; `recover` is given.")
def recovers_twice_as_often(belief, used, told, fade, recover, noise):
    return _ahead(_bayes(belief, used, told, noise), fade, 2 * fade)


@believe.mistake("you take every report for a good one: `told` says which it was.")
def always_told_good(belief, used, told, fade, recover, noise):
    return _ahead(_bayes(belief, used, 1, noise), fade, recover)


@believe.mistake(
    "you take reports the wrong way round: `told` = 1 speaks for a good channel where noise is below 1/2."
)
def told_the_wrong_way_round(belief, used, told, fade, recover, noise):
    return _ahead(_bayes(belief, used, 1 - told, noise), fade, recover)


@believe.mistake("the report has not changed anything.")
def deaf(belief, used, told, fade, recover, noise):
    return _ahead(np.array(belief, float), fade, recover)
