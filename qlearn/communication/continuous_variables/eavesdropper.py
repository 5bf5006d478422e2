"""The entangling cloner: an Eve who explains all that Alice and Bob see, built from splitters and twin beams."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_real
from qlearn.communication.continuous_variables.arguments import (
    Detection,
    as_detection,
    as_efficiency,
    as_electronic,
    as_excess,
    as_flag,
    as_modulation,
    as_transmittance,
)
from qlearn.communication.continuous_variables.gaussian import entropy, epr
from qlearn.communication.continuous_variables.optics import beamsplitter, combine, condition


@dataclass(frozen=True, eq=False)
class Wiretap:
    """Everybody's modes just before Bob measures, as one pure Gaussian state.

    Parameters
    ----------
    covariance : ndarray of float, shape (2 * n, 2 * n)
        Quadratures in the order x, p, x, p, in shot-noise units.
    modes : tuple of str
        Whose mode stands where: "A", "B", Eve's "E1" and "E2", and "F", "G" of a trusted detector.
    detection : {"homodyne", "heterodyne"}
        What Bob will do.

    Taught in :doc:`/communication/continuous_variables`.
    """

    covariance: NDArray[np.float64]
    modes: tuple[str, ...]
    detection: Detection

    def of(self, *names: str) -> NDArray[np.float64]:
        """Return the covariance matrix of the modes called `names`, in this order."""
        rows = [2 * self.modes.index(name) + quadrature for name in names for quadrature in (0, 1)]
        return self.covariance[np.ix_(rows, rows)]

    @property
    def holevo(self) -> float:
        """What Eve can know of Bob's record if she keeps her modes and measures them together: bits a symbol."""
        alone = entropy(self.of("E1", "E2"))
        told = entropy(condition(self.of("B", "E1", "E2"), 0, self.detection))
        return float(alone - told)

    @property
    def shannon(self) -> float:
        """What she knows if she keeps each symbol until Bob has told his quadrature, and then measures there."""
        if self.detection != "homodyne":
            raise ValueError(
                'shannon needs detection="homodyne": Eve measures the quadrature that Bob measured'
            )
        x = self.of("B", "E1", "E2")[::2, ::2]
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
) -> Wiretap:
    r"""Build the state in which Eve has replaced the line by a splitter and one half of a pair of twin beams.

    .. math:: N = 1 + \frac{T \xi}{1 - T}

    The splitter lets :math:`T` of the light pass; the other port takes in E1, whose variance :math:`N` makes
    just the noise that Alice and Bob expect, and keeps the light that is missing. E1's twin E2 tells Eve which
    noise she has put in. A trusted detector is built in the same way (a splitter of :math:`\eta`, twins F and
    G for its electronic noise), but F and G stay with Bob. Its numbers must agree with the formula of
    :func:`holevo_bound`, and it uses none of it.

    Parameters
    ----------
    transmittance : float
        :math:`T`, 0 to 1; below 1 if there is noise to hide.
    modulation_variance, excess_noise : float
        :math:`V_A` and :math:`\xi` at the input, in shot-noise units.
    efficiency, electronic_noise : float
        :math:`\eta` and :math:`v_\text{el}` of Bob's detector; :math:`\eta < 1` if a trusted one has noise.
    detection : {"homodyne", "heterodyne"}
        What Bob measures.
    trusted : bool
        False: Eve is the detector's loss and noise, too.

    Returns
    -------
    Wiretap
        Its `holevo` and `shannon` say what she gets.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range, or noise has no port to come in through.

    Examples
    --------
    >>> tap = entangling_cloner(0.5, modulation_variance=4, excess_noise=0.1)
    >>> tap.of("B").diagonal().round(6)  # 1 + T (V_A + xi), as without her
    array([3.05, 3.05])
    >>> round(tap.holevo, 3), round(tap.shannon, 3)
    (0.642, 0.494)

    References
    ----------
    Grosshans et al., Quantum Inf. Comput. 3, 535 (2003), arXiv:quant-ph/0306141.

    Taught in :doc:`/communication/continuous_variables`.
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

    state, modes = combine(epr(1 + variance), epr(_twin(noise, t, "excess_noise"))), ["A", "B", "E1", "E2"]
    state = beamsplitter(state, 1, 2, t)
    if inside and (eta < 1 or v > 0):
        state, modes = combine(state, epr(_twin(added, eta, "electronic_noise"))), [*modes, "F", "G"]
        state = beamsplitter(state, 1, 4, eta)
    return Wiretap(state, tuple(modes), detection)


def _twin(noise: float, passes: float, name: str) -> float:
    """Return the variance of the beam that puts `noise` behind a splitter of transmittance `passes`."""
    if passes == 1 and noise > 0:
        raise ValueError(
            f"{name} must be 0 where nothing is lost: noise comes in through the port where light leaves"
        )
    return as_real(1 + noise / (1 - passes), name, least=1) if noise else 1.0
