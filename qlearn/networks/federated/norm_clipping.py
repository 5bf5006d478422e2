"""Norm clipping: no client moves the model further than a given length in one round."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from qlearn._checks import as_real
from qlearn._types import Array, Arrays
from qlearn.networks.federated._shared import PLAIN, Wrapping, flattened, stacked
from qlearn.networks.federated.aggregation import Strategy, Updates


@dataclass(frozen=True)
class NormClipping(Wrapping):
    r"""Shortens what each client has changed to a given norm, and leaves the merging to another strategy.

    .. math:: \theta_c \leftarrow \theta + (\theta_c - \theta)\,
              \min\!\left(1, \frac{C}{\lVert \theta_c - \theta \rVert}\right)

    The norm is Euclidean, over all layers together. Under :class:`~qlearn.networks.federated.FedAvg` the model then moves
    by at most C in a round, and a client by at most C times its share of the samples, a share that it claims itself:
    `strategy` decides what a claim counts. The direction of a lie stays, and liars who agree still add up.

    This is the first half of differential privacy: noise that is to hide one client is scaled to C. None is added here.
    Flower clips in ``DifferentialPrivacyServerSideFixedClipping`` by the same formula, and fails on a client
    that changed nothing, whose norm is 0; here that one stays as it is.

    Parameters
    ----------
    most : float
        The largest norm :math:`C` of a client's change, above 0, in units of the parameters.
    strategy : Strategy
        Merges the clipped models. It also chooses the clients, sets what they do and keeps what there is to keep.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.networks.federated import FedAvg, NormClipping
    >>> updates = [([np.array([0.3, 0.4])], 10), ([np.array([-300.0, 400.0])], 10)]
    >>> NormClipping(1.0, FedAvg()).aggregate(updates, current=[np.zeros(2)])[0]
    [array([-0.15,  0.6 ])]
    >>> from qlearn.networks.federated import FedProx
    >>> NormClipping(1.0, FedProx(0.5)).config(1)
    {'round': 1, 'epochs': 1, 'proximal_mu': 0.5}

    References
    ----------
    McMahan et al., "Learning differentially private recurrent language models", ICLR 2018, arXiv:1710.06963; against
    attacks: Sun et al., "Can you really backdoor federated learning?", 2019, arXiv:1911.07963.
    """

    most: float
    strategy: Strategy = PLAIN

    def __post_init__(self) -> None:
        as_real(self.most, "most", above=0)
        super().__post_init__()

    def clipped(self, updates: Updates, current: Arrays) -> list[tuple[Arrays, int]]:
        """Return the clients' models, each no further than `most` from the current one, with their numbers of samples."""
        layers = stacked(updates)
        if [layer.shape[1:] for layer in layers] != [np.shape(p) for p in current]:
            raise ValueError(
                f"updates must have the shapes of the current model, {[np.shape(p) for p in current]}, "
                f"not {[layer.shape[1:] for layer in layers]}"
            )
        rows, start = flattened(layers), np.concatenate([np.ravel(p) for p in current])
        scales = [self._scale(row, start) for row in rows]
        return [
            ([_shortened(layer[i], now, scales[i]) for layer, now in zip(layers, current, strict=True)], n)
            for i, (_, n) in enumerate(updates)
        ]

    def aggregate(self, updates: Updates, current: Arrays, state: Any = None) -> tuple[Arrays, Any]:
        """Return what `strategy` makes of the clipped models, and its next state."""
        return self.strategy.aggregate(self.clipped(updates, current), current, state)

    def _scale(self, row: Array, start: Array) -> float:
        """Return what a client's change is multiplied by: 1 where it is short enough."""
        largest = float(max(np.abs(row).max(initial=0), np.abs(start).max(initial=0)))
        if largest == 0:
            return 1.0
        # of numbers up to 2, whose squares do not overflow
        length = float(np.linalg.norm(row / largest - start / largest))
        return min(1.0, self.most / largest / length) if length else 1.0


def _shortened(sent: Array, now: Array, scale: float) -> Array:
    """Return a layer whose change is multiplied by `scale`."""
    if scale == 1:
        return sent.copy()
    return now + 2 * scale * (sent / 2 - now / 2)  # of halves, whose difference does not overflow
