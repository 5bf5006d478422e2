r"""Label flipping: honest training on false labels."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probability, as_rng
from qlearn.networks.federated.client import Client, Model


def flip_labels(y: ArrayLike, flip: Mapping[Any, Any], fraction: float = 1.0, rng: Any = None) -> NDArray:
    r"""Return labels of which a fraction says something else: shape (n,), the given ones are not changed.

    Of the :math:`m` labels that `flip` names, :math:`\lfloor \mathrm{fraction}\cdot m + 1/2\rfloor` are changed.

    Parameters
    ----------
    y : array_like, shape (n,)
        Labels.
    flip : mapping
        What each label becomes, as ``{0: 1, 1: 0}``; labels that it does not name stay.
    fraction : float
        Share of the named labels that is changed, 0 to 1.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes; it draws which.

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> flip_labels([0, 1, 2, 1], {1: 2, 2: 1})
    array([0, 2, 1, 2])

    References
    ----------
    Biggio, Nelson, Laskov, "Support vector machines under adversarial label noise", ACML 2011.
    """
    labels = np.array(y)
    if labels.ndim != 1 or not labels.size:
        raise ValueError(f"y must be labels, one for each sample, not an array of shape {labels.shape}")
    if not isinstance(flip, Mapping) or not flip:
        raise TypeError(f"flip must say what becomes of which label, as {{0: 1, 1: 0}}, not {flip!r}")
    same = [label for label, other in flip.items() if label == other]
    if same:
        raise ValueError(f"flip must change the labels it names; {same[0]!r} stays {same[0]!r}")
    share = as_probability(fraction, "fraction")
    named = np.flatnonzero(np.isin(labels, list(flip)))
    changed = as_rng(rng).permutation(named)[: int(share * len(named) + 0.5)]
    flipped = labels.astype(np.result_type(labels, np.array(list(flip.values()))))
    flipped[changed] = [flip[label] for label in labels[changed].tolist()]
    return flipped


class LabelFlip(Client):
    r"""A client that trains honestly on labels that it has changed.

    Its update is a right answer to a wrong question: of the size of the others', and pointing against them. It needs no
    knowledge of the model, of the others or of the rule by which the server merges.

    Parameters
    ----------
    model, X, y, options
        As in :class:`~qlearn.networks.federated.client.Client`; `y` are the true labels.
    flip : mapping
        What each label becomes.
    fraction : float
        Share of the named labels that is changed.
    rng : optional
        Draws which.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> liar = LabelFlip(SoftmaxClassifier(), [[-1.0], [2.0]], [0, 1], flip={0: 1, 1: 0})
    >>> liar.y, flip_labels([0, 1], {0: 1, 1: 0})
    (array([1, 0]), array([1, 0]))

    References
    ----------
    Tolpegin, Truex, Gursoy, Liu, "Data poisoning attacks against federated learning systems", 2020, arXiv:2007.08432.
    """

    def __init__(
        self,
        model: Model,
        X: ArrayLike,
        y: ArrayLike,
        *,
        flip: Mapping[Any, Any],
        fraction: float = 1.0,
        rng: Any = None,
        **options: Any,
    ) -> None:
        options.setdefault("classes", np.unique(np.asarray(y)))  # flipping may leave one class only
        super().__init__(model, X, flip_labels(y, flip, fraction, rng), **options)
