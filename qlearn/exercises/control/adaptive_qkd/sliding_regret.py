"""The regret of a bandit that forgets, on a link that changes."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    intact=True,
    right="a short window follows the link and goes on paying for it, a long one remembers a link that is gone.",
    because=r"""
        Only pulls inside the window count, in the mean and in the number under the root, and an arm that has fallen out of it is
        tried again at once. The regret of a link that changes is counted against the arm that is best *in that block*: a
        fixed arm may have large regret too. Garivier and Moulines (2008, arXiv:0805.3415) bound it; how long the window
        should be depends on how often the link changes, which nobody tells you.
    """,
)
def sliding_regret(chances, rewards, window):
    r"""In block t, arm a makes a key (1) or not (0): `rewards[t, a]`, and its chance to do so is `chances[t, a]`, which changes;
    both have the shape (blocks, arms). Play UCB with a sliding window: at block t, look at the blocks t - `window` to t - 1 alone
    (as many of them as there are). An arm that was not pulled in them is pulled now, the first of several. Else the arm with the
    largest

    $\bar x_a+\sqrt{\frac{2\ln\min(t,\text{window})}{n_a}},$

    with its mean reward $\bar x_a$ and its pulls $n_a$ in the window; of equals the first. Blocks are numbered from t = 0. Return
    the regret after each block, an array: the sum, so far, of the *chance* of the arm that is best in that block less that of
    the arm that was pulled. Given: `np`.
    """
    blocks, arms = chances.shape
    pulled, lost = np.empty(blocks, dtype=int), np.empty(blocks)
    for t in range(blocks):
        recent = np.arange(max(0, t - window), t)
        pulls = np.bincount(pulled[recent], minlength=arms)
        won = np.bincount(pulled[recent], weights=rewards[recent, pulled[recent]], minlength=arms)
        arm = pulls.argmin()
        if pulls[arm]:
            arm = np.argmax(won / pulls + np.sqrt(2 * np.log(min(t, window)) / pulls))
        pulled[t], lost[t] = arm, chances[t].max() - chances[t, arm]
    return np.cumsum(lost)


@sliding_regret.cases
def links(rng):
    """Two arms to four; a link that stays, one that turns round once, one that wanders; windows short and beyond all blocks."""
    for blocks, arms, window in ((30, 2, 200), (60, 2, 12), (60, 3, 20), (80, 4, 9), (50, 2, 5), (90, 2, 40)):
        chances = np.tile(
            rng.permutation(np.linspace(0.2, 0.8, arms)) + rng.uniform(-0.1, 0.1, arms), (blocks, 1)
        )
        if window < blocks:
            turn = int(rng.integers(blocks // 3, blocks // 2))
            chances[turn:] = np.roll(chances[turn:], 1, axis=1)
        if arms == 2 and window == 5:
            chances = np.clip(0.5 + np.cumsum(rng.normal(0, 0.05, (blocks, arms)), axis=0), 0, 1)
        yield chances, (rng.random(chances.shape) < chances).astype(int), window


def _played(
    chances, rewards, window, *, width=2.0, clock=None, regret="best now", untried=True, horizon=None
):
    blocks, arms = chances.shape
    pulled, lost = np.empty(blocks, dtype=int), np.empty(blocks)
    for t in range(blocks):
        recent = np.arange(max(0, t - (window if horizon is None else horizon)), t)
        pulls = np.bincount(pulled[recent], minlength=arms)
        won = np.bincount(pulled[recent], weights=rewards[recent, pulled[recent]], minlength=arms)
        ever = np.bincount(pulled[:t], minlength=arms)
        arm = (pulls if untried else ever).argmin()
        if (pulls if untried else ever)[arm]:
            n = np.maximum(pulls, 1)
            time = min(t, window) if clock is None else clock(t)
            index = np.where(pulls > 0, won / n + np.sqrt(width * np.log(time) / n), 0.0)
            arm = np.argmax(index)
        pulled[t] = arm
        best = {"best now": chances[t].max(), "fixed": 0.0, "rewards": rewards[t].max()}[regret]
        lost[t] = best - (rewards[t, arm] if regret == "rewards" else chances[t, arm])
    if regret == "fixed":
        lost += chances[:, chances.sum(axis=0).argmax()]
    return np.cumsum(lost)


@sliding_regret.mistake("nothing is forgotten: only blocks in the window count, or an arm lives on its past.")
def without_a_window(chances, rewards, window):
    return _played(chances, rewards, window, horizon=10**9, clock=lambda t: t)


@sliding_regret.mistake(
    "the regret is counted against the arm that is best over all blocks: take the best *in each block*."
)
def against_a_fixed_arm(chances, rewards, window):
    return _played(chances, rewards, window, regret="fixed")


@sliding_regret.mistake("the regret is made of chances: with the rewards, luck is counted as well.")
def luck_counted(chances, rewards, window):
    return _played(chances, rewards, window, regret="rewards")


@sliding_regret.mistake("an arm without a pull in the window is tried again at once; yours waits for ever.")
def never_again(chances, rewards, window):
    return _played(chances, rewards, window, untried=False)


@sliding_regret.mistake(
    "under the root the time is that of the window: min(t, window), as much as can be remembered."
)
def time_goes_on(chances, rewards, window):
    return _played(chances, rewards, window, clock=lambda t: t)


@sliding_regret.mistake("the 2 under the root is missing.")
def without_the_two(chances, rewards, window):
    return _played(chances, rewards, window, width=1.0)


@sliding_regret.mistake("without the root you are greedy: doubt is what brings an arm back.")
def greedy(chances, rewards, window):
    return _played(chances, rewards, window, width=0.0)


@sliding_regret.mistake("your window holds one block more: t - window to t - 1.")
def one_block_more(chances, rewards, window):
    return _played(chances, rewards, window, horizon=window + 1)


@sliding_regret.mistake("your window holds one block less: t - window to t - 1.")
def one_block_less(chances, rewards, window):
    return _played(chances, rewards, window, horizon=window - 1)


@sliding_regret.mistake("you give the loss of each block; asked is its sum so far.")
def each_block(chances, rewards, window):
    return np.diff(_played(chances, rewards, window), prepend=0.0)


@sliding_regret.mistake("you give the regret of the whole run: return an array, the regret after each block.")
def the_last_alone(chances, rewards, window):
    return _played(chances, rewards, window)[-1]
