"""Holevo bound: the most that a collective attack knows of what Bob measured.

Once in closed form, once by the entangling cloner, built from beam splitters and twin beams.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_real, broadcast
from qlearn._types import Array
from qlearn.communication.continuous_variables._arguments import (
    Detection,
    as_detection,
    as_efficiency,
    as_electronic,
    as_excess,
    as_flag,
    as_modulation,
    as_transmittance,
)
from qlearn.communication.continuous_variables.gaussian_states import (
    beamsplitter,
    condition_on_measurement,
    direct_sum,
    entropy,
    epr,
    mode_entropy,
)
from qlearn.communication.continuous_variables.information import detector_noise


def holevo_bound(
    transmittance: ArrayLike,
    *,
    modulation_variance: ArrayLike,
    excess_noise: ArrayLike,
    efficiency: ArrayLike = 1.0,
    electronic_noise: ArrayLike = 0.0,
    detection: Detection = "homodyne",
    trusted: bool = True,
) -> Array:
    r"""Return the most that Eve can know of Bob's record of a symbol, in bits, if she treats all symbols alike.

    .. math:: \chi_{BE} = S(E) - S(E | b) = S(AB) - S(AFG | b)
                        = g(\lambda_1) + g(\lambda_2) - g(\lambda_3) - g(\lambda_4)

    Eve holds all that Alice's and Bob's modes lack to be pure, so her entropy is theirs (:math:`F, G` are the
    modes of a trusted detector). With :math:`a = V = V_A + 1`, :math:`b = T(V_A + \xi) + 1`,
    :math:`c^2 = T(V^2-1)`, :math:`\sqrt{B} = ab - c^2`, :math:`A = a^2 + b^2 - 2c^2` and
    :math:`\chi` of the detector,

    .. math:: \lambda_{1,2}^2 = \tfrac12\bigl(A \pm \sqrt{A^2 - 4B}\bigr), \qquad
              \lambda_{3,4}^2 = \tfrac12\bigl(C \pm \sqrt{C^2 - 4D}\bigr)

    .. math:: C_\text{hom} = \frac{a\sqrt{B} + b + A\chi}{b + \chi}, \quad
              D_\text{hom} = \sqrt{B}\, \frac{a + \sqrt{B}\chi}{b + \chi}

    .. math:: C_\text{het} = \frac{A\chi^2 + B + 1 + 2\chi(a\sqrt{B} + b) + 2c^2}{(b+\chi)^2}, \quad
              D_\text{het} = \left(\frac{a + \sqrt{B}\chi}{b + \chi}\right)^2

    Parameters
    ----------
    transmittance, modulation_variance, excess_noise, efficiency, electronic_noise, detection
        As for :func:`mutual_information`; all of the excess noise is Eve's.
    trusted : bool
        True: what the detector loses and adds is out of Eve's reach, in Bob's locked laboratory. False: it is
        hers as well, as if the detector were perfect behind a line of transmittance :math:`\eta T`.

    Returns
    -------
    ndarray of float, shape (...)
        Bits a symbol, at least 0.

    Examples
    --------
    >>> lost = holevo_bound(0.5, modulation_variance=4, excess_noise=0)  # no noise, and yet
    >>> round(float(lost), 3)
    0.448
    >>> float(holevo_bound(1.0, modulation_variance=4, excess_noise=0))
    0.0

    References
    ----------
    Lodewyck et al., Phys. Rev. A 76, 042305 (2007), arXiv:0706.4255, for homodyne; Fossier et al., J. Phys. B
    42, 114014 (2009), arXiv:0812.4314, for heterodyne detection; Garcia-Patron and Cerf, Phys. Rev. Lett. 97,
    190503 (2006), arXiv:quant-ph/0608032, that no other collective attack with these covariances does better than a
    Gaussian one.
    """
    t, variance, xi, eta, v = broadcast(
        transmittance=as_transmittance(transmittance),
        modulation_variance=as_modulation(modulation_variance),
        excess_noise=as_excess(excess_noise),
        efficiency=as_efficiency(efficiency),
        electronic_noise=as_electronic(electronic_noise),
    )
    detection, inside = as_detection(detection), as_flag(trusted, "trusted")
    outside = np.zeros_like(v)
    if not inside:
        # A perfect detector behind a worse line; each of two detectors has its own electronic noise.
        t, outside = eta * t, v * (1 if detection == "homodyne" else 2)
        eta, v = np.ones_like(eta), np.zeros_like(v)

    a, b, c2 = 1 + variance, 1 + t * (variance + xi) + outside, t * variance * (variance + 2)
    root = 1 + variance * (1 - t) + (1 + variance) * (t * xi + outside)  # ab - c^2, without the cancellation
    before, chi = a * a + b * b - 2 * c2, detector_noise(eta, v, detection)
    if detection == "homodyne":
        after = (a * root + b + before * chi) / (b + chi)
        product = root * (a + root * chi) / (b + chi)
    else:
        after = (before * chi**2 + root**2 + 1 + 2 * chi * (a * root + b) + 2 * c2) / (b + chi) ** 2
        product = ((a + root * chi) / (b + chi)) ** 2
    return np.asarray(np.maximum(_entropy(before, root**2) - _entropy(after, product), 0.0))


def _entropy(total: Array, product: Array) -> Array:
    """Return the entropy of two modes from the sum and the product of their squared eigenvalues."""
    larger = (total + np.sqrt(np.maximum(total**2 - 4 * product, 0))) / 2
    smaller = product / larger  # not the difference of two nearly equal numbers
    return mode_entropy(np.sqrt(larger)) + mode_entropy(np.sqrt(smaller))


@dataclass(frozen=True, eq=False)
class EntanglingCloner:
    """Everybody's modes just before Bob measures, as one pure Gaussian state.

    Parameters
    ----------
    covariance : ndarray of float, shape (2 * n, 2 * n)
        Quadratures in the order x, p, x, p, in shot-noise units.
    modes : tuple of str
        Whose mode stands where: "A", "B", Eve's "E1" and "E2", and "F", "G" of a trusted detector.
    detection : {"homodyne", "heterodyne"}
        What Bob will do.
    """

    covariance: NDArray[np.float64]
    modes: tuple[str, ...]
    detection: Detection

    def covariance_of(self, *names: str) -> NDArray[np.float64]:
        """Return the covariance matrix of the modes called `names`, in this order."""
        rows = [2 * self.modes.index(name) + quadrature for name in names for quadrature in (0, 1)]
        return self.covariance[np.ix_(rows, rows)]

    @property
    def holevo(self) -> float:
        """What Eve can know of Bob's record if she keeps her modes and measures them together: bits a symbol."""
        alone = entropy(self.covariance_of("E1", "E2"))
        conditional = entropy(
            condition_on_measurement(self.covariance_of("B", "E1", "E2"), 0, self.detection)
        )
        return float(alone - conditional)

    @property
    def shannon(self) -> float:
        """What she knows if she keeps each symbol until Bob has told his quadrature, and then measures there."""
        if self.detection != "homodyne":
            raise ValueError(
                'shannon needs detection="homodyne": Eve measures the quadrature that Bob measured'
            )
        x = self.covariance_of("B", "E1", "E2")[::2, ::2]
        left = x[0, 0] - x[0, 1:] @ np.linalg.solve(x[1:, 1:], x[1:, 0])
        return float(np.log2(x[0, 0] / left) / 2)


