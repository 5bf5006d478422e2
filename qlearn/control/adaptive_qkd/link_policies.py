"""Policies on a link: one setting for ever, the best forecast, the oracle who sees the coming slot; and how they play."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import index
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_reals
from qlearn._types import Array
from qlearn.control.adaptive_qkd.drifting_link import DriftingLink, misalignment_at
from qlearn.control.adaptive_qkd.link_batch import LinkBins
from qlearn.control.adaptive_qkd.link_environment import LinkEnv
from qlearn.control.adaptive_qkd.link_settings import KeyTable

LinkPolicy = Callable[[Array], int]
"""From the last observation of a :class:`LinkEnv` to the next action."""


@dataclass(frozen=True, eq=False)
class LinkSession:
    """A session that was played.

    Parameters
    ----------
    rate : float
        Secret bits per pulse, costs taken off.
    actions : ndarray of int, shape (blocks,)
    rewards : ndarray of float, shape (blocks,)
    failure : float
        The failures of all its blocks, added up: what keys made by the method "exact" may together be short of perfect. The
        rewards are no security statement.
    skipped : tuple of int
        Slots that were missing.
    """

    rate: float
    actions: NDArray[np.intp]
    rewards: Array
    failure: float
    skipped: tuple[int, ...]


def play_link(env: LinkEnv, policy: LinkPolicy, seed: int | None = None) -> LinkSession:
    """Play one session of a link to its end.

    Parameters
    ----------
    env : LinkEnv
        One seed is one link, whatever is done on it: two policies are compared on the same seeds.
    policy : callable
        From the observation to the action.
    seed : int, optional

    Returns
    -------
    LinkSession

    Examples
    --------
    >>> session = play_link(LinkEnv(slots=30), lambda seen: 1, seed=3)
    >>> session.actions.size, session.rate > 1e-5, round(session.failure, 12)
    (30, True, 3e-09)
    """
    inner = _as_env(env)
    if not callable(policy):
        raise TypeError(f"policy must be a function of the observation, not {policy!r}")
    observation, info = env.reset(seed=seed)
    actions, rewards, over = [], [], False
    while not over:
        actions.append(_as_action(policy(observation)))
        observation, reward, stopped, cut, info = env.step(actions[-1])
        rewards.append(reward)
        over = stopped or cut
    paid = np.array(rewards)
    return LinkSession(
        float(paid.sum() / inner.slots),
        np.array(actions),
        paid,
        float(info["failure"]),
        tuple(inner.skipped),
    )


def bin_policy(bins: LinkBins, table: ArrayLike) -> LinkPolicy:
    """Return the policy that takes, after each observation, the action with the largest entry of its row.

    Parameters
    ----------
    bins : LinkBins
    table : array_like, shape (observations, settings)
        Probabilities, values or scores, for example of :func:`bin_values` or of a trained policy.

    Returns
    -------
    callable

    Examples
    --------
    >>> policy = bin_policy(LinkBins([10], []), [[1, 0], [0, 1]])
    >>> [policy(np.array([loss, 0.01, 0, 1])) for loss in (8.0, 12.0)]
    [0, 1]
    """
    rows = as_reals(table, "table")
    if rows.ndim != 2 or len(rows) != bins.n:
        raise ValueError(
            f"table must have a row for each of the {bins.n} observations, not shape {rows.shape}"
        )
    best = rows.argmax(axis=1)
    return lambda seen: int(best[bins.index(seen[0], seen[1])])


def forecast_policy(table: KeyTable, drift: DriftingLink, *, nodes: int = 11) -> LinkPolicy:
    r"""Return the policy of most expected key for one who knows how the link drifts and has seen its last state.

    .. math:: a_t = \operatorname*{arg\,max}_a\; \mathbb{E}\bigl[K_a(L_{t+1}, e_{t+1}) \,\big|\, L_t, e_t\bigr]

    for blocks of one slot and *among the settings of the table*, by Gauss-Hermite quadrature; a finer table can make more. The
    processes are of first order and what is chosen does not move them, so looking further back or further ahead brings
    nothing, up to the noise of the counts. The sign of the angle is unknown and, about 0, not needed.

    Parameters
    ----------
    table : KeyTable
    drift : DriftingLink
        About the angle 0, and without spells.
    nodes : int
        Of the quadrature, in either direction.

    Returns
    -------
    callable

    Examples
    --------
    >>> from qlearn.control.adaptive_qkd import settings_for
    >>> table = KeyTable(settings_for([8, 14], [0.01], pulses=1e9), pulses=1e9)
    >>> policy = forecast_policy(table, DriftingLink(loss_db=11))
    >>> [policy(np.array([loss, 0.01, 0, 1])) for loss in (7.0, 15.0)]
    [0, 1]
    """
    if not isinstance(drift, DriftingLink):
        raise TypeError(f"drift must be a DriftingLink, whose law is known, not {type(drift).__name__}")
    if drift.angle or drift.spells is not None:
        raise ValueError(
            "drift must be about the angle 0 and without spells: elsewhere the last state does not say where the angle is "
            "going, nor whether a spell is on"
        )
    x, w = np.polynomial.hermite_e.hermegauss(as_count(nodes, "nodes"))
    weights = np.outer(w, w) / (2 * np.pi)
    fresh = np.sqrt(1 - drift.memory**2)
    own = drift.link.misalignment

    def policy(seen: Array) -> int:
        loss = drift.loss_db + drift.memory * (seen[0] - drift.loss_db) + fresh * drift.loss_spread_db * x
        angle = np.arcsin(np.sqrt(np.clip((seen[1] - own) / (1 - 2 * own), 0, 1)))
        turned = drift.memory * angle + fresh * drift.angle_spread * x
        keys = table.keys(np.maximum(loss, 0)[:, None], misalignment_at(turned, drift.link)[None, :])
        return int(np.tensordot(weights, keys, axes=2).argmax())

    return policy


def oracle_policy(env: LinkEnv, table: KeyTable) -> LinkPolicy:
    """Return the policy that reads the coming slot from the environment's truth: a ceiling that nobody has in a session.

    Parameters
    ----------
    env : LinkEnv
        On which it will be played.
    table : KeyTable
        Of the settings of `env`.

    Returns
    -------
    callable

    Examples
    --------
    >>> env = LinkEnv(slots=30)
    >>> table = KeyTable(env.settings, pulses=env.pulses)
    >>> rates = [play_link(env, policy, seed=3).rate for policy in (oracle_policy(env, table), lambda seen: 1)]
    >>> rates[0] > rates[1]
    True
    """
    inner = _as_env(env)
    if table.settings != inner.settings:
        raise ValueError("table must be of the settings of env, in the same order")

    def policy(seen: Array) -> int:
        assert inner.trace is not None
        loss, wrong = (part[inner.slot] for part in (inner.trace.loss_db, inner.trace.misalignment))
        return 0 if np.isnan(loss + wrong) else int(table.keys(loss, wrong).argmax())

    return policy


def _as_action(action: Any) -> int:
    try:
        return int(index(action))
    except TypeError:
        raise TypeError(
            f"policy must return the number of an action, a whole number, not {action!r}"
        ) from None


def _as_env(env: Any) -> LinkEnv:
    inner = getattr(env, "unwrapped", env)
    if not isinstance(inner, LinkEnv):
        raise TypeError(f"env must be a LinkEnv, not {type(env).__name__}")
    return inner
