"""The link as a Gymnasium environment: set the next block, see its counts, be paid in secret bits."""

from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import NDArray

from qlearn._checks import as_count, as_real
from qlearn._types import Array
from qlearn.communication.photons import Counts, Source
from qlearn.control.adaptive_qkd.drifting_link import Drift, DriftingLink, LinkTrace, as_link_trace
from qlearn.control.adaptive_qkd.link_settings import (
    MOST_LOSS_DB,
    Setting,
    as_settings,
    as_whole,
    block_key,
    drawn_tables,
    estimate_from,
    key_from,
    share_of,
)

_SECURITY, _CORRECTNESS, _EFFICIENCY = 1e-10, 1e-15, 1.16

# Lim's three intensities: for near and quiet links, for the middle, for far and noisy ones.
_DEFAULT = tuple(
    Setting(Source(means, shares, p_x))
    for means, shares, p_x in (
        ((0.47, 0.23, 2e-4), (0.3, 0.5, 0.2), 0.18),
        ((0.4, 0.18, 2e-4), (0.17, 0.56, 0.27), 0.25),
        ((0.3, 0.1, 2e-4), (0.08, 0.59, 0.33), 0.35),
    )
)


class LinkEnv(gymnasium.Env):
    r"""The environment of Alice and Bob, who set each block of a drifting link and are paid in secret bits.

    An *action* is a setting: intensities, their shares, basis bias, protocol, and how many slots the block takes; with
    `may_stop` one action more ends the session. The *reward* is

    .. math:: r = \frac{\ell - c}{N}

    the bits :math:`\ell` of the block's finite key (:func:`block_key`), less what a block costs, over the pulses N of a slot: so
    the sum of an episode over its slots is its secret bits per pulse. The *observation* has four numbers:
    loss in dB and misalignment as the last counts say them (:func:`estimate_link`), secret bits per pulse of the last block,
    and the share of the session that is left. It is made of finished blocks alone. A probing slot, with the first
    setting and unpaid, comes before the first action.

    Of a block in which a slot is missing from the record (a gap in a :class:`RecordedLink`) only the other slots are counted, and
    if none is left loss and misalignment stay as they were seen; `info` and `skipped` keep the record. `trace` is the link's
    truth, which no policy may read.

    A reward is no security statement. With "smooth" the bits are those of :func:`block_key` for learning, not of a key that is
    proved. `info["failure"]` adds up the failures, secrecy and correctness, that blocks with keys by "exact" would have;
    they hold under what :func:`~qlearn.communication.photons.finite_key` assumes, and if settings depend only on what
    :func:`may_depend` allows.

    It is registered as ``qlearn/AdaptiveLink-v0``.

    Parameters
    ----------
    settings : sequence of Setting, optional
        What may be chosen. None: three.
    drift : Drift, optional
        The link. None: ``DriftingLink()``.
    pulses : float
        Pulses N of a slot.
    slots : int
        Slots of a session, after which it is truncated; a last block that would not fit is cut.
    cost_bits : float
        What a block costs in key, for example the tags of its messages.
    may_stop : bool
        Whether there is an action to stop.
    method : {"smooth", "exact"}
        How keys are computed, as :func:`block_key` has it.

    Examples
    --------
    >>> env = gymnasium.make("qlearn/AdaptiveLink-v0", slots=20)
    >>> observation, info = env.reset(seed=1)
    >>> observation, reward, terminated, truncated, info = env.step(1)
    >>> round(info["failure"], 12), info["missing"], observation[3]
    (1e-10, 0, np.float64(0.95))

    References
    ----------
    The protocol: Lim, Curty, Walenta, Xu and Zbinden, 2014, arXiv:1311.7129. The interface: Towers et al., "Gymnasium: a
    standard interface for reinforcement learning environments", 2024, arXiv:2407.17032.
    """

    metadata: dict[str, Any] = {"render_modes": []}

    def __init__(
        self,
        settings: Sequence[Setting] | None = None,
        *,
        drift: Drift | None = None,
        pulses: float = 1e9,
        slots: int = 100,
        cost_bits: float = 0.0,
        may_stop: bool = False,
        method: str = "smooth",
    ) -> None:
        self.settings = as_settings(_DEFAULT if settings is None else settings)
        self.drift = DriftingLink() if drift is None else as_drift(drift)
        self.pulses = as_whole(pulses, least=1, most=1e16)
        self.slots = as_count(slots, "slots")
        self.cost_bits = as_real(cost_bits, "cost_bits", least=0)
        self.may_stop = bool(may_stop)
        if method not in ("smooth", "exact"):
            raise ValueError(f'method must be "smooth" or "exact", not {method!r}')
        self.method = method
        self.action_space = Discrete(len(self.settings) + self.may_stop)
        self.observation_space = Box(np.zeros(4), np.array([MOST_LOSS_DB, 0.5, 1.0, 1.0]), dtype=np.float64)
        self.trace: LinkTrace | None = None
        self.skipped: list[int] = []
        self._over = False
        self._slot = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float64], dict[str, Any]]:
        """Start a session: a new stretch of the link, and one unpaid slot with the first setting."""
        super().reset(seed=seed)
        # The link is drawn before any count, so that one seed is one link, whatever is done on it.
        self.trace = as_link_trace(self.drift.draw(self.slots + 1, self.np_random), self.slots + 1)
        self._slot, self._over, self.skipped, self._failure = 1, False, [], 0.0
        self._seen = np.array([MOST_LOSS_DB, 0.5, 0.0, 1.0])
        found = self._block(self.settings[0], 0, 1)
        self._seen[2] = 0.0
        return self._seen.copy(), self._info(found, 0.0, 1)

    def step(self, action: Any) -> tuple[NDArray[np.float64], float, bool, bool, dict[str, Any]]:
        """Send one block; returns observation, reward, whether stopped, whether the session is over, and its record."""
        if self.trace is None:
            raise RuntimeError("call reset() before step(): a session must have begun")
        if self._over:
            raise RuntimeError("the session is over: call reset() before the next step()")
        if not self.action_space.contains(action):
            raise ValueError(f"action must be a whole number, 0 to {self.action_space.n - 1}, not {action!r}")
        if int(action) == len(self.settings):
            self._over, self._missing = True, 0
            return self._seen.copy(), 0.0, True, False, self._info(0.0, 0.0, 0)
        setting, first = self.settings[int(action)], self._slot
        last = min(first + setting.slots, self.slots + 1)
        bits = self._block(setting, first, last)
        self._slot, self._over = last, last > self.slots
        self._failure += _SECURITY + _CORRECTNESS
        self._seen[3] = 1 - (last - 1) / self.slots
        reward = (bits - self.cost_bits) / self.pulses
        return self._seen.copy(), float(reward), False, self._over, self._info(bits, bits, last - first)

    @property
    def slot(self) -> int:
        """The coming slot's place in `trace`."""
        return self._slot

    def _block(self, setting: Setting, first: int, last: int) -> float:
        """Count the slots from first to before last as one block; return its key, and keep what is seen of it."""
        assert self.trace is not None
        source, link = setting.source, self.drift.link
        sifted, errors = np.zeros((2, len(source.intensities), 2))
        gaps = self.trace.missing
        counted = [t for t in range(first, last) if not gaps[t]]
        self.skipped += [t for t in range(first, last) if gaps[t]]
        self._missing = last - first - len(counted)
        if not counted:
            self._seen[2] = 0.0
            return 0.0
        for t in counted:
            now = share_of(self.trace.loss_db[t]), float(self.trace.misalignment[t])
            some = drawn_tables(int(self.pulses), source, link, *now, self.np_random)
            sifted, errors = sifted + some[0], errors + some[1]
        sent = self.pulses * len(counted)
        bits = self._key(sifted, errors, source, sent)
        self._seen[:2] = estimate_from(sifted, errors, source, sent, link)
        self._seen[2] = bits / sent
        return bits

    def _key(self, sifted: Array, errors: Array, source: Source, sent: float) -> float:
        if self.method == "smooth":
            return key_from(sifted, errors, source, _SECURITY, _CORRECTNESS, _EFFICIENCY)
        pulses = np.maximum(sent * np.array(source.probabilities), sifted.sum(axis=1))
        counts = Counts(pulses, sifted.sum(axis=1), sifted, errors)
        return block_key(counts, source=source, method="exact")

    def _info(self, bits: float, paid: float, slots: int) -> dict[str, Any]:
        return {
            "bits": bits,
            "paid": paid,
            "slots": slots,
            "missing": self._missing,
            "failure": self._failure,
        }


def as_drift(drift: Any) -> Drift:
    """Return what can draw a link, or say what came instead."""
    if not callable(getattr(drift, "draw", None)) or not hasattr(drift, "link"):
        raise TypeError(
            f"drift must be a DriftingLink, a RecordedLink or what has link and draw(slots, rng), not {drift!r}"
        )
    return drift
