"""Parameter estimation: from disclosed symbols, how much light arrives and how much noise came with it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv, stdtrit

from qlearn._checks import as_count, as_failure, as_reals, as_rng, broadcast
from qlearn._types import Array
from qlearn.communication.continuous_variables._arguments import (
    Detection,
    as_detection,
    as_efficiency,
    as_electronic,
    as_excess,
    as_transmittance,
)
from qlearn.communication.continuous_variables.key_rates import rate_at
from qlearn.communication.continuous_variables.transmission import Symbols


@dataclass(frozen=True, eq=False)
class ChannelEstimate:
    """Transmittance and excess noise of the line with bounds, from disclosed symbols, and the symbols that remain.

    Parameters
    ----------
    sample_size : int
        Symbols disclosed.
    transmittance, excess_noise : float
        Most likely values. The noise may come out below 0, by luck, and is nan if nothing arrived.
    least_transmittance, most_excess_noise : float
        Bounds that both hold except with the stated failure probability. Where it may be that nothing
        arrived at all they are 0 and inf.
    remaining : Symbols
        What was not disclosed, in its old order.
    """

    sample_size: int
    transmittance: float
    excess_noise: float
    least_transmittance: float
    most_excess_noise: float
    remaining: Symbols

    def rate(self, beta: float, *, trusted: bool = True) -> float:
        """Return the secret bits a remaining symbol at the bounds, as if the key were endless; 0 is no key."""
        kept = self.remaining
        if self.least_transmittance == 0:
            return 0.0
        return float(
            rate_at(
                self.least_transmittance,
                modulation_variance=kept.modulation_variance,
                excess_noise=self.most_excess_noise,
                efficiency=kept.efficiency,
                electronic_noise=kept.electronic_noise,
                beta=beta,
                detection=kept.detection,
                trusted=trusted,
            )
        )


def estimate(
    symbols: Symbols, sample_size: int, *, failure: float = 1e-10, rng: Any = None
) -> ChannelEstimate:
    r"""Disclose a random sample of symbols and estimate transmittance and excess noise, with bounds.

    A symbol obeys :math:`y = t x + z` with :math:`t^2 = \eta T / s`, :math:`\mathrm{Var}\, z = \sigma^2 =
    1 + v_\text{el} + t^2 \xi` and :math:`s = 1` (homodyne) or 2 (heterodyne, two values a symbol). From
    :math:`m` values,

    .. math:: \hat t = \frac{\sum xy}{\sum x^2}, \qquad \hat\sigma^2 = \frac{\sum (y - \hat t x)^2}{m - 1}, \qquad
              \hat T = \frac{s\, \hat t^2}{\eta}, \qquad
              \hat\xi = \frac{\hat\sigma^2 - 1 - v_\text{el}}{\hat t^2}

    .. math:: t_\text{min} = \hat t - \tau_{m-1}\, \frac{\hat\sigma}{\sqrt{\sum x^2}}, \qquad
              \sigma^2_\text{max} = \frac{(m-1)\, \hat\sigma^2}{\chi^2_{m-1}}

    with the quantiles of Student's and of the chi-squared law at :math:`\varepsilon/2` each: exact for
    Gaussian noise, and for many symbols :math:`\hat\sigma^2 (1 + z_{\varepsilon/2} \sqrt{2/m})`.

    Parameters
    ----------
    symbols : Symbols
        Of an exchange.
    sample_size : int
        Symbols to disclose, at least 2, and fewer than there are.
    failure : float
        :math:`\varepsilon`, above 0, below 1: chance that one of the two bounds is wrong.
    rng : None, int or numpy.random.Generator
        Choice of the sample. In a laboratory it is made after the last pulse, by a public coin.

    Returns
    -------
    ChannelEstimate
        Its bounds are never negative.

    Notes
    -----
    Of all lines within the bounds the one at both of them has the lowest rate. The quantiles suppose Gaussian
    noise, as the best collective attack makes; noise with heavier tails scatters its own variance more, and a
    proof for any attack must allow for it. The other corrections of short keys are not in
    :meth:`ChannelEstimate.rate` either.

    Examples
    --------
    >>> from qlearn.communication.continuous_variables import exchange
    >>> sent = exchange(200_000, length_km=25, modulation_variance=4, excess_noise=0.01, rng=1)
    >>> seen = estimate(sent, 100_000, rng=2)
    >>> seen.least_transmittance < 10**-0.5 < seen.transmittance + 0.02
    True

    References
    ----------
    Leverrier, Grosshans and Grangier, Phys. Rev. A 81, 062343 (2010), arXiv:1005.0339, section IV.
    """
    if not isinstance(symbols, Symbols):
        raise TypeError(f"symbols must be Symbols, as exchange returns them, not {type(symbols).__name__}")
    size, rng = as_count(sample_size, "sample_size", least=2), as_rng(rng)
    if size >= len(symbols):
        raise ValueError(
            f"sample_size must be below the {len(symbols)} symbols there are, not {size}: keep some"
        )
    as_failure(failure)
    if symbols.modulation_variance == 0:
        raise ValueError("symbols must be modulated: with modulation_variance 0 they show no transmittance")

    chosen = np.zeros(len(symbols), dtype=bool)
    chosen[rng.choice(len(symbols), size, replace=False, shuffle=False)] = True
    x, y = symbols.keep(chosen).pairs
    power, free = float(x @ x), x.size - 1
    slope = float(x @ y) / power
    noise = float(np.sum((y - slope * x) ** 2)) / free

    splits = 1 if symbols.detection == "homodyne" else 2
    known, gain = 1 + symbols.electronic_noise, symbols.efficiency / splits
    # Lower quantiles: of Student's law for the slope, of the chi-squared law (a gamma law) for the noise.
    lowest = max(0.0, slope + float(stdtrit(free, failure / 2)) * np.sqrt(noise / power))
    loudest = free * noise / (2 * float(gammaincinv(free / 2, failure / 2)))
    excess = (noise - known) / slope**2 if slope else np.nan
    worst = max(0.0, loudest - known) / lowest**2 if lowest else np.inf
    return ChannelEstimate(
        sample_size=size,
        transmittance=slope**2 / gain,
        excess_noise=excess,
        least_transmittance=min(1.0, lowest**2 / gain),
        most_excess_noise=worst,
        remaining=symbols.keep(~chosen),
    )


def excess_noise_error(
    sample_size: ArrayLike,
    transmittance: ArrayLike,
    *,
    excess_noise: ArrayLike = 0.0,
    efficiency: ArrayLike = 1.0,
    electronic_noise: ArrayLike = 0.0,
    detection: Detection = "homodyne",
) -> Array:
    r"""Return the standard error with which so many disclosed symbols know a small excess noise, in shot-noise units.

    .. math:: \sigma_\xi = \frac{1 + v_\text{el} + t^2 \xi}{t^2} \sqrt{\frac{2}{s m}}, \qquad t^2 = \frac{\eta T}{s}

    with :math:`s = 1` (homodyne) or 2 (heterodyne, two values a symbol). The scatter of :math:`sm` Gaussian values is known to
    a relative :math:`\sqrt{2/sm}`, and the noise is what the scatter has beyond the vacuum. (What the slope is wrong by adds
    next to nothing while the noise is small beside the modulation.)

    Parameters
    ----------
    sample_size : array_like of float, shape (...)
        :math:`m`, symbols disclosed, at least 2; the arguments broadcast.
    transmittance, excess_noise, efficiency, electronic_noise, detection
        As for :func:`mutual_information`.

    Returns
    -------
    ndarray of float, shape (...)
        inf where nothing arrives.

    Examples
    --------
    >>> excess_noise_error([10_000, 1_000_000], 0.3, efficiency=0.6).round(4)
    array([0.0786, 0.0079])

    References
    ----------
    Leverrier, Grosshans and Grangier, Phys. Rev. A 81, 062343 (2010), arXiv:1005.0339, section IV.
    """
    size, t, xi, eta, v = broadcast(
        sample_size=as_reals(sample_size, "sample_size", least=2),
        transmittance=as_transmittance(transmittance),
        excess_noise=as_excess(excess_noise),
        efficiency=as_efficiency(efficiency),
        electronic_noise=as_electronic(electronic_noise),
    )
    splits = 1 if as_detection(detection) == "homodyne" else 2
    with np.errstate(divide="ignore"):
        return np.asarray(((1 + v) * splits / (eta * t) + xi) * np.sqrt(2 / (splits * size)))
