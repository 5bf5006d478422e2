r"""Replay: an update that was right once, sent again."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count
from qlearn._types import Arrays
from qlearn.networks.attacks._attacker import Answer, Attacker
from qlearn.networks.federated.client import Client


class Replay(Attacker):
    r"""Somebody on a client's line who lets the server have the client's update of an earlier round, again.

    .. math:: \theta_c^{(r)} \;\to\; \theta_c^{(\max(1,\,r-k))}

    The client trains, and its new update goes no further. What arrives was trained by an honest client on honest samples,
    and is signed by it, if updates are signed: what is wrong with it is its age. It pulls the model back to where it was.

    Parameters
    ----------
    client : Client
        The client at the end of the line.
    delay : int, optional
        k, how many rounds old; None sends the update of the first round for ever.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client, FedAvg, run
    >>> model = SoftmaxClassifier(optimizer="sgd", learning_rate=1.0)
    >>> pair = [Client(model, [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    >>> lines = [pair, [Replay(client) for client in pair]]
    >>> [run(line, FedAvg(), rounds=20, rng=0).parameters[0].round(2).item() for line in lines]
    [2.78, 0.62]

    References
    ----------
    Syverson, "A taxonomy of replay attacks", CSFW 1994, doi:10.1109/CSFW.1994.315935.
    """

    def __init__(self, client: Client, delay: int | None = None) -> None:
        super().__init__(client)
        self.delay = None if delay is None else as_count(delay, "delay")
        self._sent: list[tuple[Arrays, int, dict[str, float]]] = []

    def fit(self, parameters: Sequence[NDArray[np.float64]], config: Mapping[str, Any]) -> Answer:
        """Let the client train, and return what it sent before."""
        answer, n, metrics = super().fit(parameters, config)
        self._sent.append(([p.copy() for p in answer], n, metrics))
        old, n, metrics = self._sent[0 if self.delay is None else max(0, len(self._sent) - 1 - self.delay)]
        return [p.copy() for p in old], n, metrics
