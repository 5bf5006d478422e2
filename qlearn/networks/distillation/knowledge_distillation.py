r"""Knowledge distillation: a student that is trained on what its teacher answers, quantum or classical both."""

from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone

from qlearn._checks import as_probability, as_reals
from qlearn.learning._estimators import as_generator
from qlearn.learning.neural_networks.gradient_estimators import GradientClassifier
from qlearn.learning.neural_networks.scored_model import Prepared
from qlearn.networks.distillation.temperature import as_temperature, loss_and_gradient, soft_targets

Student = TypeVar("Student", bound=GradientClassifier)

# A teacher that is certain has no score that says how certain: the logarithm of 0 is not finite.
_LEAST_PROBABILITY = 1e-12

# Teachers may reckon in single precision.
_ROUNDING = 1e-3


class Teacher(Protocol):
    """Whatever gives rows scores or probabilities of the classes `classes_`: any fitted classifier of scikit-learn's kind."""

    classes_: Any

    def predict(self, X: Any, /) -> Any:
        """Return a label for each row."""
        ...


def teacher_logits(teacher: Any, X: ArrayLike) -> NDArray[np.float64]:
    r"""Return a teacher's scores, one a class, shape (n, n_classes).

    A teacher with `decision_function` is asked for that: the scores that its softmax takes (of two classes the one score s
    gives the columns 0 and s). Any other is asked for `predict_proba`, and :math:`\ln p` stands for the scores, with p not
    below 1e-12. The scores of a support vector machine are distances and no log-odds: with those the temperature has
    another meaning.

    Parameters
    ----------
    teacher : classifier
        Fitted; only asked.
    X : array_like, shape (n, n_features)
        Rows, as the teacher takes them.

    Returns
    -------
    ndarray of float64, shape (n, n_classes)

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> X, y = [[0.0], [1.0]], ["no", "yes"]
    >>> teacher_logits(DecisionTreeClassifier().fit(X, y), X).round(2) + 0.0
    array([[  0.  , -27.63],
           [-27.63,   0.  ]])
    >>> teacher_logits(LogisticRegression().fit(X, y), X).shape
    (2, 2)

    References
    ----------
    Hinton, Vinyals, Dean, 2015, arXiv:1503.02531.
    """
    if not hasattr(teacher, "classes_"):
        raise TypeError(
            f"teacher must be a fitted classifier, whose classes_ say what its columns mean, not {type(teacher).__name__}"
        )
    n_classes = len(teacher.classes_)
    if hasattr(teacher, "decision_function"):
        scores = as_reals(teacher.decision_function(X), "the teacher's scores")
        scores = np.column_stack([np.zeros(len(scores)), scores]) if scores.ndim == 1 else scores
    elif hasattr(teacher, "predict_proba"):
        p = as_reals(teacher.predict_proba(X), "the teacher's probabilities", least=0)
        totals = p.sum(axis=-1)
        if p.ndim == 2 and (far := np.abs(totals - 1)).size and far.max() > _ROUNDING:
            raise ValueError(
                f"teacher must give probabilities, which add up to 1 in each row, not to {totals[far.argmax()]:g}: scores belong "
                "into decision_function"
            )
        scores = np.log(np.maximum(p, _LEAST_PROBABILITY))
    else:
        raise TypeError(
            f"teacher must have decision_function or predict_proba; {type(teacher).__name__} gives labels alone, and "
            "those a student can be fitted to as they are"
        )
    if scores.ndim != 2 or len(scores) != np.shape(X)[0]:
        raise ValueError(
            f"teacher must answer with a row of scores for each of the {np.shape(X)[0]} rows that it is asked about, not "
            f"with the shape {scores.shape}"
        )
    if scores.shape[1] != n_classes:
        raise ValueError(
            f"teacher must give one score for each of its {n_classes} classes, not {scores.shape[1]}: a machine of pairs "
            'has to be set to decision_function_shape="ovr"'
        )
    return scores


