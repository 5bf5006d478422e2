"""Policy evaluation: what a policy that sees only its last slot delivers, exactly, without simulating."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_reals
from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott

# The long run is the limit of ever less discounting; two small discounts, extrapolated, are 1e-9 close to it.
_DISCOUNT_GAP = 1e-6


def stay_or_switch(n_channels: int) -> NDArray[np.float64]:
    """Return the policy: stay while it is good; after a bad slot move to the next channel, round and round.

    Parameters
    ----------
    n_channels : int

    Returns
    -------
    ndarray of float64, shape (2 n_channels, n_channels)
        Probability of each channel for each observation, :math:`2c + b`.

    Examples
    --------
    >>> stay_or_switch(2)  # used 0 and bad, 0 and good, 1 and bad, 1 and good
    array([[0., 1.],
           [1., 0.],
           [1., 0.],
           [0., 1.]])

    References
    ----------
    Ahmad, Liu, Javidi, Zhao, Krishnamachari, "Optimality of myopic sensing in multi-channel opportunistic
    access", 2009, arXiv:0811.0637: for equal channels with positive memory, and no noise, nothing is better.

    Taught in :doc:`/learning/reinforcement`.
    """
    n = as_count(n_channels, "n_channels")
    used, good = np.divmod(np.arange(2 * n), 2)
    return np.eye(n)[(used + 1 - good) % n]


def two_channel_share(fade: float, recover: float) -> float:
    r"""Return the largest long-run share of good slots on two equal channels, in closed form.

    .. math:: U = (1-f)\,\bigl[1 - (1-\omega)^2\bigr] + r\,(1-\omega)^2

    Whoever sees *both* channels picks one that was good: it stays good with probability 1 - f. Only if both were
    bad, a share :math:`(1-\omega)^2` of the slots, must he hope for a recovery. Stay-or-switch sees one channel and
    does as well: while it is good he would stay anyway, and after a bad slot the other one is good, or
    neither is.

    Parameters
    ----------
    fade, recover : float
        f and r of :class:`~qlearn.learning.reinforcement.gilbert_elliott.GilbertElliott`, with :math:`f + r \le 1`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the channels never change or have a negative memory.

    Examples
    --------
    >>> round(two_channel_share(0.1, 0.1), 6)  # half of the slots are good; memory gives more
    0.7
    >>> two_channel_share(0.5, 0.5)  # without memory, nothing
    0.5

    References
    ----------
    Zhao, Krishnamachari, Liu, "On myopic sensing for multi-channel opportunistic access: structure,
    optimality, and performance", 2008, arXiv:0712.0035 (the throughput of two channels, from the mean length
    of a stay: another formula, the same number).

    Taught in :doc:`/learning/reinforcement`.
    """
    links = GilbertElliott(2, fade, recover)
    if links.memory[0] < 0:
        raise ValueError(
            f"fade and recover must sum to at most 1, not {fade} and {recover}: a channel that prefers to change is best "
            "left after a good slot"
        )
    both_bad = float(1 - links.good_share[0]) ** 2
    return (1 - fade) * (1 - both_bad) + recover * both_bad


def long_run_share(channels: GilbertElliott, policy: ArrayLike) -> NDArray[np.float64]:
    r"""Return the share of slots that get through in the long run, for a policy of the last observation.

    .. math:: g = \lim_{\gamma\to1} (1-\gamma)\; \mu_0\,(1-\gamma M)^{-1}\, R

    Channels and observation together are a Markov chain of :math:`2^n\,2n` states with matrix M; the share is exact to 1e-8.

    Parameters
    ----------
    channels : GilbertElliott
    policy : array_like, shape (..., 2 n_channels, n_channels)
        Probabilities of each channel for each observation; leading axes are a batch.

    Returns
    -------
    ndarray of float64, shape (...,)

    Raises
    ------
    ValueError
        If `policy` has another shape, or a row is no probability distribution.

    Examples
    --------
    >>> import numpy as np
    >>> links = GilbertElliott(2, fade=0.1, recover=0.1)
    >>> long_run_share(links, [stay_or_switch(2), np.full((4, 2), 0.5)]).round(4)
    array([0.7, 0.5])

    Taught in :doc:`/learning/reinforcement`.
    """
    chain, reward, start = _chain(channels, policy)
    eye = np.eye(len(start))

    def discounted(gap: float) -> NDArray[np.float64]:
        values = np.linalg.solve(eye - (1 - gap) * chain, gap * reward[..., None])[..., 0]
        return values @ start

    return 2 * discounted(_DISCOUNT_GAP / 2) - discounted(_DISCOUNT_GAP)


def expected_return(channels: GilbertElliott, policy: ArrayLike, slots: int) -> NDArray[np.float64]:
    """Return the expected number of slots that get through in an episode of `slots` slots.

    Parameters
    ----------
    channels : GilbertElliott
    policy : array_like, shape (..., 2 n_channels, n_channels)
    slots : int

    Returns
    -------
    ndarray of float64, shape (...,)

    Raises
    ------
    ValueError, TypeError
        As :func:`long_run_share`; if `slots` is no count.

    Examples
    --------
    >>> float(expected_return(GilbertElliott(2), stay_or_switch(2), slots=1).round(6))  # 0.9 or 0.1 -> 0.5, known or not
    0.7

    Taught in :doc:`/learning/reinforcement`.
    """
    chain, reward, start = _chain(channels, policy)
    values = np.zeros_like(reward)
    for _ in range(as_count(slots, "slots")):
        values = reward + (chain @ values[..., None])[..., 0]
    return values @ start


def _chain(
    channels: GilbertElliott, policy: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return matrix, rewards and start of the chain of (joint state, observation)."""
    n, table = channels.n_channels, as_policy(policy, 2 * channels.n_channels, channels.n_channels)
    joint, states = channels.joint_matrix(), channels.all_states()
    wrong, every = channels.noise, len(joint)
    # chance to be told b of channel a in joint state h
    told = np.stack([np.where(states, wrong, 1 - wrong), np.where(states, 1 - wrong, wrong)], axis=-1)
    # (..., h, o, h', a, b): the weather goes from h to h', the policy picks a on seeing o, and is told b
    chain = np.einsum("hg,...oa,gab->...hogab", joint, table, told)
    size = every * 2 * n
    reward = np.einsum("ha,...oa->...ho", channels.ahead(states.astype(float)), table)
    start = channels.joint_share()[:, None, None] * told / n
    return (
        chain.reshape(*table.shape[:-2], size, size),
        reward.reshape(*table.shape[:-2], size),
        start.ravel(),
    )


def as_policy(policy: ArrayLike, n_observations: int, n_actions: int) -> NDArray[np.float64]:
    """Return `policy` as probabilities of shape (..., n_observations, n_actions)."""
    table = as_reals(policy, "policy", least=0, most=1)
    if table.shape[-2:] != (n_observations, n_actions):
        raise ValueError(
            f"policy must have shape (..., {n_observations}, {n_actions}): a row for each observation, a column for each "
            f"action; not {table.shape}"
        )
    sums = table.sum(axis=-1)
    if not np.allclose(sums, 1):
        raise ValueError(
            f"the rows of policy must sum to 1; one sums to {sums.flat[np.abs(sums - 1).argmax()]:g}"
        )
    return table
