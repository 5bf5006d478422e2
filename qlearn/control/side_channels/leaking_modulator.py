"""Leaking modulator: the light that carries a bit also carries its setting in a phase, a colour or a brightness.

For each leak stand beside each other what the best measurement names (Helstrom), what all pulses kept together hold
(Holevo), and what the plain instrument reads, on which a classical model learns.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from qlearn._checks import as_bits, as_count, as_real, as_reals, as_rng
from qlearn._types import Array, Bits
from qlearn.communication.randomness import random_bits
from qlearn.control.side_channels.detection_times import DetectionTimes, _information
from qlearn.qubits.entropies import binary_entropy


class _TwoPureStates(ABC):
    """Two pure states with the overlap exp(-d^2/8), which an instrument reads as two normal laws d standard deviations apart."""

    @property
    @abstractmethod
    def separation(self) -> float:
        """How far apart, d, the instrument's two laws are, in their standard deviations."""

    @property
    def overlap(self) -> float:
        """The size of the inner product of the two states."""
        return float(np.exp(-(self.separation**2) / 8))

    @property
    def guess(self) -> float:
        r"""Chance that the best measurement of one pulse names the bit, :math:`\tfrac12(1 + \sqrt{1 - c^2})` (Helstrom)."""
        return float(0.5 + 0.5 * np.sqrt(-np.expm1(-(self.separation**2) / 4)))

    @property
    def chi(self) -> float:
        r"""Bits of a bit that the light of all pulses holds, asked together, :math:`h\bigl(\tfrac{1 - c}{2}\bigr)` (Holevo).

        Of all pulses that *left*. Who also chooses which of them arrive holds more of each that does: :meth:`charge`.
        """
        return float(binary_entropy(-np.expm1(-(self.separation**2) / 8) / 2))

    @property
    def unambiguous(self) -> float:
        r"""Chance that one pulse names its bit beyond doubt, :math:`1 - c` (Ivanovic, Dieks, Peres).

        On a line that lets no larger share through, whoever stops all other pulses has the whole key without an error.
        """
        return float(-np.expm1(-(self.separation**2) / 8))

    def charge(self, kept: float) -> float:
        r"""Return what the leak costs for each bit that is kept, if this share of the pulses is.

        .. math:: \min\Bigl(1, \frac{\chi}{T}\Bigr)

        Of n bits the light leaves :math:`n(1 - \chi)` unknown at least; those of the pulses that were lost can be
        :math:`n(1 - T)` of these at most, whoever chose them. It is the price of *reading the leak* with a choice of what
        arrives, the protocol's own qubit untouched. What both together give away is no sum of two prices: Lucamarini et al.,
        Phys. Rev. X 5, 031030 (2015).

        Parameters
        ----------
        kept : float
            T, the share of the pulses whose bits are kept; above 0.

        Examples
        --------
        >>> leak = FrequencyLeak(shift=1.0)
        >>> round(leak.unambiguous, 4), [round(leak.charge(kept), 4) for kept in (1, 0.5, 0.1)]
        (0.1175, [0.3225, 0.6449, 1.0])
        """
        return min(1.0, self.chi / as_real(kept, "kept", above=0, most=1))

    @property
    def instrument_guess(self) -> float:
        r"""Chance that the best reader of the plain instrument names the bit, :math:`\Phi(d/2)`."""
        return float(ndtr(abs(self.separation) / 2))

    @property
    def instrument_information(self) -> float:
        """Bits of a bit that one reading of the plain instrument holds."""
        return DetectionTimes(self.separation).information

    def sample(self, bits: ArrayLike, rng: Any = None) -> Array:
        """Return what the instrument reads for each bit, in its standard deviations, shape (n,)."""
        secrets, rng = as_bits(bits, "bits"), as_rng(rng)
        return self.separation * (secrets - 0.5) + rng.standard_normal(secrets.size)

    def record(self, n: int, rng: Any = None) -> tuple[Bits, Array]:
        """Return n fair bits and the instrument's readings, shape (n, 1)."""
        n, rng = as_count(n, "n"), as_rng(rng)
        secrets = random_bits(n, rng=rng)
        return secrets, self.sample(secrets, rng)[:, None]

    def states(self, bits: ArrayLike, *, copies: int = 1) -> NDArray[np.complex128]:
        r"""Return the light of each pulse as a state of one qubit, shape (n, 2**copies).

        Two pure states span a plane: :math:`|\psi_s\rangle = \cos\frac\theta2|0\rangle + (-1)^s\sin\frac\theta2|1\rangle` with
        :math:`\cos\theta = c` has all that any measurement can use. With `copies` each bit lets as many such pulses out.
        """
        secrets, many = as_bits(bits, "bits"), as_count(copies, "copies")
        half = np.arccos(self.overlap) / 2
        pair = np.array([[np.cos(half), np.sin(half)], [np.cos(half), -np.sin(half)]], complex)
        joint = pair
        for _ in range(many - 1):
            joint = np.einsum("sa,sb->sab", joint, pair).reshape(2, -1)
        return joint[secrets]


