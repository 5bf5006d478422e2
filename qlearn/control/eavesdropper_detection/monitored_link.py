"""The monitored link: line, source and block length, and how the line wanders from block to block."""

from dataclasses import dataclass, field

import numpy as np

from qlearn._checks import as_count, as_probability, as_real
from qlearn._types import Array
from qlearn.communication.photons import LINKS, Link, Source
from qlearn.control.channel_estimation import gauss_markov
from qlearn.control.eavesdropper_detection.line_attacks import LineState


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