def entangling_cloner(
    transmittance: float,
    *,
    modulation_variance: float,
    excess_noise: float,
    efficiency: float = 1.0,
    electronic_noise: float = 0.0,
    detection: Detection = "homodyne",
    trusted: bool = True,
) -> EntanglingCloner:
    r"""Build the state in which Eve has replaced the line by a splitter and one half of a pair of twin beams.

    .. math:: N = 1 + \frac{T \xi}{1 - T}

    The splitter lets :math:`T` of the light pass; the other port takes in E1, whose variance :math:`N` makes
    just the noise that Alice and Bob expect, and keeps the light that is missing. E1's twin E2 tells Eve which
    noise she has put in. A trusted detector is built in the same way (a splitter of :math:`\eta`, twins F and
    G for its electronic noise), but F and G stay with Bob. Its numbers must agree with the formula of
    :func:`holevo_bound`, and it uses none of it.

    Parameters
    ----------
    transmittance, modulation_variance, excess_noise, efficiency, electronic_noise, detection, trusted
        As for :func:`holevo_bound`, one number each. The transmittance is below 1 if there is noise to hide, and so is
        the efficiency of a trusted detector that has noise.

    Returns
    -------
    EntanglingCloner
        Its `holevo` and `shannon` say what she gets.

    Examples
    --------
    >>> tap = entangling_cloner(0.5, modulation_variance=4, excess_noise=0.1)
    >>> tap.covariance_of("B").diagonal().round(6)  # 1 + T (V_A + xi), as without her
    array([3.05, 3.05])
    >>> round(tap.holevo, 3), round(tap.shannon, 3)
    (0.642, 0.494)

    References
    ----------
    Grosshans et al., Quantum Inf. Comput. 3, 535 (2003), arXiv:quant-ph/0306141.
    """
    t, variance = float(as_transmittance(transmittance)), float(as_modulation(modulation_variance))
    xi, eta = float(as_excess(excess_noise)), float(as_efficiency(efficiency))
    v, detection = float(as_electronic(electronic_noise)), as_detection(detection)
    added = v * (1 if detection == "homodyne" else 2)
    inside = as_flag(trusted, "trusted")
    if not inside:
        t, noise = eta * t, eta * t * xi + added
    else:
        noise = t * xi

    state, modes = direct_sum(epr(1 + variance), epr(_twin(noise, t, "excess_noise"))), ["A", "B", "E1", "E2"]
    state = beamsplitter(state, 1, 2, t)
    if inside and (eta < 1 or v > 0):
        state, modes = direct_sum(state, epr(_twin(added, eta, "electronic_noise"))), [*modes, "F", "G"]
        state = beamsplitter(state, 1, 4, eta)
    return EntanglingCloner(state, tuple(modes), detection)


def _twin(noise: float, passes: float, name: str) -> float:
    """Return the variance of the beam that puts `noise` behind a splitter of transmittance `passes`."""
    if passes == 1 and noise > 0:
        raise ValueError(
            f"{name} must be 0 where nothing is lost: noise comes in through the port where light leaves"
        )
    return as_real(1 + noise / (1 - passes), name, least=1) if noise else 1.0
