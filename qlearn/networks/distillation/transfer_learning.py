r"""Transfer learning: a model trained at one node goes on at another, whose data have another distribution."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone

from qlearn._checks import as_choice, as_count, as_probability, as_real, as_rng
from qlearn.learning._estimators import as_generator
from qlearn.learning.neural_networks.gradient_estimators import GradientClassifier

Model = TypeVar("Model", bound=GradientClassifier)

HOW = ("warm", "frozen", "scratch")


def transfer(
    model: Model, X: ArrayLike, y: ArrayLike, *, how: str = "warm", epochs: int | None = None, rng: Any = None
) -> Model:
    """Train a copy of a fitted model on the rows of another node, and return it.

    Parameters
    ----------
    model : GradientClassifier
        Fitted elsewhere; not changed.
    X : array_like, shape (n, n_features)
        The new node's rows.
    y : array_like, shape (n,)
        Their labels, of the classes that the model knows.
    how : {"warm", "frozen", "scratch"}
        "warm" goes on from all parameters. "frozen" keeps everything below the readout and trains that alone: far fewer
        parameters, and on a device no gradient of the circuit, since its expectation values can be measured once.
        "scratch" draws new parameters, and is what the others have to beat.
    epochs : int, optional
        Passes over these rows; None takes the model's own.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes; None is the model's `random_state`.

    Returns
    -------
    GradientClassifier
        Of the model's kind.

    Examples
    --------
    >>> from qlearn.learning import QNNClassifier
    >>> X, y = turned_zones(200, rng=0)
    >>> model = QNNClassifier(layers=3, random_state=0).fit(X, y)
    >>> there = turned_zones(20, turn=0.2, rng=1)
    >>> tuned = transfer(model, *there, how="frozen", epochs=5, rng=2)
    >>> [bool((a == b).all()) for a, b in zip(tuned.get_parameters(), model.get_parameters())]
    [True, False, False]

    References
    ----------
    Pan, Yang, "A survey on transfer learning", 2010, doi:10.1109/TKDE.2009.191. Mari, Bromley, Izaac, Schuld, Killoran, 2020,
    arXiv:1912.08278.
    """
    as_choice(how, HOW, "how")
    if not isinstance(model, GradientClassifier):
        raise TypeError(
            f"model must be a classifier trained by gradients, such as a QNNClassifier, not {type(model).__name__}"
        )
    found = model.get_parameters()
    if how == "frozen" and len(found) <= 2:
        raise ValueError(
            f'how must be "warm" or "scratch" for a {type(model).__name__}: it is a readout alone, nothing lies below that to '
            "freeze"
        )
    generator = as_generator(model.random_state if rng is None else rng)
    copy = clone(model).initialise(model.n_features_in_, model.classes_, generator)
    if how != "scratch":
        copy.set_parameters(found)
    still = range(len(found) - 2) if how == "frozen" else ()
    return copy.train(copy.prepare(X, y), copy.epochs if epochs is None else epochs, generator, frozen=still)


def turned_zones(
    n: int, turn: float = 0.0, *, wrong: float = 0.0, rng: Any = None
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    r"""Return positions of users as a node sees them, and the zone in which each stands.

    Users stand anywhere on a disc of radius 1.5; two of its four quarters, opposite each other, are zone 1, the others zone
    0. A node has axes of its own, turned by :math:`\varphi`, and in those it measures where a user is. The same rule
    therefore looks different to each node: of all users the fraction

    .. math:: 1 - \frac{2|\varphi|}{\pi}, \qquad |\varphi| \le \pi/2,

    is in the zone that the rule of an unturned node gives it. At a quarter turn that rule is always wrong.

    Parameters
    ----------
    n : int
        Number of users.
    turn : float
        :math:`\varphi` in radians.
    wrong : float
        Chance that a label is wrong.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    X : ndarray of float64, shape (n, 2)
        Positions in the node's axes.
    y : ndarray of int, shape (n,)
        Zones, 0 or 1.

    Examples
    --------
    >>> X, y = turned_zones(1000, rng=0)
    >>> turned, z = turned_zones(1000, turn=np.pi / 2, rng=0)
    >>> bool((y == (X.prod(axis=1) > 0)).all()), bool((z == (turned.prod(axis=1) < 0)).all())
    (True, True)

    References
    ----------
    Rosenstein, Marx, Kaelbling, Dietterich, "To transfer or not to transfer", NIPS workshop on transfer learning, 2005
    (negative transfer).
    """
    size, angle, chance = as_count(n, "n"), as_real(turn, "turn"), as_probability(wrong, "wrong")
    generator = as_rng(rng)
    radius = 1.5 * np.sqrt(generator.uniform(size=size))
    where = generator.uniform(0, 2 * np.pi, size)
    flips = generator.uniform(size=size) < chance
    zones = (np.sin(2 * where) > 0) ^ flips
    seen = where - angle
    return radius[:, None] * np.column_stack([np.cos(seen), np.sin(seen)]), zones.astype(np.int64)
