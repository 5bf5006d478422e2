"""What is read from a trained circuit: means of Pauli sums or chances of outcomes, and the gradient of both."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.qubits.observables import Observables, as_observables, outcome_signs
from qlearn.qubits.paulis import pauli_action


def observable_strings(observables: Any, n_qubits: int) -> list[Any]:
    """Return what is measured, one entry an output: a Pauli string, or a sum of them as a dict of weights.

    Examples
    --------
    >>> observable_strings("local", 2), observable_strings("global", 3)
    (['ZI', 'IZ'], ['ZZZ'])
    >>> observable_strings([{"XX": 0.5, "ZI": 1.0}, "ZZ"], 2)
    [{'XX': 0.5, 'ZI': 1.0}, 'ZZ']

    References
    ----------
    Cerezo, Sone, Volkoff, Cincio, Coles, 2021, arXiv:2001.00550, where local and global costs part.
    """
    sums = _sums(observables, n_qubits)
    return [next(iter(terms)) if list(terms.values()) == [1.0] else terms for terms in sums]


def _sums(observables: Observables, n_qubits: int) -> list[dict[str, float]]:
    """Return the observables, once each of them depends on the state."""
    names = ("local", "global")
    if isinstance(observables, str) and observables not in names and set(observables) - set("IXYZ"):
        raise ValueError(
            f"observables must be 'local', 'global', a string of {n_qubits} letters I, X, Y, Z, a mapping of such strings to "
            f"real weights, or a list of these, not {observables!r}"
        )
    sums = as_observables(observables, n_qubits)
    for terms in sums:
        if not any(weight and word.strip("I") for word, weight in terms.items()):
            raise ValueError(
                f"observables must measure a wire each, with a weight that is not 0, not {terms!r}: its mean is the same "
                "for every state"
            )
    return sums


@lru_cache(maxsize=16)
def z_signs(n_qubits: int) -> NDArray[np.float64]:
    """Return what Z of each wire answers, +1 or -1, for each outcome, shape (n_qubits, 2**n_qubits); nobody may write to it.

    Examples
    --------
    >>> z_signs(2)
    array([[ 1.,  1., -1., -1.],
           [ 1., -1.,  1., -1.]])
    """
    signs = outcome_signs(observable_strings("local", n_qubits))
    signs.setflags(write=False)
    return signs


class Readout:
    r"""Sums of Pauli strings of states, and the derivative of a loss in the states.

    .. math:: z_k = \langle\psi|O_k|\psi\rangle, \qquad
              |\lambda\rangle = \sum_k \frac{\partial L}{\partial z_k}\, O_k\, |\psi\rangle

    A string flips the bits where it has X or Y and multiplies by a phase. Strings that flip the same bits are one product of
    matrices for all outputs together; those of I and Z flip none, and read probabilities.

    Examples
    --------
    >>> plus = np.full((1, 2), 0.5**0.5, dtype=np.complex128)
    >>> readout = Readout([{"X": 1.0}, {"Z": 1.0}])
    >>> readout.forward(plus).round(12)
    array([[1., 0.]])
    """

    def __init__(self, sums: Sequence[Mapping[str, float]]) -> None:
        self.outputs = len(sums)
        tables: dict[int, NDArray] = {}
        for k, terms in enumerate(sums):
            for word, weight in terms.items():
                flip, phase = pauli_action(word)
                table = tables.setdefault(flip, np.zeros((len(sums), phase.size), dtype=np.complex128))
                table[k] += weight * phase
        # No flip, no phase but a sign: real numbers, at a quarter of the price.
        self._signs = tables.pop(0).real.copy() if 0 in tables else None
        self._flips = [(np.arange(table.shape[1]) ^ flip, table) for flip, table in tables.items()]

    def forward(self, states: NDArray[np.complex128]) -> NDArray[np.float64]:
        """Return the values, shape (samples, outputs)."""
        values: Any = 0.0
        if self._signs is not None:
            chances = np.square(states.real)
            chances += np.square(states.imag)
            values = chances @ self._signs.T
        for flipped, table in self._flips:
            values = values + ((states[:, flipped].conj() * states) @ table.T).real
        return np.asarray(values)

    def backward(self, states: NDArray[np.complex128], dz: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Return the bras of a loss whose gradient in the values is `dz`, shape of `states`."""
        back = None if self._signs is None else (dz @ self._signs) * states
        for flipped, table in self._flips:
            moved = ((dz @ table) * states)[:, flipped]
            back = moved if back is None else back + moved
        return np.asarray(back)


class OutcomeReadout(Readout):
    r"""Chances of outcomes: of every bit string, or of those that a function of the outcome puts together.

    .. math:: z_k = \sum_{j:\,f(j) = k} |\psi_j|^2

    The outcome j is the whole number that the bits spell, wire 0 the most significant.

    Examples
    --------
    >>> parity = OutcomeReadout(2, lambda j: j.bit_count() % 2)
    >>> parity.forward(np.array([[0.6, 0.8j, 0, 0]])).round(12)
    array([[0.36, 0.64]])
    """

    def __init__(self, n_qubits: int, interpret: Any = None) -> None:
        size = 1 << n_qubits
        classes = range(size) if interpret is None else [_class_of(interpret, j, size) for j in range(size)]
        self.outputs = max(classes) + 1
        if len(set(classes)) == 1:
            raise ValueError(
                f"readout must tell outcomes apart, and it gives every one the class {classes[0]}: its chance is 1 for every "
                "state"
            )
        self._flips = []
        self._signs = np.zeros((self.outputs, size))
        self._signs[classes, np.arange(size)] = 1.0


def _class_of(interpret: Any, outcome: int, n_outcomes: int) -> int:
    """Return what an interpreting function says of an outcome, a whole number from 0."""
    value = interpret(outcome)
    if isinstance(value, bool | np.bool_ | int | np.integer) and 0 <= value < n_outcomes:
        return int(value)
    raise ValueError(
        f"readout must give a class, a whole number from 0 to {n_outcomes - 1}, for every outcome; readout({outcome}) is "
        f"{value!r}: there are not more classes than the {n_outcomes} outcomes"
    )


def check_readout(readout: Any, observables: Any) -> None:
    """Refuse what is no readout, and observables beside one that takes none."""
    if isinstance(readout, str) and readout == "expectations":
        return
    if not callable(readout) and readout != "probabilities":
        raise ValueError(
            "readout must be 'expectations', 'probabilities' or a function that gives the class of an outcome, "
            f"not {readout!r}"
        )
    if not isinstance(observables, str) or observables != "local":
        raise ValueError(
            f"observables must stay 'local' with readout={readout!r}, not {observables!r}: outcomes are counted there, and "
            "no mean is taken"
        )


def new_readout(readout: Any, observables: Observables, n_qubits: int) -> Readout:
    """Return the readout that these options, once checked, stand for.

    Examples
    --------
    >>> type(new_readout("probabilities", "local", 2)).__name__
    'OutcomeReadout'
    """
    if isinstance(readout, str) and readout == "expectations":
        return Readout(_sums(observables, n_qubits))
    return OutcomeReadout(n_qubits, readout if callable(readout) else None)


def measured(readout: Readout, observables: Observables, n_qubits: int) -> list[Any]:
    """Return what is read, one entry an output: an observable, or the number of an outcome or a class.

    Examples
    --------
    >>> measured(OutcomeReadout(1), "local", 1)
    [0, 1]
    """
    if isinstance(readout, OutcomeReadout):
        return list(range(readout.outputs))
    return observable_strings(observables, n_qubits)
