"""A learned decoder: a classifier of received words, and the plain rival that learns two numbers instead."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_count
from qlearn.control.classical_links.channels import all_words
from qlearn.learning.encodings.encoding import as_features, as_rows
from qlearn.qubits import Circuit


def decision_table(classifier: Any, n: int) -> NDArray[np.int64]:
    """Return what a fitted classifier takes each word of n bits for, by number, shape (2**n,).

    The table is the whole decoder, so :func:`~qlearn.control.classical_links.maximum_likelihood.block_error` judges it
    exactly, whatever it was trained on.

    Parameters
    ----------
    classifier : estimator
        Fitted on words as rows of n bits, with the numbers of the messages as classes.
    n : int
        Bits of a word.

    Returns
    -------
    ndarray of int, shape (2**n,)

    Examples
    --------
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> learned = DecisionTreeClassifier(random_state=0).fit([[0, 0], [0, 1], [1, 1]], [0, 1, 1])
    >>> decision_table(learned, 2)
    array([0, 1, 0, 1])

    References
    ----------
    Gruber, Cammerer, Hoydis, ten Brink, "On deep learning-based channel decoding", 2017, arXiv:1701.07738.
    """
    answers = np.asarray(classifier.predict(all_words(as_count(n, "n")).astype(float)))
    if answers.dtype.kind not in "ui":
        raise TypeError(f"classifier must answer with numbers of messages, whole ones, not {answers.dtype}")
    return answers.astype(np.int64)


def estimate_flips(sent: ArrayLike, received: ArrayLike) -> tuple[float, float]:
    r"""Return the two flip probabilities of a memoryless channel, from bits that both sides know.

    .. math:: \hat p_{01} = \frac{n_{01} + \frac12}{n_0 + 1}, \qquad \hat p_{10} = \frac{n_{10} + \frac12}{n_1 + 1}

    The halves keep an estimate from being 0, which would call possible words impossible (the rule of Krichevsky and
    Trofimov). What a decoder learns from pairs of words for every word apart, this learns for all words at once.

    Parameters
    ----------
    sent, received : array_like of 0/1, of one shape
        Training words.

    Returns
    -------
    zero_to_one, one_to_zero : float

    Examples
    --------
    >>> estimate_flips([0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 0, 1])
    (0.125, 0.3)

    References
    ----------
    Krichevsky and Trofimov, "The performance of universal encoding", 1981, doi:10.1109/TIT.1981.1056331.
    """
    before, after = as_bits(sent, "sent", ndim=None), as_bits(received, "received", ndim=None)
    if before.shape != after.shape:
        raise ValueError(
            f"sent and received must be the same bits, of one shape, not {before.shape} and {after.shape}"
        )
    ones, flipped = before == 1, before != after
    n_one = int(ones.sum())
    up, down = int((flipped & ~ones).sum()), int((flipped & ones).sum())
    return (up + 0.5) / (before.size - n_one + 1), (down + 0.5) / (n_one + 1)


@dataclass(frozen=True)
class PairedAngles:
    r"""An encoding of two features a qubit, one as a latitude and one as a longitude.

    .. math:: |\psi(x)\rangle = \bigotimes_w R_z(x_{2w+1})\, R_y\bigl(\tfrac\pi2 + x_{2w}\bigr)\, |0\rangle

    Seven bits fit on four qubits. Row 0 stands on the equator, where both angles can be seen; at a pole the longitude
    could not. An odd last feature has the longitude 0.

    Examples
    --------
    >>> PairedAngles().n_qubits(7)
    4
    >>> PairedAngles().circuit([0.5, 1.0, 1.5])
    Circuit(2).ry(2.0708, 0).rz(1, 0).ry(3.0708, 1).rz(0, 1)

    References
    ----------
    LaRose and Coyle, "Robust data encodings for quantum classifiers", 2020, arXiv:2003.01695 (dense angle encoding).
    """

    def n_qubits(self, n_features: int) -> int:
        """Return the number of wires that rows of so many features take: half of them, rounded up."""
        return (as_count(n_features, "n_features") + 1) // 2

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit that prepares the state of one row (q,), or of a batch of rows (..., q)."""
        features = as_features(x, "x")
        if features.shape[-1] % 2:
            features = np.concatenate([features, np.zeros((*features.shape[:-1], 1))], axis=-1)
        circuit = Circuit(features.shape[-1] // 2)
        for wire in range(circuit.n_qubits):
            circuit = circuit.ry(np.pi / 2 + features[..., 2 * wire], wire).rz(
                features[..., 2 * wire + 1], wire
            )
        return circuit

    def states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the states of the rows of X, shape (n, 2**n_qubits)."""
        return self.circuit(as_rows(X)).run()
