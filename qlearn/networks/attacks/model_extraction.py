r"""Model extraction: a copy of a model, from its answers or from the line that it travels on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, softmax
from sklearn.base import clone

from qlearn._checks import as_choice, as_count, as_reals, as_rng
from qlearn._types import Arrays
from qlearn.networks.attacks._attacker import Answer, Attacker

# A query for each coefficient: more than this is no attack that anybody waits for.
_MOST_QUERIES = 2**20


class Victim(Protocol):
    """Whatever answers queries as a classifier of scikit-learn does; nothing else of it is used."""

    def predict(self, X: Any, /) -> Any:
        """Return a label for each row."""
        ...

    def predict_proba(self, X: Any, /) -> Any:
        """Return the probabilities of the classes for each row."""
        ...


def agreement(first: Any, second: Any, X: ArrayLike) -> float:
    r"""Return the fraction of rows that two classifiers give the same label: the fidelity of a stolen copy.

    It is not accuracy: a copy that repeats every mistake of the victim agrees with it fully.

    Parameters
    ----------
    first, second : classifier
        With a method `predict`.
    X : array_like, shape (n, n_features)
        Rows that asked nobody anything before.

    Returns
    -------
    float

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> always = [DummyClassifier(strategy="constant", constant=c).fit([[0], [0]], [0, 1]) for c in (0, 1)]
    >>> agreement(always[0], always[0], [[1.0], [2.0]]), agreement(*always, [[1.0], [2.0]])
    (1.0, 0.0)

    References
    ----------
    Jagielski, Carlini, Berthelot, Kurakin, Papernot, "High accuracy and high fidelity extraction of neural networks",
    2020, arXiv:1909.01838.
    """
    rows = _queries(X)
    return float(np.mean(np.asarray(first.predict(rows)) == np.asarray(second.predict(rows))))


@dataclass(frozen=True)
class Copy:
    """A student that was trained on a victim's answers.

    Parameters
    ----------
    student : estimator
        Fitted: a classifier to labels, a regressor to log-odds.
    classes : ndarray
        The labels that the victim gives.
    n_queries : int
        What the copy cost.
    """

    student: Any
    classes: NDArray
    n_queries: int

    def predict(self, X: ArrayLike) -> NDArray:
        """Return the label that the copy gives each row."""
        if hasattr(self.student, "classes_"):
            return self.student.predict(X)
        answers = np.asarray(self.student.predict(X))
        odds = answers.reshape(len(answers), -1)
        return self.classes[np.column_stack([np.zeros(len(odds)), odds]).argmax(axis=1)]


def extract(victim: Victim, student: Any, queries: ArrayLike, answers: str = "labels") -> Copy:
    r"""Train a copy on a victim's answers.

    With labels the student is a classifier that learns them as if they were true. With probabilities the student is a
    regressor, and learns the log-odds :math:`\ln p_k - \ln p_0`: the scores of the victim, less that of its first class,
    and no longer one bit a query.

    Parameters
    ----------
    victim : classifier
        Only asked: `predict`, or `predict_proba`.
    student : estimator
        Copied, the given one is not changed: a classifier for labels, a regressor for probabilities.
    queries : array_like, shape (n_queries, n_features)
        What the attacker asks.
    answers : {"labels", "probabilities"}
        What the victim gives away.

    Returns
    -------
    Copy

    Examples
    --------
    Twenty answers with probabilities are more than enough for a logistic model of two features:

    >>> from sklearn.linear_model import LinearRegression, LogisticRegression
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(100, 2))
    >>> victim = LogisticRegression().fit(X, X[:, 0] > 0.3 * X[:, 1])
    >>> copy = extract(victim, LinearRegression(), X[:20], answers="probabilities")
    >>> agreement(victim, copy, rng.normal(size=(1000, 2)))
    1.0

    References
    ----------
    Tramer, Zhang, Juels, Reiter, Ristenpart, "Stealing machine learning models via prediction APIs", 2016,
    arXiv:1609.02943.
    """
    as_choice(answers, ("labels", "probabilities"), "answers")
    rows = _queries(queries)
    if answers == "probabilities":
        odds = _log_odds(victim, rows)
        targets = odds[:, 0] if odds.shape[1] == 1 else odds
        return Copy(clone(student).fit(rows, targets), _classes(victim, odds.shape[1] + 1), len(rows))
    labels = np.asarray(victim.predict(rows))
    classes = np.unique(labels)
    if len(classes) < 2:
        raise ValueError(
            f"queries must reach two classes; the victim calls all {len(rows)} of them {classes.tolist()[0]!r}. Ask elsewhere"
        )
    return Copy(clone(student).fit(rows, labels), classes, len(rows))


def solve_softmax(victim: Victim, queries: ArrayLike) -> Arrays:
    r"""Return the weights and offsets of a logistic or softmax model, exactly, from its probabilities.

    .. math:: \ln\frac{p_k(x)}{p_0(x)} = (w_k-w_0)\cdot x + (b_k-b_0)

    is linear in the unknowns: :math:`d+1` queries that do not lie in one plane give all of them. What no answer shows, one
    vector and number common to all classes, is set so that the first class has zeros.

    Parameters
    ----------
    victim : classifier
        Asked for `predict_proba`.
    queries : array_like, shape (n_queries, n_features)
        At least n_features + 1, in general position.

    Returns
    -------
    list of ndarray
        Weights (n_features, n_scores) and offset (n_scores,), with one score for two classes and one for each of more, as
        :class:`~qlearn.learning.neural_networks.gradient_estimators.SoftmaxClassifier` has them.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> secret = [np.array([[2.0], [-3.0]]), np.array([0.5])]
    >>> victim = SoftmaxClassifier(initial=secret).initialise(2, ["no", "yes"])
    >>> [p.round(9).tolist() for p in solve_softmax(victim, [[0, 0], [1, 0], [0, 1]])]
    [[[2.0], [-3.0]], [0.5]]

    References
    ----------
    Tramer et al., 2016, arXiv:1609.02943, section 4.1 (equation-solving attacks).
    """
    rows = _queries(queries)
    equations = np.column_stack([rows, np.ones(len(rows))])
    unknowns = equations.shape[1]
    rank = np.linalg.matrix_rank(equations)
    if rank < unknowns:
        raise ValueError(
            f"queries must be {unknowns} in general position for {unknowns - 1} features: {len(rows)} rows give {rank} "
            "independent equations, so several models have the same answers"
        )
    odds = _log_odds(victim, rows)
    solved, *_ = np.linalg.lstsq(equations, odds)
    if odds.shape[1] > 1:
        solved = np.column_stack([np.zeros(unknowns), solved])
    return [solved[:-1], solved[-1]]


class Boundary(NamedTuple):
    """A plane between two classes: `weights` of length 1, `offset`, and the queries that it took."""

    weights: NDArray[np.float64]
    offset: float
    n_queries: int


def solve_boundary(victim: Victim, pool: ArrayLike, bits: int = 40, rng: Any = None) -> Boundary:
    r"""Return the boundary of a linear classifier of two classes from its labels alone.

    Between a row of one class and a row of the other lies a point of the boundary; each query halves the line between
    them. With :math:`d` such points the plane :math:`w\cdot x+b=0` follows, up to a factor, which labels do not show.

    Parameters
    ----------
    victim : classifier
        Asked for `predict`, a row at a time as an attacker would.
    pool : array_like, shape (n, n_features)
        Rows of both classes, at least n_features of them together; all are asked once.
    bits : int
        Halvings of each line.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes; it pairs the rows.

    Returns
    -------
    Boundary
        Its positive side is the class that comes second in order.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> secret = [np.array([[3.0], [-4.0]]), np.array([1.0])]
    >>> victim = SoftmaxClassifier(initial=secret).initialise(2, [0, 1])
    >>> found = solve_boundary(victim, [[1, 0], [0, 1], [1, 1], [-1, 1]], rng=0)
    >>> found.weights.round(6), round(found.offset, 6), found.n_queries  # (3, -4) / 5 and 1 / 5
    (array([ 0.6, -0.8]), 0.2, 84)

    References
    ----------
    Lowd, Meek, "Adversarial learning", KDD 2005, doi:10.1145/1081870.1081950.
    """
    rows, steps = _queries(pool), as_count(bits, "bits")
    labels = np.asarray(victim.predict(rows))
    classes = np.unique(labels)
    d = rows.shape[1]
    if len(classes) != 2:
        raise ValueError(
            f"pool must hold rows that the victim puts into two classes, not {len(classes)}: a line from one to the other "
            "must cross the boundary"
        )
    generator = as_rng(rng)
    low, high = (rows[labels == label] for label in classes)
    pairs = [(i, j) for i in range(len(low)) for j in range(len(high))]
    points: list[NDArray[np.float64]] = []
    for k in generator.permutation(len(pairs)):
        trial = [*points, (low[pairs[k][0]] + high[pairs[k][1]]) / 2]
        if len(points) < d and _spans(trial):
            a, b = low[pairs[k][0]], high[pairs[k][1]]
            for _ in range(steps):
                middle = (a + b) / 2
                a, b = (middle, b) if victim.predict(middle[None])[0] == classes[0] else (a, middle)
            points.append((a + b) / 2)
    if len(points) < d or not _spans(points):
        raise ValueError(
            f"pool must hold enough different rows for {d} points of the boundary; these pairs give {len(points)}"
        )
    plane = np.linalg.svd(np.column_stack([points, np.ones(d)]))[2][-1]
    plane = plane / np.linalg.norm(plane[:-1])
    if (high @ plane[:-1] + plane[-1]).mean() < (low @ plane[:-1] + plane[-1]).mean():
        plane = -plane
    return Boundary(plane[:-1], float(plane[-1]), len(rows) + d * steps)


def _spans(points: Sequence[NDArray[np.float64]]) -> bool:
    """Return whether points are affinely independent."""
    return int(np.linalg.matrix_rank(np.column_stack([points, np.ones(len(points))]))) == len(points)


@dataclass(frozen=True)
class FourierModel:
    r"""Scores that are a finite Fourier series of the features: what a quantum network with phase encoding is.

    .. math:: s_k(x) = \sum_{\omega} c_{\omega k}\, e^{i\omega\cdot x}, \qquad \omega\in\{-r,\dots,r\}^d

    Parameters
    ----------
    frequencies : ndarray, shape (n_frequencies, n_features)
        The :math:`\omega`.
    coefficients : ndarray of complex, shape (n_frequencies, n_scores)
        The c.
    classes : ndarray
        The labels; the first has the score 0.
    """

    frequencies: NDArray[np.float64]
    coefficients: NDArray[np.complex128]
    classes: NDArray

    @property
    def n_queries(self) -> int:
        """Queries that it took: one for each frequency."""
        return len(self.frequencies)

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the scores, shape (n,) for two classes, else (n, n_classes)."""
        waves = np.exp(1j * _queries(X) @ self.frequencies.T)
        scores = (waves @ self.coefficients).real
        return scores[:, 0] if scores.shape[1] == 1 else np.column_stack([np.zeros(len(scores)), scores])

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the probability of each class, shape (n, n_classes)."""
        scores = self.decision_function(X)
        return (
            np.column_stack([expit(-scores), expit(scores)]) if scores.ndim == 1 else softmax(scores, axis=1)
        )

    def predict(self, X: ArrayLike) -> NDArray:
        """Return the most probable class of each row."""
        return self.classes[self.predict_proba(X).argmax(axis=1)]


def solve_fourier(victim: Victim, n_features: int, highest: int = 1) -> FourierModel:
    r"""Return a quantum network as a function, exactly, from its probabilities on a grid.

    A network that turns one qubit by each feature, r times, has scores that are a Fourier series up to the frequency r in
    each of d features: :math:`(2r+1)^d` unknowns, and as many queries on a grid give them all by one Fourier transform.
    Angles and entangling gates of the circuit need not be known, and are not found: the copy is no circuit.

    Parameters
    ----------
    victim : classifier
        Asked for `predict_proba`.
    n_features : int
        d.
    highest : int
        r: 1 for "phase", the number of layers for "reuploading".

    Returns
    -------
    FourierModel

    Examples
    --------
    >>> from qlearn.learning import QNNClassifier
    >>> victim = QNNClassifier(layers=3).initialise(2, [0, 1], rng=0)
    >>> copy = solve_fourier(victim, n_features=2)
    >>> X = np.random.default_rng(1).uniform(-np.pi, np.pi, (100, 2))
    >>> copy.n_queries, bool(np.abs(copy.predict_proba(X) - victim.predict_proba(X)).max() < 1e-12)
    (9, True)

    References
    ----------
    Schuld, Sweke, Meyer, 2021, arXiv:2008.08605 (the series). Schreiber, Eisert, Meyer, "Classical surrogates for quantum
    learning models", 2023, arXiv:2206.11740 (the copy, as a service and not as a theft).
    """
    d, r = as_count(n_features, "n_features"), as_count(highest, "highest")
    m = 2 * r + 1
    if m**d > _MOST_QUERIES:
        raise ValueError(
            f"n_features and highest ask for (2 x {r} + 1)**{d} = {m**d:.2g} queries: the count grows as a power of the "
            f"features; at most {_MOST_QUERIES:,} are made"
        )
    points = 2 * np.pi * np.arange(m) / m
    grid = np.stack(np.meshgrid(*[points] * d, indexing="ij"), axis=-1).reshape(-1, d)
    odds = _log_odds(victim, grid)
    spectrum = np.fft.fftn(odds.reshape([m] * d + [-1]), axes=range(d)) / m**d
    waves = np.rint(np.fft.fftfreq(m) * m)
    frequencies = np.stack(np.meshgrid(*[waves] * d, indexing="ij"), axis=-1).reshape(-1, d)
    return FourierModel(frequencies, spectrum.reshape(m**d, -1), _classes(victim, odds.shape[1] + 1))


class Heard(NamedTuple):
    """What passed a client's line in one round: the model that came down, and the one that went up."""

    round: int
    down: Arrays
    up: Arrays


