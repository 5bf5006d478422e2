"""The batch: many drifting links at once, with few observations and expected keys, to learn on; judged on LinkEnv."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from gymnasium.spaces import Discrete, MultiDiscrete
from gymnasium.vector import AutoresetMode, VectorEnv
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_reals
from qlearn._types import Array
from qlearn.control.adaptive_qkd.drifting_link import Drift, as_link_trace
from qlearn.control.adaptive_qkd.link_environment import as_drift
from qlearn.control.adaptive_qkd.link_settings import KeyTable


@dataclass(frozen=True)
class LinkBins:
    """What is told apart of a link: bins of loss and misalignment, numbered together.

    Parameters
    ----------
    losses_db, misalignments : sequence of float
        Inner edges, rising; k edges make k + 1 bins.

    Examples
    --------
    >>> bins = LinkBins([8, 10, 12], [0.01])
    >>> bins.n, bins.index([7.0, 11.0], [0.02, 0.02])
    (8, array([1, 5]))
    """

    losses_db: Sequence[float]
    misalignments: Sequence[float]

    def __post_init__(self) -> None:
        for name in ("losses_db", "misalignments"):
            edges = as_reals(getattr(self, name), name, least=0)
            if edges.ndim != 1 or (np.diff(edges) <= 0).any():
                raise ValueError(
                    f"{name} must be the inner edges of the bins, rising, not {getattr(self, name)}"
                )
            object.__setattr__(self, name, tuple(edges.tolist()))

    @property
    def n(self) -> int:
        """Number of observations."""
        return (len(self.losses_db) + 1) * (len(self.misalignments) + 1)

    def index(self, loss_db: ArrayLike, misalignment: ArrayLike) -> NDArray[np.intp]:
        """Return the number of the bin of each state of the link."""
        if np.isnan(loss_db).any() or np.isnan(misalignment).any():
            raise ValueError("loss_db and misalignment must not be nan: a gap in the record is in no bin")
        row = np.searchsorted(self.losses_db, loss_db, side="right")
        column = np.searchsorted(self.misalignments, misalignment, side="right")
        return np.asarray(row * (len(self.misalignments) + 1) + column)


class LinkVector(VectorEnv):
    r"""Many independent drifting links, for learners whose policy is a table: quick, and rough in two ways.

    The *reward* is the key to expect of the slot, from a :class:`KeyTable`, over the most that a setting of the table makes
    anywhere: between 0 and 1. The *observation* is the bin of the link's last state. What :class:`LinkEnv` has besides, the
    noise of the counts, is far below the width of a bin for blocks of :math:`10^9` pulses. Blocks are of one slot.

    Parameters
    ----------
    num_envs : int
        How many.
    table : KeyTable
        The settings that may be chosen, and their keys.
    bins : LinkBins
        What is observed.
    drift : Drift
        The links.
    slots : int
        Length of the episodes, all of which begin and are truncated together; then call :meth:`reset`.

    Examples
    --------
    >>> from qlearn.control.adaptive_qkd import DriftingLink, settings_for
    >>> table = KeyTable(settings_for([8, 14], [0.01], pulses=1e9), pulses=1e9)
    >>> envs = LinkVector(3, table, LinkBins([10], [0.02]), DriftingLink(), slots=10)
    >>> envs.reset(seed=1)[0].shape, envs.step([0, 1, 0])[1].shape
    ((3,), (3,))
    """

    metadata: dict[str, Any] = {"autoreset_mode": AutoresetMode.DISABLED}

    def __init__(self, num_envs: int, table: KeyTable, bins: LinkBins, drift: Drift, slots: int = 25) -> None:
        self.num_envs = as_count(num_envs, "num_envs")
        if not isinstance(table, KeyTable):
            raise TypeError(f"table must be a KeyTable, not {type(table).__name__}")
        if not isinstance(bins, LinkBins):
            raise TypeError(f"bins must be LinkBins, not {type(bins).__name__}")
        if not table.most > 0:
            raise ValueError(
                "table must have a setting that makes a key somewhere: rewards are shares of the most"
            )
        if any(setting.slots != 1 for setting in table.settings):
            raise ValueError("table must be of settings of one slot: longer blocks are what LinkEnv has")
        self.table, self.bins, self.drift = table, bins, as_drift(drift)
        self.slots = as_count(slots, "slots")
        n = len(table.settings)
        self.single_observation_space, self.single_action_space = Discrete(bins.n), Discrete(n)
        self.observation_space = MultiDiscrete([bins.n] * num_envs)
        self.action_space = MultiDiscrete([n] * num_envs)
        self._keys: Array | None = None

    def reset(
        self, *, seed: Any = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.intp], dict[str, Any]]:
        """Start all episodes, as they end together; returns the observations, shape (num_envs,)."""
        super().reset(seed=seed)
        length = self.slots + 1
        traces = [
            as_link_trace(self.drift.draw(length, self.np_random), length) for _ in range(self.num_envs)
        ]
        loss = np.array([trace.loss_db for trace in traces])
        wrong = np.array([trace.misalignment for trace in traces])
        if np.isnan(loss).any() or np.isnan(wrong).any():
            raise ValueError(
                "drift must be without gaps here: LinkEnv is what carries on over a missing slot"
            )
        self._seen, self._slot = self.bins.index(loss, wrong), 0
        self._keys = self.table.keys(loss, wrong) / self.table.most
        return self._seen[:, 0].copy(), {}

    def step(self, actions: Any) -> tuple[NDArray, NDArray, NDArray, NDArray, dict[str, Any]]:
        """Send one block on each link; returns observations, rewards, False, whether truncated, and nothing else."""
        if self._keys is None:
            raise RuntimeError("call reset() before step(): the episodes must have begun")
        if self._slot >= self.slots:
            raise RuntimeError("the episodes are over: call reset() before the next step()")
        chosen = np.asarray(actions)
        n = len(self.table.settings)
        if (
            chosen.shape != (self.num_envs,)
            or chosen.dtype.kind not in "iu"
            or not ((chosen >= 0) & (chosen < n)).all()
        ):
            raise ValueError(f"actions must be {self.num_envs} settings, each 0 to {n - 1}, not {actions!r}")
        self._slot += 1
        rewards = self._keys[np.arange(self.num_envs), self._slot, chosen]
        truncated = np.full(self.num_envs, self._slot >= self.slots)
        return self._seen[:, self._slot].copy(), rewards, np.zeros_like(truncated), truncated, {}


def bin_values(
    table: KeyTable, bins: LinkBins, drift: Drift, *, slots: int = 200_000, rng: Any = None
) -> NDArray[np.float64]:
    r"""Return what each setting makes on average after each observation, secret bits per pulse, shape (observations, settings).

    .. math:: v_{oa} = \mathbb{E}\bigl[K_a(x_{t+1}) \,\big|\, o(x_t) = o\bigr]

    by one long run of the link. What is chosen changes neither the link nor what is seen of it, so the largest entry of each
    row is the best policy of the last observation: there is nothing to explore for. A learner can reach it, not pass it.

    Parameters
    ----------
    table, bins, drift
        As for :class:`LinkVector`.
    slots : int
        Length of the run.
    rng : optional
        Anything :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of float, shape (observations, settings)
        A row of an observation that did not occur holds the averages over all slots.

    Examples
    --------
    >>> from qlearn.control.adaptive_qkd import DriftingLink, settings_for
    >>> table = KeyTable(settings_for([8, 14], [0.01], pulses=1e9), pulses=1e9)
    >>> bin_values(table, LinkBins([11], []), DriftingLink(), rng=1).argmax(axis=1)
    array([0, 1])
    """
    length = as_count(slots, "slots", least=2)
    trace = as_link_trace(as_drift(drift).draw(length, rng), length)
    whole = ~(trace.missing[1:] | trace.missing[:-1])  # over a gap nothing is known of what follows what
    if not whole.any():
        raise ValueError("drift must draw two slots in a row somewhere: here each has a gap beside it")
    keys = table.keys(trace.loss_db[1:][whole], trace.misalignment[1:][whole])
    seen = bins.index(trace.loss_db[:-1][whole], trace.misalignment[:-1][whole])
    times = np.bincount(seen, minlength=bins.n)
    sums = np.stack([np.bincount(seen, column, bins.n) for column in keys.T], axis=-1)
    return np.where(times[:, None] > 0, sums / np.maximum(times, 1)[:, None], keys.mean(axis=0))