@dataclass(frozen=True)
class PhaseLeak(_TwoPureStates):
    r"""Light whose phase depends on the bit: coherent states :math:`|\alpha\rangle` and :math:`|\alpha e^{i\varphi}\rangle`.

    .. math:: c = |\langle\alpha|\alpha e^{i\varphi}\rangle| = e^{-\mu(1 - \cos\varphi)}, \qquad d = 4\sqrt\mu\,\sin\tfrac\varphi2

    with :math:`\mu = |\alpha|^2`; the instrument is a homodyne detector across the two, with the noise of the vacuum. It needs
    a phase reference, which a laser that is on all the time supplies. With :math:`\varphi = \pi` it is the light that a Trojan
    horse brings back (:class:`~qlearn.communication.eavesdropping.TrojanHorse`).

    Parameters
    ----------
    photons : float
        :math:`\mu`, at least 0.
    angle : float
        :math:`\varphi` in radians, 0 to :math:`\pi`.

    Examples
    --------
    >>> leak = PhaseLeak(photons=0.1, angle=np.pi)
    >>> round(leak.guess, 4), round(leak.instrument_guess, 4), round(leak.chi, 4)
    (0.7871, 0.7365, 0.4385)
    >>> round(leak.attenuated(0.01).chi, 4)  # 20 dB of isolation
    0.0114

    References
    ----------
    Helstrom, "Quantum Detection and Estimation Theory", 1976. Gisin et al., 2006, arXiv:quant-ph/0507063.
    """

    photons: float
    angle: float = float(np.pi)

    def __post_init__(self) -> None:
        as_real(self.photons, "photons", least=0)
        as_real(self.angle, "angle", least=0, most=float(np.pi))

    @property
    def separation(self) -> float:
        """How far apart the two laws are, d, of a homodyne detector."""
        return float(4 * np.sqrt(self.photons) * np.sin(self.angle / 2))

    def attenuated(self, transmission: float) -> "PhaseLeak":
        """Return the leak behind an attenuator or isolator that lets this share of the light out.

        `photons` must be the most that can come out without it: whoever shines in as much brighter as the isolator is dark
        has the old leak again.
        """
        return PhaseLeak(self.photons * as_real(transmission, "transmission", least=0, most=1), self.angle)


@dataclass(frozen=True)
class FrequencyLeak(_TwoPureStates):
    r"""Photons whose colour depends on the bit: two Gaussian spectra of the same width, :math:`\delta` apart.

    .. math:: c = \int \sqrt{p_0(\omega)\,p_1(\omega)}\,d\omega = e^{-d^2/8}, \qquad d = \delta/\sigma

    with :math:`\sigma` the standard deviation of either spectrum, for pulses without chirp. Lasers of their own for each
    state can do that, and a modulator that shifts while it switches. The instrument is a spectrometer; the best measurement
    is another one, which reads the photon's shape without asking its colour first.

    Parameters
    ----------
    shift : float
        d, in line widths; 0 or more.

    Examples
    --------
    >>> leak = FrequencyLeak(shift=1.0)
    >>> round(leak.guess, 4), round(leak.instrument_guess, 4), round(leak.chi, 4)
    (0.7352, 0.6915, 0.3226)

    A filter of half the line's width between sender and line:

    >>> narrower, passed = leak.filtered(0.5)
    >>> round(narrower.shift, 3), round(passed, 3), round(narrower.chi, 4)
    (0.447, 0.405, 0.096)

    References
    ----------
    Helstrom, "Quantum Detection and Estimation Theory", 1976. Ko et al., 2017, arXiv:1706.08705: a sender with one laser a
    state, whose pulses differ in time and strength.
    """

    shift: float

    def __post_init__(self) -> None:
        as_real(self.shift, "shift", least=0)

    @property
    def separation(self) -> float:
        """How far apart the two laws are, d, of a spectrometer."""
        return float(self.shift)

    def filtered(self, width: float) -> tuple["FrequencyLeak", float]:
        r"""Return the leak behind a Gaussian filter midway between the colours, and the share of photons that passes.

        .. math:: d' = \frac{d\,s}{\sqrt{1+s^2}}, \qquad T = \frac{s}{\sqrt{1+s^2}}\,e^{-d^2/8(1+s^2)}

        for a power transmission :math:`e^{-\omega^2/2s^2}`. Both spectra become narrower and move towards the filter; off the
        middle it would pass one more than the other, and open a leak in the brightness.
        """
        s = as_real(width, "width", above=0)
        share = s / np.hypot(1, s)
        return FrequencyLeak(float(self.shift * share)), float(
            share * np.exp(-(self.shift**2) / 8 / (1 + s**2))
        )


