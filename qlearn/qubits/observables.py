"""Observables: real sums of Pauli strings, and which of their strings one measurement of all wires can read.

Taught in :doc:`/qubits/measurement`.
"""

from collections.abc import Iterable, Mapping, Sequence
from numbers import Complex
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_real
from qlearn.qubits.paulis import as_pauli_word

#: One observable: a Pauli string such as ``"ZZI"``, or strings with real weights, ``{"ZI": 0.5, "IX": 2.0}``.
Observable = str | Mapping[str, float]
#: One, several, or by name: "local" is Z of each wire, "global" their one product.
Observables = Observable | Sequence[Observable]


def as_observables(
    observables: Observables, n_qubits: int, name: str = "observables"
) -> list[dict[str, float]]:
    r"""Return observables as weights of Pauli strings, one mapping for each output.

    .. math:: O_k = \sum_P w_{kP}\, P, \qquad P \in \{I, X, Y, Z\}^{\otimes n}, \quad w_{kP} \in \mathbb{R}

    Parameters
    ----------
    observables : str, mapping of str to float, or a sequence of these
        A Pauli string, one letter for each wire; a weighted sum of them; "local", Z of each wire; "global", the one
        product of all. A list is several outputs.
    n_qubits : int
        Number of wires.
    name : str
        What the refusals call it.

    Returns
    -------
    list of dict of str to float

    Raises
    ------
    ValueError, TypeError
        If there is none, if a string does not fit the wires, or if a weight is not a finite real number: a sum with a
        complex weight is not Hermitian, and nothing can measure it.

    Examples
    --------
    >>> as_observables({"XX": 0.5, "ZI": 1}, 2)
    [{'XX': 0.5, 'ZI': 1.0}]
    >>> as_observables("local", 2), as_observables("global", 3)
    ([{'ZI': 1.0}, {'IZ': 1.0}], [{'ZZZ': 1.0}])
    >>> as_observables({"Z": 1j}, 1)
    Traceback (most recent call last):
        ...
    ValueError: observables must be Hermitian, and the weight of Z is 1j: a real number is expected
    """
    n = as_count(n_qubits, "n_qubits")
    if isinstance(observables, str) and observables == "local":
        return [{"I" * wire + "Z" + "I" * (n - 1 - wire): 1.0} for wire in range(n)]
    if isinstance(observables, str) and observables == "global":
        return [{"Z" * n: 1.0}]
    several: list[Any]
    if isinstance(observables, str | Mapping):
        several = [observables]
    elif isinstance(observables, Sequence | np.ndarray) and getattr(observables, "ndim", True):
        several = list(observables)
    else:
        raise TypeError(
            f"{name} must be a Pauli string such as {'Z' * n!r}, a mapping of such strings to real weights, or a list of "
            f"these, not {type(observables).__name__}"
        )
    if not several:
        raise ValueError(f"{name} must be at least one, such as {'Z' * n!r}, not an empty list")
    return [_as_terms(one, n, name) for one in several]


def _as_terms(observable: Any, n: int, name: str) -> dict[str, float]:
    if not isinstance(observable, Mapping):
        return {str(as_pauli_word(observable, n, name)): 1.0}
    if not observable:
        raise ValueError(f"{name} must have at least one product of Pauli operators, not none")
    return {
        str(as_pauli_word(word, n, name)): _as_weight(weight, word, name)
        for word, weight in observable.items()
    }


def _as_weight(weight: Any, word: str, name: str) -> float:
    if isinstance(weight, Complex) and complex(weight).imag:
        raise ValueError(
            f"{name} must be Hermitian, and the weight of {word} is {weight}: a real number is expected"
        )
    # what carries a zero imaginary part, as another library's sums do, is real
    real = weight.real if isinstance(weight, complex | np.complexfloating) else weight
    return as_real(real, f"the weight of {word}")


def measurement_settings(words: Iterable[str]) -> dict[str, list[str]]:
    """Return bases, one letter for each wire, and the Pauli strings that each of them reads from the same runs.

    Strings that agree on every wire where neither has an I commute wire by wire: one measurement of all wires reads them
    all. Each string joins the first basis that it fits, strings of many letters first; few bases, not always fewest.
    Strings of I alone need no measurement and stand in none.

    Parameters
    ----------
    words : iterable of str
        Pauli strings of one length.

    Returns
    -------
    dict of str to list of str
        Keys are bases; an I is a wire that need not be read.

    Examples
    --------
    >>> measurement_settings(["ZI", "IZ", "ZZ", "XX"])
    {'ZZ': ['ZZ', 'ZI', 'IZ'], 'XX': ['XX']}

    References
    ----------
    Kandala et al., "Hardware-efficient variational quantum eigensolver for small molecules and quantum magnets", 2017,
    arXiv:1704.05018, where one basis reads all the strings that fit it.
    """
    bases: list[tuple[list[str], list[str]]] = []
    for word in sorted(dict.fromkeys(words), key=lambda word: word.count("I")):
        if set(word) == {"I"}:
            continue
        for basis, members in bases:
            if all("I" in pair or pair[0] == pair[1] for pair in zip(basis, word, strict=True)):
                basis[:] = [b if letter == "I" else letter for b, letter in zip(basis, word, strict=True)]
                members.append(word)
                break
        else:
            bases.append((list(word), [word]))
    return {"".join(basis): members for basis, members in bases}


def outcome_signs(words: Sequence[str]) -> NDArray[np.float64]:
    """Return what each string answers, +1 or -1, for each outcome of its own basis, shape (len(words), 2**n).

    Examples
    --------
    >>> outcome_signs(["XI", "XX"])
    array([[ 1.,  1., -1., -1.],
           [ 1., -1., -1.,  1.]])
    """
    signs: list[NDArray[Any]] = [np.ones(1)] * len(words)
    for letters in zip(*words, strict=True):
        signs = [
            np.kron(row, [1.0, 1.0 if letter == "I" else -1.0])
            for row, letter in zip(signs, letters, strict=True)
        ]
    return np.array(signs)
