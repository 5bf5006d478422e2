r"""Model poisoning: a client that sends something else than it has trained."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from qlearn._checks import as_choice, as_count, as_real
from qlearn.learning.neural_networks.optimizers import checked_parameters
from qlearn.networks.attacks._attacker import Answer, Attacker, flat, shaped
from qlearn.networks.federated.client import Client

DIRECTIONS = ("spread", "sign", "mean")
"""Ways in which :func:`crafted_update` may leave the mean."""


class SignFlip(Attacker):
    r"""Sends the update of an honest training backwards: :math:`\theta - s\,(\theta_c - \theta)`.

    Parameters
    ----------
    client : Client
        Whose training is turned round.
    scale : float
        s, above 0.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client
    >>> honest = Client(SoftmaxClassifier(optimizer="sgd", learning_rate=1.0), [[-1.0], [2.0]], [0, 1])
    >>> start = honest.initial()
    >>> [client.fit(start, {})[0][0] for client in (honest, SignFlip(honest, scale=2))]
    [array([[0.75]]), array([[-1.5]])]

    References
    ----------
    Li, Xu, Chen, Giannakis, Ling, "RSA: Byzantine-robust stochastic aggregation methods", 2019, arXiv:1811.03761.
    """

    def __init__(self, client: Client, scale: float = 1.0) -> None:
        super().__init__(client)
        self.scale = as_real(scale, "scale", above=0)

    def fit(self, parameters: Sequence[NDArray[np.float64]], config: Mapping[str, Any]) -> Answer:
        """Train as the client does, and return the mirror image of what it learned."""
        trained, n, metrics = super().fit(parameters, config)
        return [p - self.scale * (t - p) for p, t in zip(parameters, trained, strict=True)], n, metrics


class ModelReplacement(Attacker):
    r"""Sends an update that is long enough to put a model of the attacker's choice in the place of the mean.

    .. math:: \theta_a = \theta + \gamma\,(\theta^\star - \theta), \qquad
              \gamma = \frac{\sum_c n_c}{n_a} \;\Rightarrow\;
              \bar\theta = \theta^\star + \sum_{c\ne a} \frac{n_c}{\sum n}\,(\theta_c - \theta)

    With :math:`\gamma = \sum n / n_a` the weighted mean is the target itself, moved by no more than what the others have
    still to learn. The attacker needs its own share of the samples, and nothing else of the others.

    Parameters
    ----------
    client : Client
        Whose place it takes.
    boost : float
        :math:`\gamma`, above 0.
    target : sequence of array_like, optional
        :math:`\theta^\star`; None takes what the client trains in this round, for a :class:`LabelFlip` a model of the
        false labels: then it is a boosted update.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client, FedAvg, run
    >>> learned = SoftmaxClassifier(optimizer="sgd", learning_rate=1e-9)  # the others have nothing to learn any more
    >>> four = [Client(learned, [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0, 3.0, 4.0)]
    >>> liar = ModelReplacement(four[0], boost=4, target=[[[-7.0]], [0.5]])
    >>> [p.round(6) for p in run([liar, *four[1:]], FedAvg(), 1).parameters]
    [array([[-7.]]), array([0.5])]

    References
    ----------
    Bagdasaryan, Veit, Hua, Estrin, Shmatikov, "How to backdoor federated learning", 2020, arXiv:1807.00459, equation 3.
    """

    def __init__(self, client: Client, boost: float, target: Sequence[ArrayLike] | None = None) -> None:
        super().__init__(client)
        self.boost = as_real(boost, "boost", above=0)
        self.target = None if target is None else checked_parameters(target, client.shapes)

    def fit(self, parameters: Sequence[NDArray[np.float64]], config: Mapping[str, Any]) -> Answer:
        """Return the global model, moved towards the target by the boost."""
        trained, n, metrics = super().fit(parameters, config)
        aim = trained if self.target is None else self.target
        return [p + self.boost * (t - p) for p, t in zip(parameters, aim, strict=True)], n, metrics


def little_is_enough(n_clients: int, n_malicious: int) -> float:
    r"""Return how many standard deviations attackers may leave the mean and still have a majority behind them.

    .. math:: s = \lfloor n/2 + 1\rfloor - f, \qquad z = \Phi^{-1}\Bigl(\frac{n-f-s}{n-f}\Bigr)

    Of the :math:`n-f` honest values, normal and independent, s lie further out than z in the mean: with those the f
    attackers are more than half, so in one coordinate a rule that trusts the majority takes them for it.

    Parameters
    ----------
    n_clients : int
        n, attackers included.
    n_malicious : int
        f, at least 1 and fewer than half.

    Returns
    -------
    float
        z; zero and below where so few attackers get no majority by leaving the mean.

    Examples
    --------
    >>> round(little_is_enough(50, 24), 2), little_is_enough(10, 2)
    (1.43, 0.0)

    References
    ----------
    Baruch, Baruch, Goldberg, "A little is enough: circumventing defenses for distributed learning", 2019,
    arXiv:1902.06156, algorithm 3.
    """
    n, f = as_count(n_clients, "n_clients"), as_count(n_malicious, "n_malicious")
    if 2 * f >= n:
        raise ValueError(
            f"n_malicious must be fewer than half of the {n} clients, not {f}: a majority need not hide"
        )
    supporters = n // 2 + 1 - f
    return float(norm.ppf((n - f - supporters) / (n - f)))


def crafted_update(updates: ArrayLike, z: float, direction: str = "spread") -> NDArray[np.float64]:
    r"""Return an update near the mean of those that the attackers know, and off it in a chosen direction.

    .. math:: u = \mu - z\,d, \qquad d = \sigma, \quad \|\sigma\|\,\frac{\operatorname{sign}\mu}{\|\operatorname{sign}\mu\|}
              \quad\text{or}\quad \|\sigma\|\,\frac{\mu}{\|\mu\|}

    with mean :math:`\mu` and standard deviation :math:`\sigma` (of the sample, by n - 1) of each coordinate. All three have
    the length of the spread, so that z means the same for each.

    Parameters
    ----------
    updates : array_like, shape (m, d)
        Two or more updates, differences to the global model.
    z : float
        How far, in standard deviations.
    direction : {"spread", "sign", "mean"}
        :math:`\sigma` in each coordinate (Baruch et al.), the sign of the mean, or the mean itself, backwards.

    Returns
    -------
    ndarray, shape (d,)

    Examples
    --------
    >>> crafted_update([[1.0, 4.0], [3.0, 4.0]], z=1)
    array([0.58578644, 4.        ])

    References
    ----------
    Baruch, Baruch, Goldberg, 2019, arXiv:1902.06156 ("spread"). Shejwalkar, Houmansadr, "Manipulating the Byzantine", NDSS
    2021 (all three, with the length searched).
    """
    rows = np.asarray(updates, dtype=np.float64)
    if rows.ndim != 2 or len(rows) < 2:
        raise ValueError(
            f"updates must be two or more rows of numbers, not of shape {rows.shape}: one update has no spread"
        )
    as_choice(direction, DIRECTIONS, "direction")
    mean, spread = rows.mean(axis=0), rows.std(axis=0, ddof=1)
    away = {"spread": spread, "sign": np.sign(mean), "mean": mean}[direction]
    length = np.linalg.norm(away)
    unit = away / length if length else away
    return mean - as_real(z, "z") * np.linalg.norm(spread) * unit


class Colluders:
    r"""What attackers know of a round: the updates that the clients they know would send.

    Knowledge is stated by whom they know. `known` = the clients that the attackers have taken over is the attack without
    spies: only their own samples. `known` = all honest clients is the omniscient one, which has read every line. It
    trains the known clients itself; where a client draws batches, it is told the seed.

    Parameters
    ----------
    known : sequence of Client
        Two or more.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client
    >>> model = SoftmaxClassifier(optimizer="sgd", learning_rate=1.0)
    >>> pair = [Client(model, [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    >>> Colluders(pair).updates(pair[0].initial(), {"epochs": 1})
    array([[0.5 , 0.  ],
           [0.75, 0.  ]])
    """

    def __init__(self, known: Sequence[Client]) -> None:
        self.known = list(known)
        for client in self.known:
            if not isinstance(client, Client):
                raise TypeError(f"known must be federated Clients, not {client!r}")
        if len(self.known) < 2:
            raise ValueError(
                f"known must be two clients or more, not {len(self.known)}: one update has no spread"
            )
        self._seen: tuple[Any, NDArray[np.float64]] | None = None

    def updates(
        self, parameters: Sequence[NDArray[np.float64]], config: Mapping[str, Any]
    ) -> NDArray[np.float64]:
        """Return what the known clients would send in this round, less the global model: shape (known, numbers)."""
        start = flat(parameters)
        told = {key: value for key, value in config.items() if key != "seed"}
        this = (start.tobytes(), tuple(sorted(told.items())))
        if self._seen is None or self._seen[0] != this:  # once a round, however many ask
            rows = [
                flat(client.fit([p.copy() for p in parameters], config)[0]) - start for client in self.known
            ]
            self._seen = this, np.array(rows)
        return self._seen[1]


class InsideSpread(Attacker):
    r"""Sends an update that lies inside the spread of the honest ones: "a little is enough".

    All colluders send :func:`crafted_update` of what they know. At small z it is not far from the honest updates, and colluders
    are at no distance from each other, where the others scatter: a rule that looks for who is far off keeps them. One
    that looks for who agrees too well would find them, unless each adds some noise of its own.

    Parameters
    ----------
    client : Client
        Whose place it takes.
    colluders : Colluders
        What it knows; shared by all attackers of a run.
    z : float
        Standard deviations off the mean; see :func:`little_is_enough`.
    direction : {"spread", "sign", "mean"}
        As in :func:`crafted_update`.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client
    >>> model = SoftmaxClassifier(optimizer="sgd", learning_rate=1.0)
    >>> honest = [Client(model, [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0, 3.0)]
    >>> liar = InsideSpread(honest[0], Colluders(honest), z=1)
    >>> liar.fit(honest[0].initial(), {})[0]  # the others send 0.5, 0.75 and 1
    [array([[0.5]]), array([0.])]

    References
    ----------
    Baruch, Baruch, Goldberg, "A little is enough", 2019, arXiv:1902.06156.
    """

    def __init__(self, client: Client, colluders: Colluders, z: float, direction: str = "spread") -> None:
        super().__init__(client)
        if not isinstance(colluders, Colluders):
            raise TypeError(
                f"colluders must be Colluders(known), which says what they know, not {colluders!r}"
            )
        self.colluders = colluders
        self.z, self.direction = as_real(z, "z"), as_choice(direction, DIRECTIONS, "direction")

    def fit(self, parameters: Sequence[NDArray[np.float64]], config: Mapping[str, Any]) -> Answer:
        """Return the global model, moved by what the colluders have agreed on."""
        self.check(config)
        update = crafted_update(self.colluders.updates(parameters, config), self.z, self.direction)
        return shaped(flat(parameters) + update, parameters), self.n_samples, {}
