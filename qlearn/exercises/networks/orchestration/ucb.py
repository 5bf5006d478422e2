"""Learn which setting is best while using it."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="stretch",
    same=equal,
    right="what is rarely tried keeps a wide margin, and so is tried again.",
    because=r"""
        UCB1 (Auer, Cesa-Bianchi and Fischer 2002) takes the arm whose mean *could* be the highest: by Hoeffding's inequality the
        true mean of an arm seen n times lies above $\bar x+\sqrt{2\ln t/n}$ with a chance of at most $t^{-4}$. A message that is
        lost teaches nothing, as long as the loss has nothing to do with the reward: it counts neither in n nor in t. Counted as
        a reward of 0 it would speak against a setting that was merely used while the line was down; left as `nan` in a sum, it
        would spoil all that comes after.
    """,
)
def ucb(rewards):
    r"""An orchestrator tries settings, one in each round. `rewards` is an array of shape (rounds, settings): entry (r, k) is the
    reward, from 0 to 1, that setting k would bring in round r, or `nan` if the message with it is lost. Only the entry of the
    setting that was chosen is seen. In each round choose the first setting of which no reward has been seen yet. If there is
    none, choose that with the largest

    $\bar x_k+\sqrt{2\ln t/n_k}$,

    where $n_k$ rewards of setting k have been seen so far, $\bar x_k$ is their mean, and $t=\sum_k n_k$; no two are equal. What
    is lost is not seen. Return a list of the settings chosen, from 0, one for each round.
    """
    n, total = np.zeros((2, rewards.shape[1]))
    chosen = []
    for row in rewards:
        k = int(np.argmin(n > 0))  # the first that is not seen yet
        if n.all():
            k = int(np.argmax(total / n + np.sqrt(2 * np.log(n.sum()) / n)))
        chosen.append(k)
        if not np.isnan(row[k]):
            n[k] += 1
            total[k] += row[k]
    return chosen


@ucb.cases
def histories(rng):
    """Two settings to five, one round and many; all messages, most and few; one setting that loses more of them; fewer rounds
    than settings; one setting alone."""
    for rounds, settings, lost in (
        (1, 3, 0.0),
        (3, 5, 0.0),
        (60, 2, 0.0),
        (80, 3, 0.2),
        (100, 4, 0.4),
        (60, 5, 0.1),
        (120, 2, 0.3),
        (400, 3, 0.1),
    ):
        means = rng.uniform(0.2, 0.8, settings)
        rewards = rng.beta(3 * means, 3 * (1 - means), (rounds, settings))
        gone = rng.random(rewards.shape) < lost * rng.uniform(0.5, 1.5, settings)
        if lost:
            gone[1, 1] = True  # a first try that is not heard of
        yield (np.where(gone, np.nan, rewards),)
    faded = np.column_stack([rng.uniform(0, 0.05, 80), rng.uniform(0.4, 0.6, 80)])
    faded[0, 0] = 0.9  # good in the first round, and never again
    yield (faded,)
    yield (np.ones((12, 1)),)


def _slip(rewards, **changed):
    n, total = np.zeros((2, rewards.shape[1]))
    lost = changed.get("lost", lambda reward: None)
    chosen = []
    for number, row in enumerate(rewards):
        if (n == 0).any():
            k = changed.get("untried", lambda new: int(np.argmax(new)))(n == 0)
        else:
            t = changed.get("t", lambda n, number: n.sum())(n, number)
            mean = changed.get("mean", lambda total, n: total / n)(total, n)
            with np.errstate(invalid="ignore"):
                index = mean + changed.get("margin", lambda t, n: np.sqrt(2 * np.log(t) / n))(t, n)
            k = int(changed.get("which", np.argmax)(index))
        chosen.append(k)
        reward = lost(row) if np.isnan(row[k]) else row[k]
        if reward is not None:
            n[k] += 1
            total[k] += reward
    return chosen


@ucb.mistake(
    "the margin is missing: whoever takes the best mean so far never learns that another was unlucky."
)
def without_margin(rewards):
    return _slip(rewards, margin=lambda t, n: 0)


@ucb.mistake("the 2 under the root is missing.")
def without_the_two(rewards):
    return _slip(rewards, margin=lambda t, n: np.sqrt(np.log(t) / n))


@ucb.mistake("the root is missing.")
def without_the_root(rewards):
    return _slip(rewards, margin=lambda t, n: 2 * np.log(t) / n)


@ucb.mistake("the 2 stands under the root.")
def two_outside_the_root(rewards):
    return _slip(rewards, margin=lambda t, n: 2 * np.sqrt(np.log(t) / n))


@ucb.mistake(
    "the logarithm is that of t, the rewards seen of *all* settings: every setting would be left alone with its own n."
)
def logarithm_of_its_own(rewards):
    return _slip(rewards, margin=lambda t, n: np.sqrt(2 * np.log(n) / n))


@ucb.mistake("the logarithm is the natural one.")
def logarithm_to_base_two(rewards):
    return _slip(rewards, margin=lambda t, n: np.sqrt(2 * np.log2(t) / n))


@ucb.mistake("a lost message is no reward of 0: it is not seen, and counts in nothing.")
def lost_is_zero(rewards):
    return _slip(rewards, lost=lambda row: 0.0)


@ucb.mistake("t counts the rewards *seen*, and not the rounds.")
def rounds_for_t(rewards):
    return _slip(rewards, t=lambda n, number: number)


@ucb.mistake("t is the number of rewards seen so far: you count one more.")
def one_more(rewards):
    return _slip(rewards, t=lambda n, number: n.sum() + 1)


@ucb.mistake(
    "a `nan` has got into a mean, and from there on nothing can be compared: leave lost messages out."
)
def nan_in_the_mean(rewards):
    return _slip(rewards, lost=lambda row: np.nan)


@ucb.mistake("a setting whose first message was lost has still not been seen: it is the next to be chosen.")
def each_once_then_on(rewards):
    n, total = np.zeros((2, rewards.shape[1]))
    chosen = []
    for number, row in enumerate(rewards):
        if number < len(n):
            k = number
        else:
            seen = np.maximum(n, 1)
            k = int(np.argmax(total / seen + np.sqrt(2 * np.log(max(n.sum(), 1)) / seen)))
        chosen.append(k)
        if not np.isnan(row[k]):
            n[k] += 1
            total[k] += row[k]
    return chosen


@ucb.mistake("of several settings not seen yet the *first* is chosen, and you take the last.")
def the_last_untried(rewards):
    return _slip(rewards, untried=lambda new: int(np.flatnonzero(new)[-1]))


@ucb.mistake("you take the sum of the rewards for their mean: whatever was chosen often would win.")
def sum_for_mean(rewards):
    return _slip(rewards, mean=lambda total, n: total)


@ucb.mistake("you look at rewards of settings that were not chosen: nobody has seen them.")
def sees_all(rewards):
    chosen = []
    for number in range(len(rewards)):
        n = (~np.isnan(rewards[:number])).sum(axis=0)
        if (n == 0).any():
            chosen.append(int(np.argmax(n == 0)))
            continue
        mean = np.nansum(rewards[:number], axis=0) / n
        chosen.append(int(np.argmax(mean + np.sqrt(2 * np.log(n.sum()) / n))))
    return chosen


@ucb.mistake("you choose the *smallest* value.")
def the_smallest(rewards):
    return _slip(rewards, which=np.argmin)


@ucb.mistake("the margin is taken off with you: optimism adds it.")
def pessimist(rewards):
    return _slip(rewards, margin=lambda t, n: -np.sqrt(2 * np.log(t) / n))


@ucb.mistake("settings are numbered from 0.")
def from_one(rewards):
    return [k + 1 for k in _slip(rewards)]
