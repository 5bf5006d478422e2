r"""Ensembles: the outputs of several models merged, those of many students or those of many teachers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import softmax

from qlearn._checks import as_choice, as_probabilities, as_reals

_MEANS = ("probabilities", "logits")

# A model that calls a class impossible would silence all others in a mean of logarithms.
_LEAST_PROBABILITY = 1e-12


def merged_probabilities(
    outputs: ArrayLike, weights: ArrayLike | None = None, *, mean: str = "probabilities"
) -> NDArray[np.float64]:
    r"""Return the mean of what several models answer, shape (n, n_classes).

    .. math:: \bar p_k = \sum_m w_m\, p_{mk} \qquad\text{or}\qquad
              \bar p_k \propto \prod_m p_{mk}^{\,w_m} \quad \Bigl(\sum_m w_m = 1\Bigr)

    The mean of probabilities is an opinion poll: one sure model cannot silence the others. The mean of scores ("logits", the
    geometric mean of the probabilities) lets one model that is sure enough against a class keep it out. Either gives back
    what all models say alike. Neither is a product of independent evidence, whose exponents would not add up to 1.

    Parameters
    ----------
    outputs : array_like, shape (n_models, n, n_classes)
        Probabilities.
    weights : array_like, shape (n_models,), optional
        Not negative, brought to the sum 1; None is equal ones. In federated learning: the numbers of rows.
    mean : {"probabilities", "logits"}
        Of what.

    Returns
    -------
    ndarray of float64, shape (n, n_classes)

    Examples
    --------
    >>> sure, doubting = [[0.99, 0.01]], [[0.3, 0.7]]
    >>> merged_probabilities([sure, doubting]).round(3), merged_probabilities([sure, doubting], mean="logits").round(3)
    (array([[0.645, 0.355]]), array([[0.867, 0.133]]))

    References
    ----------
    Genest, Zidek, "Combining probability distributions", 1986, doi:10.1214/ss/1177013825 (linear and logarithmic pools).
    """
    as_choice(mean, _MEANS, "mean")
    p = as_probabilities(outputs, "outputs")
    if p.ndim != 3 or not len(p) or not np.allclose(p.sum(axis=-1), 1, atol=1e-6):
        raise ValueError(
            "outputs must have shape (n_models, n, n_classes), with probabilities that add up to 1 on the last axis, not shape "
            f"{p.shape}"
        )
    w = _as_weights(weights, len(p))
    if mean == "probabilities":
        return np.tensordot(w, p, axes=1)
    return softmax(np.tensordot(w, np.log(np.maximum(p, _LEAST_PROBABILITY)), axes=1), axis=-1)


class Ensemble:
    r"""Several fitted classifiers that answer as one: many students, merged, or many teachers, for one student.

    Parameters
    ----------
    models : sequence of classifier
        Fitted, with `classes_` and `predict_proba`, all of the same classes.
    weights : array_like, shape (n_models,), optional
        As in :func:`merged_probabilities`.
    mean : {"probabilities", "logits"}
        As there.

    Attributes
    ----------
    classes_ : ndarray
        The labels.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> voices = [DummyClassifier(strategy="constant", constant=c).fit([[0], [0]], ["no", "yes"]) for c in ("no", "yes", "yes")]
    >>> Ensemble(voices).predict_proba([[1.0]]).round(3), Ensemble(voices, weights=[3, 1, 1]).predict([[1.0]])
    (array([[0.333, 0.667]]), array(['no'], dtype='<U3'))

    References
    ----------
    Hinton, Vinyals, Dean, 2015, arXiv:1503.02531 (an ensemble as teacher). Lin, Kong, Stich, Jaggi, "Ensemble distillation
    for robust model fusion in federated learning", 2020, arXiv:2006.07242.
    """

    def __init__(
        self, models: Sequence[Any], weights: ArrayLike | None = None, *, mean: str = "probabilities"
    ) -> None:
        self.models, self.mean = list(models), as_choice(mean, _MEANS, "mean")
        if not self.models:
            raise ValueError("models must hold at least one fitted classifier; it is empty")
        for model in self.models:
            if not (hasattr(model, "classes_") and hasattr(model, "predict_proba")):
                raise TypeError(
                    f"models must be fitted classifiers with predict_proba, not {type(model).__name__}"
                )
        self.classes_ = np.asarray(self.models[0].classes_)
        for model in self.models[1:]:
            if not np.array_equal(model.classes_, self.classes_):
                raise ValueError(
                    f"models must know the same classes, not {self.classes_.tolist()} and {np.asarray(model.classes_).tolist()}: "
                    "their columns would be added one to another's"
                )
        self.weights = _as_weights(weights, len(self.models))

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the merged probabilities, shape (n, n_classes)."""
        return merged_probabilities(
            [model.predict_proba(X) for model in self.models], self.weights, mean=self.mean
        )

    def predict(self, X: ArrayLike) -> NDArray:
        """Return the most probable class of each row."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


def _as_weights(weights: ArrayLike | None, n: int) -> NDArray[np.float64]:
    if weights is None:
        return np.full(n, 1 / n)
    w = as_reals(weights, "weights", least=0)
    if w.shape != (n,) or not w.sum() > 0:
        raise ValueError(
            f"weights must hold one number for each of the {n} models, not all 0, not {w.tolist()}"
        )
    return w / w.sum()
