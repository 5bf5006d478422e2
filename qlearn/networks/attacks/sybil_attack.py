r"""Sybil attack: one party that joins under many names, or claims more samples than it has."""

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_real
from qlearn.networks.attacks._attacker import Answer, Attacker
from qlearn.networks.federated.client import Client


class Sybil(Attacker):
    """One of the names of an attacker: it sends what the attacker sends, with a number of samples as it likes.

    Parameters
    ----------
    client : Client
        The attacker; any client, honest or not.
    name : str
        The name under which this one joins.
    n_samples : int, optional
        What it claims; None claims what the attacker has.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client
    >>> one = Client(SoftmaxClassifier(), [[-1.0], [2.0]], [0, 1])
    >>> Sybil(one, "somebody else", n_samples=10**6).fit(one.initial(), {})[1]
    1000000

    References
    ----------
    Douceur, "The Sybil attack", IPTPS 2002, doi:10.1007/3-540-45748-8_24.
    """

    def __init__(self, client: Client, name: str, n_samples: int | None = None) -> None:
        if not isinstance(name, str) or not name:
            raise ValueError(f"name must be a name, which no other client has, not {name!r}")
        super().__init__(client, name=name)
        self.claimed = None if n_samples is None else as_count(n_samples, "n_samples")

    def fit(self, parameters: Sequence[NDArray[np.float64]], config: Mapping[str, Any]) -> Answer:
        """Return the attacker's answer with the number of samples that this name claims."""
        answer, n, metrics = super().fit(parameters, config)
        return answer, n if self.claimed is None else self.claimed, metrics


def sybils(client: Client, n: int, *, n_samples: int | None = None) -> list[Sybil]:
    """Return n clients that are one: the same samples, the same answers, different names.

    Parameters
    ----------
    client : Client
        The party behind them.
    n : int
        How many names, at least 1.
    n_samples : int, optional
        Samples that each of them claims; None claims all that the party has, each time.

    Returns
    -------
    list of Sybil

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client
    >>> one = Client(SoftmaxClassifier(), [[-1.0], [2.0]], [0, 1], name="M")
    >>> [s.name for s in sybils(one, 3)]
    ['M 1', 'M 2', 'M 3']

    References
    ----------
    Fung, Yoon, Beschastnikh, "The limitations of federated learning in Sybil settings", RAID 2020, arXiv:1808.04866.
    """
    names = [f"{client.name or 'sybil'} {k}" for k in range(1, as_count(n, "n") + 1)]
    return [Sybil(client, name, n_samples) for name in names]


def sybils_needed(honest: int, share: float) -> int:
    r"""Return how many names of equal weight have more than a share of all: the least k with :math:`k/(h+k) > s`.

    .. math:: k = \Bigl\lfloor \frac{s\,h}{1-s} \Bigr\rfloor + 1

    A rule that withstands fewer than a share s of liars, one half for a median, promises nothing to a federation in which names
    are free: one party takes as many as it needs.

    Parameters
    ----------
    honest : int
        h, names of honest clients.
    share : float
        s, from 0 to below 1.

    Returns
    -------
    int

    Examples
    --------
    >>> sybils_needed(10, share=0.5), sybils_needed(10, share=0.25)
    (11, 4)

    References
    ----------
    Douceur, 2002, doi:10.1007/3-540-45748-8_24.
    """
    h, s = as_count(honest, "honest"), as_real(share, "share", least=0)
    if s >= 1:
        raise ValueError(f"share must be below 1, not {share}: honest names leave something")
    # Rounding must not turn 3.0 into 2.999...: the product decides with a margin far below any real case.
    return floor(s * h / (1 - s) + 1e-9) + 1