@dataclass(frozen=True)
class IntensityLeak:
    r"""Pulses whose mean photon number depends on the bit, with a random phase: what can be seen is a number of photons.

    .. math:: P(n|s) = e^{-\mu_s}\mu_s^n / n!

    The two states commute, so counting photons is the best measurement, and Holevo's quantity is the mutual information of
    the counts: here nothing quantum is to be gained. On a line with losses, whoever also chooses which pulses arrive may
    hold up to `information` over the share that does of each.

    Parameters
    ----------
    dim, bright : float
        :math:`\mu_0` and :math:`\mu_1`, at least 0, the second no smaller.

    Examples
    --------
    >>> leak = IntensityLeak(dim=0.4, bright=0.6)
    >>> round(leak.guess, 4), round(leak.information, 4)
    (0.5608, 0.0144)

    References
    ----------
    Holevo, Probl. Inf. Transm. 9, 177 (1973): equality for commuting states. Huang et al., Phys. Rev. A 98, 012330 (2018),
    arXiv:1711.00597: decoy settings of a sender that a detector in its laboratory told apart.
    """

    dim: float
    bright: float

    def __post_init__(self) -> None:
        as_real(self.dim, "dim", least=0)
        if as_real(self.bright, "bright", least=0) < self.dim:
            raise ValueError(f"bright must be at least dim={self.dim:g}, not {self.bright:g}")

    @property
    def guess(self) -> float:
        """Chance that the best reader names the bit from one pulse."""
        return float(self._chances().max(axis=0).sum() / 2)

    @property
    def information(self) -> float:
        """Bits of a bit that one pulse holds."""
        return float(_information(self._chances()))

    def read(self, counts: ArrayLike) -> Bits:
        r"""Return 1 for each count above :math:`(\mu_1-\mu_0)/\ln(\mu_1/\mu_0)`, where the bright pulse is the likelier one."""
        seen = as_reals(counts, "counts", least=0)
        if self.dim == self.bright:
            return np.zeros(seen.shape, np.uint8)
        edge = (self.bright - self.dim) / np.log(self.bright / self.dim) if self.dim else 0.0
        return (seen > edge).astype(np.uint8)

    def sample(self, bits: ArrayLike, rng: Any = None) -> Array:
        """Return the photons that were counted for each bit, shape (n,)."""
        secrets, rng = as_bits(bits, "bits"), as_rng(rng)
        return rng.poisson(np.where(secrets, self.bright, self.dim)).astype(float)

    def record(self, n: int, rng: Any = None) -> tuple[Bits, Array]:
        """Return n fair bits and the counts, shape (n, 1)."""
        n, rng = as_count(n, "n"), as_rng(rng)
        secrets = random_bits(n, rng=rng)
        return secrets, self.sample(secrets, rng)[:, None]

    def _chances(self) -> Array:
        from scipy.stats import poisson

        most = int(self.bright + 12 * np.sqrt(self.bright) + 60)  # what lies beyond weighs less than 1e-20
        return np.asarray(poisson.pmf(np.arange(most), np.array([[self.dim], [self.bright]])))
