"""The Gilbert-Elliott model: channels that are good or bad in spells."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_probability


@dataclass(frozen=True)
class GilbertElliott:
    r"""Independent channels, each of two states: good (1) or bad (0), with a memory.

    .. math:: P(0|1) = f, \quad P(1|0) = r, \qquad
              \omega = \frac{r}{f + r}, \qquad \lambda = 1 - f - r

    A good channel fades with probability f in each slot, a bad one recovers with probability r. In the long
    run a share :math:`\omega` of the slots is good, and what is known of a channel decays as
    :math:`\lambda^t`. With :math:`\lambda > 0` good slots follow good ones; with :math:`\lambda = 0` the past says nothing.

    Parameters
    ----------
    n_channels : int
        How many, at least 1.
    fade, recover : float or sequence of n_channels floats
        Probabilities f and r of a slot; a number holds for every channel. Not both 0.
    noise : float
        Probability that the sender is told the wrong state of the channel just used.

    Raises
    ------
    ValueError, TypeError
        If a number is not a probability, or a channel never changes.

    Examples
    --------
    >>> links = GilbertElliott(2, fade=0.1, recover=0.2)
    >>> links.stationary.round(4), links.memory.round(4)
    (array([0.6667, 0.6667]), array([0.7, 0.7]))
    >>> links.predict([1.0, 0.0])  # one slot after the first was seen good and the second bad
    array([0.9, 0.2])

    References
    ----------
    Gilbert, "Capacity of a burst-noise channel", Bell System Technical Journal 39, 1253 (1960).
    """

    n_channels: int = 2
    fade: float | Sequence[float] = 0.1
    recover: float | Sequence[float] = 0.1
    noise: float = 0.0

    def __post_init__(self) -> None:
        as_count(self.n_channels, "n_channels")
        as_probability(self.noise, "noise")
        for name in ("fade", "recover"):
            given = getattr(self, name)
            each = [given] * self.n_channels if isinstance(given, str) or np.ndim(given) == 0 else list(given)
            if len(each) != self.n_channels:
                raise ValueError(
                    f"{name} must be one number, or one for each of the {self.n_channels} channels, not {len(each)}"
                )
            object.__setattr__(self, name, tuple(as_probability(p, name) for p in each))
        if not (self._fade + self._recover).all():
            raise ValueError(
                "fade and recover must not both be 0: such a channel never changes, and its state is whatever it "
                "started in"
            )

    @cached_property
    def stationary(self) -> NDArray[np.float64]:
        """Fraction of the slots in which each channel is good, shape (n_channels,)."""
        return self._recover / (self._fade + self._recover)

    @property
    def memory(self) -> NDArray[np.float64]:
        r"""Correlation :math:`\lambda` of each channel from one slot to the next, shape (n_channels,)."""
        return 1 - self._fade - self._recover

    def predict(self, belief: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probabilities to be good one slot later, of those now, shape (..., n_channels)."""
        now = np.asarray(belief, float)
        return now * (1 - self._fade) + (1 - now) * self._recover

    def draw_first(self, size: int, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Draw `size` times the states of the long run: bool array of shape (size, n_channels)."""
        return rng.random((size, self.n_channels)) < self.stationary

    def draw_next(self, states: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.bool_]:
        """Draw the next states, of the shape of `states`, (..., n_channels)."""
        return rng.random(states.shape) < np.where(states, self._stay, self._recover)

    def all_states(self) -> NDArray[np.uint8]:
        """Return every joint state of the channels, shape (2**n, n), the first channel most significant."""
        return np.array(list(product((0, 1), repeat=self.n_channels)), dtype=np.uint8)

    def joint_matrix(self) -> NDArray[np.float64]:
        """Return the probability of each joint state (columns) after each (rows), shape (2**n, 2**n)."""
        states = self.all_states()
        good = self.predict(states.astype(float))[:, None]
        return np.where(states, good, 1 - good).prod(axis=-1)

    def joint_stationary(self) -> NDArray[np.float64]:
        """Return how often each joint state occurs in the long run, shape (2**n,)."""
        return np.where(self.all_states(), self.stationary, 1 - self.stationary).prod(axis=-1)

    @cached_property
    def _fade(self) -> NDArray[np.float64]:
        return np.array(self.fade)

    @cached_property
    def _stay(self) -> NDArray[np.float64]:
        return 1 - self._fade

    @cached_property
    def _recover(self) -> NDArray[np.float64]:
        return np.array(self.recover)
