"""Believe."""

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
    """Write `believe(belief, used, told, fade, recover, noise)`: `belief` holds the probability of each
    channel to be good in a slot; channel `used` was reported good (`told` = 1) or bad (0), wrongly with
    probability `noise`. Return the probabilities for the *next* slot.
    """
    now = np.array(belief, float)
    good = now[used] * (1 - noise if told else noise)
    bad = (1 - now[used]) * (noise if told else 1 - noise)
    now[used] = good / (good + bad)
    return now * (1 - fade) + (1 - now) * recover


@believe.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_believe of the old module
    yield ()


@believe.mistake(
    "for the belief [0.4, 0.7], channel 1 reported bad, noise 0.25: this is what is known of the slot that is "
    "over. One slot of weather comes before the next choice."
)
def no_weather(belief, used, told, fade, recover, noise):
    now = np.array(belief, float)
    good = now[used] * (1 - noise if told else noise)
    bad = (1 - now[used]) * (noise if told else 1 - noise)
    now[used] = good / (good + bad)
    return now


@believe.mistake(
    "for the belief [0.4, 0.7], channel 1 reported bad, noise 0.25: you take the report for the truth. With noise"
    " it is only evidence: Bayes' rule."
)
def trusts_the_report(belief, used, told, fade, recover, noise):
    now = np.array(belief, float)
    now[used] = told
    return now * (1 - fade) + (1 - now) * recover


@believe.mistake(
    "for the belief [0.4, 0.7], channel 1 reported bad, noise 0.25: the channels that nobody looked at go on "
    "changing too: what is known of them fades."
)
def only_the_one_used(belief, used, told, fade, recover, noise):
    now = np.array(belief, float)
    good = now[used] * (1 - noise if told else noise)
    bad = (1 - now[used]) * (noise if told else 1 - noise)
    p = good / (good + bad)
    now[used] = p * (1 - fade) + (1 - p) * recover
    return now


@believe.mistake(
    "for the belief [0.4, 0.7], channel 1 reported bad, noise 0.25: that is how likely a good channel *and* this "
    "report are together. Divide by the chance of the report."
)
def no_normalisation(belief, used, told, fade, recover, noise):
    now = np.array(belief, float)
    now[used] *= 1 - noise if told else noise
    return now * (1 - fade) + (1 - now) * recover


@believe.mistake(
    "for the belief [0.4, 0.7], channel 1 reported bad, noise 0.25: you take how likely the report is for the "
    "belief. What was believed before counts too: Bayes' rule."
)
def no_prior(belief, used, told, fade, recover, noise):
    now = np.array(belief, float)
    now[used] = 1 - noise if told else noise
    return now * (1 - fade) + (1 - now) * recover


@believe.mistake(
    "for the belief [0.4, 0.7], channel 1 reported bad, noise 0.25: the report is about the slot that is over: "
    "first Bayes' rule, then the weather."
)
def weather_first(belief, used, told, fade, recover, noise):
    now = np.array(belief) * (1 - fade) + (1 - np.array(belief)) * recover
    good = now[used] * (1 - noise if told else noise)
    bad = (1 - now[used]) * (noise if told else 1 - noise)
    now[used] = good / (good + bad)
    return now


@believe.mistake(
    "for the belief [0.4, 0.7], channel 1 reported bad, noise 0.25: fade and recover are exchanged: `fade` is the"
    " way from good to bad."
)
def exchanged(belief, used, told, fade, recover, noise):
    now = np.array(belief, float)
    good = now[used] * (1 - noise if told else noise)
    bad = (1 - now[used]) * (noise if told else 1 - noise)
    now[used] = good / (good + bad)
    return now * (1 - recover) + (1 - now) * fade


@believe.mistake(
    "for the belief [0.8, 0.4], channel 0 reported bad, noise 0.15: you let a bad channel recover with 0.2, twice"
    " `fade`; `recover` is given, here 0.35."
)
def recovers_twice_as_often(belief, used, told, fade, recover, noise):
    now = np.array(belief, float)
    good = now[used] * (1 - noise if told else noise)
    bad = (1 - now[used]) * (noise if told else 1 - noise)
    now[used] = good / (good + bad)
    return now * (1 - fade) + (1 - now) * 2 * fade


@believe.mistake(
    "for the belief [0.4, 0.7], channel 1 reported bad, noise 0.25: the report has not changed anything."
)
def deaf(belief, used, told, fade, recover, noise):
    now = np.array(belief, float)
    return now * (1 - fade) + (1 - now) * recover
