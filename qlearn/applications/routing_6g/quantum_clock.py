"""Quantum clock: how long one shot of QAOA takes, on bare qubits and on qubits that are corrected."""

from dataclasses import dataclass
from math import ceil, log2
from typing import Any

from qlearn._checks import as_count, as_failure, as_real
from qlearn.learning.optimisation import as_bqm

_PREFACTOR, _THRESHOLD = 0.03, 0.01  # of the surface code on gates, in the source below


@dataclass(frozen=True)
class QubitClock:
    r"""Times of a qubit's operations, and how often they fail.

    Parameters
    ----------
    name : str
        What it is.
    gate_s : float
        Seconds of a gate, on one qubit or two.
    measure_s : float
        Seconds of a measurement.
    error : float
        Chance that an operation fails.

    Examples
    --------
    >>> f"{SUPERCONDUCTING.cycle_s(15):.1e} s, {IONS.cycle_s(15):.1e} s"
    '6.0e-06 s, 9.0e-03 s'

    References
    ----------
    Beverland et al., "Assessing requirements to scale to practical quantum advantage", 2022, arXiv:2211.07629 (profiles of
    qubits, logical cycle, distance).
    """

    name: str
    gate_s: float
    measure_s: float
    error: float = 1e-3

    def __post_init__(self) -> None:
        as_real(self.gate_s, "gate_s", above=0)
        as_real(self.measure_s, "measure_s", above=0)
        if not 0 < as_real(self.error, "error") < _THRESHOLD:
            raise ValueError(
                f"error must lie between 0 and the threshold of the code, {_THRESHOLD:g}, not {self.error:g}"
            )

    def cycle_s(self, distance: int) -> float:
        """Return the seconds of a logical step of the surface code.

        It has as many rounds as the code's distance, each of four gates and two measurements.
        """
        return as_count(distance, "distance") * (4 * self.gate_s + 2 * self.measure_s)


SUPERCONDUCTING = QubitClock("superconducting", 50e-9, 100e-9)
"""The source's profile of 50 ns gates and 100 ns measurements, with an error of 1e-3."""
IONS = QubitClock("trapped ions", 100e-6, 100e-6)
"""The source's profile of 100 microsecond gates and measurements, with an error of 1e-3."""


@dataclass(frozen=True)
class ShotCost:
    """What one shot of QAOA takes.

    Parameters
    ----------
    qubits, couplings : int
        Bits of the problem, and pairs of bits with a term.
    rounds : int
        Steps in which all couplings of a layer are done, each qubit in one at a time.
    bare_s : float
        Seconds on bare qubits.
    survives : float
        Chance that no operation fails on bare qubits.
    corrected_s : float
        Seconds on corrected qubits, as the source counts: each rotation has a step of its own.
    parallel_s : float
        Seconds on corrected qubits if the rotations of a round are done side by side: a lower bound of this scheme.
    distance : int
        Distance of the code that this takes.
    physical_qubits : int
        Qubits of the code's patches, without the factories of magic states.
    """

    qubits: int
    couplings: int
    rounds: int
    bare_s: float
    survives: float
    corrected_s: float
    parallel_s: float
    distance: int
    physical_qubits: int


def shot_cost(problem: Any, layers: int, clock: QubitClock, *, failure: float = 1e-2) -> ShotCost:
    r"""Return what one shot of QAOA takes on a machine: bare, corrected, and corrected with all that can be side by side.

    .. math:: t_\text{bare} = p\,(\Delta + 1)\, t_g + t_m, \qquad
              t_\text{corrected} = \tau_d \bigl( M_R + s\, D_R + n \bigr), \quad
              t_\text{parallel} = \tau_{d'} \bigl( s\, D_R + 1 \bigr), \quad s = \lceil 0.53 \log_2 (M_R / \epsilon) + 5.3 \rceil

    with p layers, :math:`\Delta` the most couplings of one bit, :math:`M_R` rotations in :math:`D_R = p(\Delta + 2)` layers, and
    :math:`\tau_d` the logical step. In favour: any two qubits meet at no cost, a coupling is one gate, a round holds as many as
    could be, angles are known, and factories of magic states never make it wait. Not in favour is :math:`M_R` in the second: the
    source joins qubits by measurements of many at a time, so its rotations stand in a queue. The third leaves the queue
    out, and measures all at once.

    Parameters
    ----------
    problem : dimod.BinaryQuadraticModel, mapping or array_like
        As :func:`qlearn.learning.optimisation.as_bqm` takes it.
    layers : int
        p.
    clock : QubitClock
        The machine.
    failure : float
        Chance that a corrected shot fails, a third each to qubits, to rotations and left over.

    Returns
    -------
    ShotCost

    Examples
    --------
    >>> cost = shot_cost([[-1, 2, 2], [0, -1, 2], [0, 0, -1]], 1, SUPERCONDUCTING)
    >>> cost.rounds, f"{cost.bare_s:.2e}", cost.distance, f"{cost.corrected_s:.1e}"
    (2, '2.50e-07', 7, '1.7e-04')

    References
    ----------
    Beverland et al., 2022, arXiv:2211.07629 (steps, rotations, distance).
    """
    layers, eps = as_count(layers, "layers"), as_failure(failure) / 3
    bqm = as_bqm(problem)
    n, couplings = bqm.num_variables, bqm.num_interactions
    rounds = max(bqm.degrees(array=True).max(initial=0), 0)
    bare = layers * (rounds + 1) * clock.gate_s + clock.measure_s
    operations = layers * (couplings + n) + n
    rotations = layers * (couplings + 2 * n)
    synthesis = ceil(0.53 * log2(rotations / eps) + 5.3)
    steps = rotations + synthesis * layers * (int(rounds) + 2) + n
    alone = synthesis * layers * (int(rounds) + 2) + 1
    distance, distance_alone = (_distance(n * many, clock.error, eps) for many in (steps, alone))
    return ShotCost(
        n,
        couplings,
        int(rounds),
        float(bare),
        float((1 - clock.error) ** operations),
        steps * clock.cycle_s(distance),
        alone * clock.cycle_s(distance_alone),
        distance,
        2 * distance**2 * n,
    )


def _distance(places: int, error: float, failure: float) -> int:
    """Return the least odd distance at which so many logical qubits times steps fail with at most `failure`."""
    distance = 1
    while places * _PREFACTOR * (error / _THRESHOLD) ** ((distance + 1) / 2) > failure:
        distance += 2
    return distance
