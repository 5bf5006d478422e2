r"""FedProx: clients are held near the model that they were sent."""

from dataclasses import dataclass
from typing import Any

from qlearn._checks import as_real
from qlearn.networks.federated._shared import Asking


@dataclass(frozen=True)
class FedProx(Asking):
    r"""Federated averaging of clients that pay for their distance from the model that they were sent.

    .. math:: \min_w\; F_c(w) + \frac{\mu}{2} \lVert w - \theta \rVert^2

    The server's part is that of :class:`~qlearn.networks.federated.FedAvg`, and it sends :math:`\mu` along; the term is
    the clients' part. Its slope :math:`\mu (w - \theta)` is 0 where a client starts: with one local step this *is*
    federated averaging, and with :math:`\mu = 0` at any number of steps. On the loss :math:`a(w-c)^2/2` a client that
    trains to the end answers :math:`(ac + \mu\theta)/(a + \mu)`.

    Flower's class of this name sends the key ``proximal-mu``, and the code in its docstring adds the norm where its formula
    has the square of the norm; here the key is ``proximal_mu``, and the square is meant.

    Parameters
    ----------
    proximal_mu : float
        :math:`\mu`, at least 0, in nats for a unit of squared distance.
    local_epochs, fraction
        As in :class:`~qlearn.networks.federated.FedAvg`; by name only.

    Examples
    --------
    >>> from qlearn.networks.federated import FedProx
    >>> FedProx(0.5, local_epochs=3).config(1)
    {'round': 1, 'epochs': 3, 'proximal_mu': 0.5}

    References
    ----------
    Li et al., "Federated optimization in heterogeneous networks", MLSys 2020, arXiv:1812.06127, algorithm 2.
    """

    proximal_mu: float = 0.1

    def __post_init__(self) -> None:
        super().__post_init__()
        if as_real(self.proximal_mu, "proximal_mu") < 0:
            raise ValueError(
                f"proximal_mu must be at least 0, not {self.proximal_mu}: below 0 distance would be rewarded"
            )

    def config(self, number: int) -> dict[str, Any]:
        """Return the settings of the clients in round `number`, with "proximal_mu" among them."""
        return {**super().config(number), "proximal_mu": float(self.proximal_mu)}
