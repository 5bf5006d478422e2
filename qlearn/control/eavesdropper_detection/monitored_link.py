"""The monitored link: line, source and block length, and how the line wanders from block to block."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from qlearn._checks import as_count, as_probability, as_real
from qlearn._types import Array
from qlearn.communication.photons import LINKS, Link, Source
from qlearn.control.channel_estimation import gauss_markov

Where = Literal["Z", "X", "other"]
"""Where a pulse was written and read: in one basis, or in two."""


@dataclass(frozen=True, eq=False)
class LineState:
    """The line in each of n blocks: what an attack finds there.

    Parameters
    ----------
    transmittance, misalignment : ndarray, shape (n,)
        Of the channel without the receiver; chance that a detected photon ends in the wrong detector.
    link : Link
        The receiver.
    signal : float
        Mean photon number of the signal pulses.
    p_x : float
        How often Alice writes, and Bob reads, in X.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> state = LineState(np.array([0.1]), np.array([0.033]), LINKS["gys"], 0.5)
    >>> (state.honest(0.5, "Z") * 1e3).round(4)[:, 0]  # right detector alone, the wrong one alone, both
    array([2.1741e+00, 7.4900e-02, 2.0000e-04])
    """

    transmittance: Array
    misalignment: Array
    link: Link
    signal: float
    p_x: float = 0.5

    def honest(self, mu: float, where: Where) -> Array:
        """Return the chances of (right, wrong, both) detectors for a pulse nobody touched, shape (3, n)."""
        wrong = 0.5 if where == "other" else self.misalignment
        return self.fires(lambda z: np.exp(-mu * (1 - z)), self.transmittance, wrong)

    def fires(
        self,
        generating: Callable[[Array], Array],
        transmittance: Array | float,
        wrong: Array | float,
        efficiencies: tuple[float, float] = (1.0, 1.0),
    ) -> Array:
        r"""Return the chances that the right, the wrong, or both detectors fire, shape (3, n).

        .. math:: P(\text{neither}) = (1 - p_d)^2\, G\bigl(1 - \eta\,[(1-w)\eta_r + w\,\eta_w]\bigr), \qquad
                  G(z) = \langle z^m \rangle

        With m photons before Bob's line each is seen by the right detector with :math:`\eta(1-w)\eta_r`, by the wrong
        one with :math:`\eta w \eta_w`. A detector alone stays dark with the same formula and its own share.
        """
        eta = np.asarray(transmittance * self.link.receiver_efficiency * np.ones_like(self.transmittance))
        right = eta * (1 - wrong) * efficiencies[0]
        other = eta * wrong * efficiencies[1]
        dark = np.sqrt(1 - self.link.background)  # of each detector, so that together they make Y_0
        no_right, no_wrong = dark * generating(1 - right), dark * generating(1 - other)
        none = dark**2 * generating(1 - right - other)
        both = 1 - no_right - no_wrong + none
        return np.array([no_wrong - none, no_right - none, both]).clip(0.0, 1.0)


@dataclass(frozen=True)
class Drift:
    r"""How a line wanders: three Gauss-Markov processes, each by the standard deviation that it settles at.

    .. math:: e_t = \sin^2(\theta + x_t), \quad \sin^2\theta = e_\text{det}; \qquad
              T_t = T\,e^{y_t}; \qquad \text{arrival} = z_t\ \text{jitters late}

    Parameters
    ----------
    angle : float
        Of x, in radians: polarisation.
    log_transmittance : float
        Of y, in nepers: bends, weather. The transmittance is cut at 1.
    timing : float
        Of z, in jitters: clocks.
    memory : float
        What is left of each after a block, -1 to 1, both excluded.

    Examples
    --------
    >>> Drift(angle=0.02).memory
    0.999
    """

    angle: float = 0.0
    log_transmittance: float = 0.0
    timing: float = 0.0
    memory: float = 0.999

    def __post_init__(self) -> None:
        for name in ("angle", "log_transmittance", "timing"):
            as_real(getattr(self, name), name, least=0)
        if not abs(as_real(self.memory, "memory")) < 1:
            raise ValueError(
                f"memory must lie between -1 and 1, not {self.memory}: at 1 a drift never settles"
            )

    def draw(self, n: int, rng: np.random.Generator) -> Array:
        """Return angle, log transmittance and timing in n blocks, shape (3, n)."""
        sizes = (self.angle, self.log_transmittance, self.timing)
        noise = [size**2 * (1 - self.memory**2) for size in sizes]
        return np.array([gauss_markov(n, self.memory, q, rng=rng) if q else np.zeros(n) for q in noise])


@dataclass(frozen=True)
class MonitoredLink:
    """A link whose counts are read out block by block.

    Parameters
    ----------
    link : Link, optional
        The receiver. None: that of ``photons.LINKS["gys"]``. Without afterpulses, as for
        :func:`~qlearn.communication.photons.exchange`.
    transmittance : float
        Of the channel, without the receiver.
    source : Source
        Three intensities, their shares and `p_x`.
    pulses : int
        Pulses a block.
    drift : Drift
        How the line wanders. ``Drift()`` stands still.

    Examples
    --------
    >>> MonitoredLink(transmittance=0.05).state().misalignment
    array([0.033])
    """

    link: Link | None = None
    transmittance: float = 0.1
    source: Source = field(default_factory=Source)
    pulses: int = 1_000_000
    drift: Drift = field(default_factory=Drift)

    def __post_init__(self) -> None:
        if self.receiver.afterpulse or self.receiver.background_error != 0.5:
            raise ValueError(
                "link must have afterpulse=0 and background_error=0.5: the counts are of pulses one by one"
            )
        as_probability(self.transmittance, "transmittance")
        as_count(self.pulses, "pulses")
        if not isinstance(self.source, Source) or len(self.source.intensities) != 3:
            raise ValueError(f"source must be a Source of three intensities, not {self.source!r}")
        if not isinstance(self.drift, Drift):
            raise TypeError(f"drift must be a Drift, not {self.drift!r}")

    @property
    def receiver(self) -> Link:
        """The link, with its default."""
        return LINKS["gys"] if self.link is None else self.link

    def state(self, drifted: Array | None = None) -> LineState:
        """Return the line as it stands, or as a :class:`Drift` of shape (3, n) left it."""
        angle, loss, _ = np.zeros((3, 1)) if drifted is None else drifted
        straight = np.arcsin(np.sqrt(self.receiver.misalignment))
        return LineState(
            np.minimum(self.transmittance * np.exp(loss), 1.0),
            # Exactly e where nothing drifts: sin(arcsin) may lose the last digit.
            np.where(angle == 0, self.receiver.misalignment, np.sin(straight + angle) ** 2),
            self.receiver,
            self.source.intensities[0],
            self.source.p_x,
        )
