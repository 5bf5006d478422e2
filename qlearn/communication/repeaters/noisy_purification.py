"""Purification with faulty gates and readout: between which fidelities it works at all."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from qlearn._checks import as_choice, as_probability
from qlearn.communication.repeaters.bell_diagonal_states import werner_vector
from qlearn.communication.repeaters.purification import METHODS, Method, agreeing, turned

# Enough to reach a fixed point to 1e-12 where a round changes the distance to it by one per cent.
_ROUNDS = 3000
_STARTS = 400
_ZOOMS = 4
_ROUNDS_OF_ONE = 20_000
_SETTLED = 1e-15
_BELOW_ONE = 1e-6
_NEAR_NOISE = 1e-3
_NEAR_HIGHEST = 1e-6


class WorkingRange(NamedTuple):
    """Result of :func:`working_range`."""

    lowest: float
    """Fidelity that a raw Werner pair must exceed."""
    highest: float
    """Fidelity to which rounds of purification then lead."""


def working_range(gate: float = 1.0, readout: float = 1.0, method: Method = "bbpssw") -> WorkingRange | None:
    r"""Return between which fidelities repeated purification with faulty devices gains, or None where it never does.

    .. math:: F'(F_\text{low}) = F_\text{low}, \qquad F'(F_\text{high}) = F_\text{high}

    Each of the two CNOTs fails with chance :math:`1-g`, each of the two bits is wrong with chance :math:`1-\eta`, so a
    round adds errors of its own. Below the lower fixed point it adds more than it takes out, and the pairs end as noise;
    above it they tend to the upper one, and not to 1. For DEJMPS, whose pairs have four weights, the lower one is that
    for raw Werner pairs. With perfect gates a perfect pair stays so, but where :math:`\eta` is between 0.1464 and
    0.8536 no other Werner pair gains, and there is no range. Both are found by running the recurrence from many starts,
    to about 1e-9 where the two points are well apart.

    Parameters
    ----------
    gate, readout : float
        :math:`g` and :math:`\eta`, as in :func:`~qlearn.communication.repeaters.purify_bell`.
    method : {"bbpssw", "dejmps"}
        Which recurrence.

    Returns
    -------
    WorkingRange or None
        ``lowest`` and ``highest``.

    Examples
    --------
    >>> low, high = working_range(0.98, 0.98)
    >>> round(low, 6), round(high, 6)
    (0.606488, 0.936046)
    >>> print(working_range(0.94, 0.94, "dejmps"))
    None

    References
    ----------
    Briegel, Duer, Cirac and Zoller, Phys. Rev. Lett. 81, 5932 (1998), arXiv:quant-ph/9803056; Duer, Briegel, Cirac and
    Zoller, Phys. Rev. A 59, 169 (1999), arXiv:quant-ph/9808065.
    """
    g, eta = as_probability(gate, "gate"), as_probability(readout, "readout")
    turn = turned(as_choice(method, METHODS, "method"))

    def rounds(fidelities: np.ndarray, most: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        pairs = werner_vector(fidelities)
        for _ in range(most):
            weights = agreeing(turn(pairs), turn(pairs), g, eta)
            before, pairs = pairs, weights / weights.sum(-1, keepdims=True)
            yield before, pairs

    # from just below 1: perfect pairs stay so with perfect gates, whatever is read out, and others need not get there
    for before, pairs in rounds(np.array([1 - _BELOW_ONE]), _ROUNDS_OF_ONE):
        if np.abs(pairs - before).max() < _SETTLED:
            break
    highest = float(pairs[0, 0])
    if highest <= 0.5 or highest < float(before[0, 0]) - _SETTLED:  # noise, or still on its way there
        return None

    def climbs(fidelities: np.ndarray) -> np.ndarray:
        for _, pairs in rounds(fidelities, _ROUNDS):
            noise = np.abs(pairs - 0.25).max(-1) < _NEAR_NOISE
            if (noise | (np.abs(pairs[:, 0] - highest) < _NEAR_HIGHEST)).all():
                break
        return np.asarray(pairs[:, 0] > 0.5)

    low, high = 0.25, highest
    for _ in range(_ZOOMS):
        starts = np.linspace(low, high, _STARTS + 1)
        first = int(climbs(starts).argmax())
        low, high = float(starts[max(first - 1, 0)]), float(starts[first])
    return WorkingRange((low + high) / 2, highest)
