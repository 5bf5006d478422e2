r"""Annealing: find a low energy by cooling, or by taking a transverse field away."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import dimod
import numpy as np
from dwave.samplers import PathIntegralAnnealingSampler, SimulatedAnnealingSampler, SteepestDescentSampler
from numpy.typing import NDArray

from qlearn._checks import as_count, as_real, as_rng
from qlearn.learning.optimisation.qubo import as_bqm

METHODS = ("thermal", "path-integral", "descent")


@dataclass(frozen=True, eq=False)
class AnnealingResult:
    """Energies and bits at the end of independent anneals, and the best of them."""

    energy: float
    """The lowest energy."""
    sample: dict[Hashable, int]
    """Its bits, by variable."""
    energies: NDArray[np.float64]
    """Energy at the end of each anneal, shape (reads,)."""
    samples: NDArray[np.uint8]
    """Bits at the end of each, shape (reads, n), in the order of the problem's variables."""

    def __repr__(self) -> str:
        return f"AnnealingResult(energy={self.energy:g}, {len(self.energies):,} anneals of {len(self.sample):,} bits)"


def anneal(
    problem: Any,
    *,
    method: str = "thermal",
    sweeps: int = 100,
    reads: int = 100,
    field: float = 0.6,
    temperature: float = 0.2,
    rng: Any = None,
) -> AnnealingResult:
    r"""Anneal a quadratic problem of bits: thermally, by path integral, or not at all.

    .. math:: \text{thermal: } e^{-\beta E(s)},\ \beta \text{ rising}; \qquad \text{path integral: }
              e^{-\beta H(t)},\ H(t) = \tfrac{t}{T} E(Z) - \Gamma \bigl(1 - \tfrac{t}{T}\bigr) \sum_i X_i

    Both are classical Monte Carlo. "thermal" flips spins with Metropolis' rule while it cools. "path-integral" samples
    the equilibrium of a *quantum* magnet at a low temperature: each spin is a path in imaginary time, with as many
    breaks as the transverse field :math:`\Gamma` allows, and the field is taken away. "descent" flips what lowers
    the energy until nothing does: what annealing must beat.

    Parameters
    ----------
    problem : dimod.BinaryQuadraticModel, mapping or array_like
        As :func:`as_bqm` takes it; thousands of variables.
    method : {"thermal", "path-integral", "descent"}
    sweeps : int
        Updates of every spin in one anneal, at least 2. Not used by "descent".
    reads : int
        Independent anneals.
    field : float
        First value of :math:`\Gamma`, in units of the typical local field (the root of the mean over spins of
        :math:`h_i^2 + \sum_j J_{ij}^2`). Only of "path-integral".
    temperature : float
        :math:`1/\beta` in the same unit. Only of "path-integral"; "thermal" starts hot and ends cold, by the
        sampler's own rule.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    AnnealingResult

    Examples
    --------
    >>> found = anneal([[-1, 2], [0, -1]], reads=10, rng=0)
    >>> found.energy, sum(found.sample.values())
    (-1.0, 1)

    References
    ----------
    Kirkpatrick, Gelatt, Vecchi, "Optimization by simulated annealing", 1983, doi:10.1126/science.220.4598.671.
    Kadowaki, Nishimori, "Quantum annealing in the transverse Ising model", 1998, arXiv:cond-mat/9804280.
    Heim, Ronnow, Isakov, Troyer, "Quantum versus classical annealing of Ising spin glasses", 2015,
    arXiv:1411.5693 (paths without time steps).
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method!r}")
    sweeps, reads = as_count(sweeps, "sweeps", least=2), as_count(reads, "reads")
    field, temperature = as_real(field, "field", least=0), as_real(temperature, "temperature", least=1e-3)
    bqm, seed = as_bqm(problem), int(as_rng(rng).integers(2**31))
    spins = bqm.change_vartype(dimod.SPIN, inplace=False)
    if method == "thermal":
        found = SimulatedAnnealingSampler().sample(spins, num_reads=reads, num_sweeps=sweeps, seed=seed)
    elif method == "descent":
        found = SteepestDescentSampler().sample(spins, num_reads=reads, seed=seed)
    else:
        unit, time = local_field(spins), np.linspace(0, 1, sweeps)
        beta = 1 / (temperature * unit)
        # Without both schedules the sampler sets the transverse field to 0, and is no quantum magnet.
        found = PathIntegralAnnealingSampler().sample(
            spins,
            num_reads=reads,
            beta_schedule_type="custom",
            Hp_field=beta * time,
            Hd_field=beta * field * unit * (1 - time),
            seed=seed,
        )
    columns = [found.variables.index(v) for v in bqm.variables]
    samples = (found.record.sample[:, columns] > 0).astype(np.uint8)
    samples = np.repeat(samples, found.record.num_occurrences, axis=0)
    energies = np.asarray(bqm.energies((samples, list(bqm.variables))), np.float64)
    best = int(energies.argmin())
    sample = dict(zip(bqm.variables, samples[best].tolist(), strict=True))
    return AnnealingResult(float(energies[best]), sample, energies, samples)


def local_field(spins: dimod.BinaryQuadraticModel) -> float:
    """Return the root of the mean over spins of h**2 + the sum of J**2; 1 if all are 0."""
    linear, (_, _, couplings), _ = spins.to_numpy_vectors()
    mean = (np.sum(linear**2) + 2 * np.sum(couplings**2)) / max(len(linear), 1)
    return float(np.sqrt(mean)) or 1.0