def distill(
    teacher: Teacher,
    student: Student,
    X: ArrayLike,
    *,
    temperature: float = 1.0,
    y: ArrayLike | None = None,
    hard_share: float = 0.0,
    unlabelled: ArrayLike | None = None,
    epochs: int | None = None,
    scaled: bool = True,
    rng: Any = None,
) -> Student:
    r"""Train a student on the answers of a teacher, and return it.

    .. math:: \min_\theta\; \frac1n \sum_i \Bigl[(1-h_i)\,T^2\,
              \mathrm{KL}\bigl(p^{(T)}(x_i)\,\|\,q_\theta^{(T)}(x_i)\bigr) - h_i \log q_\theta(y_i|x_i)\Bigr]

    The teacher is asked once for each row; its parameters are neither read nor needed. Whether one of the two is a circuit
    does not matter. What the student may spend (epochs, batches, step) is its own business.

    Parameters
    ----------
    teacher : classifier
        Fitted, with `classes_` and `decision_function` or `predict_proba`.
    student : GradientClassifier
        :class:`~qlearn.learning.QNNClassifier`, :class:`~qlearn.learning.neural_networks.hybrid.HybridClassifier`,
        :class:`~qlearn.learning.neural_networks.gradient_estimators.SoftmaxClassifier`... Copied: the given one is not
        changed, and what it had learned is not used (give `initial` for that).
    X : array_like, shape (n, n_features)
        Rows that both take.
    temperature : float
        T, 1e-100 to 1e6.
    y : array_like, shape (n,), optional
        Labels of these rows.
    hard_share : float
        h, the share of the labels in the loss, 0 to 1.
    unlabelled : array_like, shape (m, n_features), optional
        Further rows that nobody has labelled: there h = 0. They are another budget than the labels: say so beside a result.
    epochs : int, optional
        Passes over all rows; None takes the student's own.
    scaled : bool
        The factor :math:`T^2`, as in :func:`~qlearn.networks.distillation.temperature.distillation_loss`.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes: draws the student's first parameters and the batches. None is
        its `random_state`.

    Returns
    -------
    GradientClassifier
        Of the student's kind, fitted.

    Examples
    --------
    >>> from qlearn.learning import QNNClassifier
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> X = np.random.default_rng(0).uniform(-1.5, 1.5, (200, 2))
    >>> teacher = QNNClassifier(layers=3, random_state=0).fit(X[:100], (X[:100, 0] + X[:100, 1] > 0).astype(int))
    >>> student = distill(teacher, SoftmaxClassifier(), X[:100], temperature=2, rng=0)
    >>> bool(np.mean(student.predict(X[100:]) == teacher.predict(X[100:])) > 0.9)
    True

    References
    ----------
    Hinton, Vinyals, Dean, 2015, arXiv:1503.02531. Bucila, Caruana, Niculescu-Mizil, "Model compression", KDD 2006,
    doi:10.1145/1150402.1150464.
    """
    T, h = as_temperature(temperature), as_probability(hard_share, "hard_share")
    if not isinstance(student, GradientClassifier):
        raise TypeError(
            "student must be trained by gradients, such as a QNNClassifier, HybridClassifier or SoftmaxClassifier, not "
            f"{type(student).__name__}: other classifiers take labels and no probabilities"
        )
    if h and y is None:
        raise ValueError(
            f"y must be given where labels have a share, hard_share={h:g}: they are what it is a share of"
        )
    given = np.asarray(X)
    rows = given if unlabelled is None else _joined(given, np.asarray(unlabelled))
    logits = teacher_logits(teacher, rows)
    generator = as_generator(student.random_state if rng is None else rng)
    pupil = clone(student).initialise(rows.shape[1], teacher.classes_, generator)
    # The rows are encoded under any label; what is learned stands in the targets below.
    inputs = pupil.prepare(rows, np.full(len(rows), pupil.classes_[0])).inputs
    labels = np.full(len(rows), -1.0)
    if y is not None:
        labels[: len(given)] = pupil.prepare(given, y).targets
    order = np.searchsorted(pupil.classes_, np.asarray(teacher.classes_))
    by_class = np.empty_like(logits)
    by_class[:, order] = logits

    def loss(scores: NDArray[np.float64], targets: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = np.concatenate([np.zeros_like(scores), scores], axis=1) if one else scores
        known = targets[:, -1].astype(np.intp) if h else None
        value, slope = loss_and_gradient(z, targets[:, :-2], targets[:, -2], T, known, h, scaled)
        return value, slope[:, 1:] if one else slope

    one = pupil.n_scores_ == 1
    targets = np.column_stack([*soft_targets(by_class, T), labels])
    return pupil.train(
        Prepared(inputs, targets), pupil.epochs if epochs is None else epochs, generator, loss=loss
    )


def _joined(rows: NDArray, more: NDArray) -> NDArray:
    if more.ndim != 2 or rows.ndim != 2 or more.shape[1] != rows.shape[1]:
        raise ValueError(
            f"unlabelled must be rows with as many features as X, not the shape {more.shape} beside {rows.shape}"
        )
    return np.concatenate([rows, more])