class Tap(Attacker):
    """A client whose line is listened to: it does what it did, and somebody writes down both ways.

    What comes down *is* the global model of that round, and all that an extraction by queries is after. What goes up is
    the client's update, and the business of :func:`~qlearn.networks.attacks.gradient_inversion.read_sample`.

    Parameters
    ----------
    client : Client
        The client at the end of the line.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client, FedAvg, run
    >>> pair = [Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    >>> line = Tap(pair[0])
    >>> history = run([line, pair[1]], FedAvg(), rounds=3, rng=0)
    >>> len(line.heard), [p.shape for p in line.heard[-1].down]
    (3, [(1, 1), (1,)])
    """

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self.heard: list[Heard] = []

    def fit(self, parameters: Sequence[NDArray[np.float64]], config: Mapping[str, Any]) -> Answer:
        """Return what the client returns, and keep a copy of both messages."""
        down = [np.array(p) for p in parameters]
        up, n, metrics = super().fit(parameters, config)
        number = int(config.get("round", len(self.heard) + 1))
        self.heard.append(Heard(number, down, [np.array(p) for p in up]))
        return up, n, metrics


def _queries(X: ArrayLike) -> NDArray[np.float64]:
    rows = as_reals(X, "queries")
    if rows.ndim != 2 or not len(rows):
        raise ValueError(f"queries must be rows of features, of shape (n, n_features), not {rows.shape}")
    return rows


def _log_odds(victim: Victim, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithms of the probabilities, less that of the first class: shape (n, n_classes - 1)."""
    probabilities = np.asarray(victim.predict_proba(rows), dtype=np.float64)
    if probabilities.ndim != 2 or probabilities.shape[1] < 2 or not (probabilities > 0).all():
        raise ValueError(
            "victim must answer with probabilities above 0; one of 0 has lost the score behind it. Ask nearer to the "
            "boundary, or use the labels"
        )
    logs = np.log(probabilities)
    return logs[:, 1:] - logs[:, :1]


def _classes(victim: Victim, n: int) -> NDArray:
    """Return the labels of the columns, as scikit-learn names them, or their numbers."""
    return np.asarray(getattr(victim, "classes_", np.arange(n)))
