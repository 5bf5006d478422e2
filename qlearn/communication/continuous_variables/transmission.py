"""The exchange: Alice's modulated pulses through Eve's hands, the line and Bob's detector, sample by sample."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_probability, as_rng
from qlearn.communication.continuous_variables._arguments import (
    Detection,
    as_detection,
    as_efficiency,
    as_electronic,
    as_excess,
    as_modulation,
)
from qlearn.communication.randomness import random_bits
from qlearn.qubits.noise import transmittance


@dataclass(frozen=True, eq=False)
class Symbols:
    """The records of Alice and Bob, symbol by symbol, and the settings of their devices.

    Parameters
    ----------
    alice : ndarray of float, shape (n, 2)
        Centres x, p of the coherent states she sent; vacuum has variance 1.
    bob : ndarray of float, shape (n, 1) or (n, 2)
        What his detector showed, in units of its shot noise: one quadrature (homodyne) or both (heterodyne).
    quadratures : ndarray of uint8, shape (n,)
        For homodyne, which one he measured: 0 = x, 1 = p. All zeros, and without meaning, for heterodyne.
    modulation_variance, efficiency, electronic_noise : float
        Alice's own setting, and Bob's detector as he calibrated it.
    detection : {"homodyne", "heterodyne"}
        What Bob did.
    """

    alice: NDArray[np.float64]
    bob: NDArray[np.float64]
    quadratures: NDArray[np.uint8]
    modulation_variance: float
    efficiency: float
    electronic_noise: float
    detection: Detection

    def __repr__(self) -> str:
        return f"Symbols({len(self)} symbols, {self.detection})"

    def __len__(self) -> int:
        return len(self.alice)

    @property
    def pairs(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Alice's values and Bob's of the same quadratures, each 1-D: what sifting leaves."""
        if self.detection == "heterodyne":
            return self.alice.reshape(-1), self.bob.reshape(-1)
        return np.where(self.quadratures == 0, self.alice[:, 0], self.alice[:, 1]), self.bob[:, 0]

    def keep(self, which: NDArray) -> "Symbols":
        """Return the symbols at the positions (or under the mask) `which`."""
        return replace(
            self, alice=self.alice[which], bob=self.bob[which], quadratures=self.quadratures[which]
        )


def exchange(
    n_symbols: int,
    *,
    length_km: float,
    modulation_variance: float,
    excess_noise: float,
    efficiency: float = 1.0,
    electronic_noise: float = 0.0,
    loss_db_per_km: float = 0.2,
    detection: Detection = "homodyne",
    intercepted: float = 0.0,
    rng: Any = None,
) -> Symbols:
    r"""Send Gaussian-modulated coherent states from Alice to Bob.

    Alice draws :math:`x, p \sim \mathcal N(0, V_A)` and sends the coherent state with that centre. Its light
    is the centre plus vacuum noise; a splitter stands for the loss of the line, another for the loss of the
    detector, and each lets vacuum in:

    .. math:: y = \sqrt{\eta}\,\bigl(\sqrt{T}\,(x + \nu_0 + \nu_\xi) + \sqrt{1-T}\,\nu_1\bigr)
                  + \sqrt{1-\eta}\,\nu_2 + \nu_\text{el}

    with variances :math:`1, \xi, 1, 1, v_\text{el}`. For heterodyne detection one more splitter halves the
    light. Gaussian states and these measurements can be drawn like this, as if light had values of x and p
    (its Wigner function is positive), and the statistics are exactly those of quantum mechanics.

    Parameters
    ----------
    n_symbols : int
        Pulses, at least 1. Some 110 bytes each while it runs.
    length_km : float
        Length of the fibre in km.
    modulation_variance : float
        :math:`V_A` of each quadrature, in shot-noise units.
    excess_noise : float
        :math:`\xi` at the input of the line, in shot-noise units.
    efficiency, electronic_noise : float
        :math:`\eta` and :math:`v_\text{el}` of Bob's detector.
    loss_db_per_km : float
        Loss of a kilometre in dB.
    detection : {"homodyne", "heterodyne"}
        One quadrature, chosen by a fair coin for each pulse, or both.
    intercepted : float
        Share of the pulses that an Eve at the beginning of the line measures (both quadratures, perfectly)
        and sends anew: each gets two more units of noise.
    rng : None, int or numpy.random.Generator
        Everybody's randomness, and nature's; a given Generator is used, not copied.

    Returns
    -------
    Symbols

    Examples
    --------
    >>> sent = exchange(100_000, length_km=25, modulation_variance=4, excess_noise=0.01, rng=1)
    >>> x, y = sent.pairs
    >>> round(float(np.cov(x, y)[0, 1] / 4), 2)  # sqrt(T), T = 10 ** -0.5
    0.56

    References
    ----------
    Grosshans and Grangier, Phys. Rev. Lett. 88, 057902 (2002), arXiv:quant-ph/0109084, for homodyne; Weedbrook
    et al., Phys. Rev. Lett. 93, 170504 (2004), arXiv:quant-ph/0405105, for heterodyne detection.
    """
    n, fraction, rng = (
        as_count(n_symbols, "n_symbols"),
        as_probability(intercepted, "intercepted"),
        as_rng(rng),
    )
    variance, xi = float(as_modulation(modulation_variance)), float(as_excess(excess_noise))
    eta, v = float(as_efficiency(efficiency)), float(as_electronic(electronic_noise))
    t, detection = float(transmittance(length_km, loss_db_per_km)), as_detection(detection)

    def vacuum(*shape: int) -> NDArray[np.float64]:
        return rng.standard_normal(shape)

    centres = np.sqrt(variance) * vacuum(n, 2)
    light = centres + vacuum(n, 2)
    if fraction:
        caught = random_bits(n, fraction, rng).view(bool)
        read = light[caught] + vacuum(int(caught.sum()), 2)  # both quadratures: one more unit of vacuum
        light[caught] = read + vacuum(*read.shape)  # a new coherent state, centred where she read
    if xi:
        light += np.sqrt(xi) * vacuum(n, 2)
    light *= np.sqrt(t)
    light += np.sqrt(1 - t) * vacuum(n, 2)

    if detection == "homodyne":
        chosen = random_bits(n, 0.5, rng)
        ports = np.where(chosen[:, None] == 0, light[:, :1], light[:, 1:])
    else:
        chosen = np.zeros(n, dtype=np.uint8)
        ports = (light + vacuum(n, 2)) / np.sqrt(2)
    shown = np.sqrt(eta) * ports + np.sqrt(1 - eta) * vacuum(*ports.shape)
    if v:
        shown += np.sqrt(v) * vacuum(*ports.shape)
    return Symbols(centres, shown, chosen, variance, eta, v, detection)
