"""Outlier removal: models that lie far from all others do not take part in the merging."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from qlearn._checks import as_real
from qlearn._types import Array, Arrays
from qlearn.networks.federated._shared import PLAIN, Wrapping, flattened, stacked
from qlearn.networks.federated.aggregation import Strategy, Updates

# Of a normal distribution the median of the distances from the median is the standard deviation divided by this.
_NORMAL = 1.4826

# At this cutoff, or above, fewer than half of the clients can be taken out.
_LEAST_CUTOFF = 1.5


@dataclass(frozen=True)
class OutlierRemoval(Wrapping):
    r"""Leaves out clients whose distance from the median model is unusual, and the merging to another strategy.

    .. math:: d_c = \lVert \theta_c - \operatorname{median}_{c'} \theta_{c'} \rVert, \qquad
              \text{out if } d_c > \tilde d + z \cdot 1.4826 \operatorname{median}_c |d_c - \tilde d|,
              \qquad \tilde d = \operatorname{median}_c d_c

    The median model is taken parameter by parameter, the norm over all layers. Fewer than half of the clients go. If fewer
    than half lie, those that stay lie within :math:`(1 + 1.4826\, z) H` of the median model, H the largest distance of an
    honest one: a lie can be that large, and one within the spread of the honest stays. What a client claims about its
    samples has no part in who goes; how much it counts among those that stay, `strategy` decides.

    The rule is a test of each client, and tests are wrong at times. Where all are honest, with independent normal parameters
    of one spread, it takes out about 1 % of ten clients if there are a hundred parameters, 3 % if there is one; of
    three clients 5 and 8 %. Honest clients with data of their own kind are outliers, too. Flower has no class for it.

    Parameters
    ----------
    strategy : Strategy
        Merges what stays. It also chooses the clients, sets what they do and keeps what there is to keep.
    cutoff : float
        z, at least 1.5, in standard deviations of a normal distribution.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.networks.federated import FedAvg, OutlierRemoval
    >>> updates = [([np.array([x, 0.0])], 10) for x in (0.9, 1.0, 1.2, 1.3, 1e6)]
    >>> strategy = OutlierRemoval(FedAvg())
    >>> strategy.kept(updates), strategy.aggregate(updates, current=[np.zeros(2)])[0]
    ([0, 1, 2, 3], [array([1.1, 0. ])])

    References
    ----------
    Iglewicz, Hoaglin, "How to detect and handle outliers", ASQC Quality Press, 1993 (the score, and 3.5 for its cutoff).
    """

    strategy: Strategy = PLAIN
    cutoff: float = 3.5

    def __post_init__(self) -> None:
        super().__post_init__()
        if as_real(self.cutoff, "cutoff") < _LEAST_CUTOFF:
            raise ValueError(
                f"cutoff must be at least {_LEAST_CUTOFF}, not {self.cutoff}: below, half of the clients could be taken out"
            )

    def distances(self, updates: Updates) -> Array:
        """Return the distance of each client's model from the median model, shape (n_clients,)."""
        rows = flattened(stacked(updates))
        with np.errstate(over="ignore"):  # a liar may be infinitely far off
            distances: Array = np.linalg.norm(rows - np.median(rows, axis=0), axis=1)
        return distances

    def kept(self, updates: Updates) -> list[int]:
        """Return the indices of the clients that stay."""
        distances = self.distances(updates)
        with np.errstate(invalid="ignore"):  # where most are infinitely far off, nobody is an outlier
            middle = np.median(distances)
            spread = _NORMAL * np.median(np.abs(distances - middle))
            return np.flatnonzero(~(distances > middle + self.cutoff * spread)).tolist()

    def aggregate(self, updates: Updates, current: Arrays, state: Any = None) -> tuple[Arrays, Any]:
        """Return what `strategy` makes of the models that stay, and its next state."""
        return self.strategy.aggregate([updates[i] for i in self.kept(updates)], current, state)
