"""Purification with faulty gates and readout: between which fidelities it works at all."""

from typing import NamedTuple

import numpy as np

from qlearn._checks import as_choice, as_probability
from qlearn.communication.repeaters.bell_diagonal_states import werner_vector
from qlearn.communication.repeaters.purification import METHODS, Method, agreeing, turned

# Enough to reach a fixed point to 1e-12 where a round changes the distance to it by one per cent.
_ROUNDS = 3000
_STARTS = 200
_ZOOMS = 5
_BELOW_ONE = 1e-6


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
    for raw Werner pairs. Both are found by running the recurrence from many starts, to about 1e-9 where the two points
    are well apart.

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

    def end(fidelities: np.ndarray) -> np.ndarray:
        pairs = werner_vector(fidelities)
        for _ in range(_ROUNDS):
            weights = agreeing(turn(pairs), turn(pairs), g, eta)
            before, pairs = pairs, weights / weights.sum(-1, keepdims=True)
            if np.abs(pairs - before).max() < 1e-15:
                break
        return pairs[:, 0]

    # from just below 1: perfect pairs stay so with perfect gates, whatever is read out, and others need not get there
    highest = float(end(np.array([1 - _BELOW_ONE]))[0])
    if highest <= 0.5:
        return None
    low, high = 0.25, highest
    for _ in range(_ZOOMS):
        starts = np.linspace(low, high, _STARTS + 1)
        first = int((end(starts) > 0.5).argmax())
        low, high = float(starts[max(first - 1, 0)]), float(starts[first])
    return WorkingRange((low + high) / 2, highest)
