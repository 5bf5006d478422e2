"""Devices: expectation values and frequencies of a circuit, exact or counted, on NumPy, Qiskit or PennyLane.

Taught in :doc:`/learning/qsvm`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_probability, as_register, as_rng, as_states, n_qubits_of
from qlearn.qubits.circuit import Circuit
from qlearn.qubits.measurement import expectation, probabilities
from qlearn.qubits.observables import Observables, as_observables, measurement_settings, outcome_signs
from qlearn.qubits.parameter import Parameter
from qlearn.qubits.parameter_values import refusal
from qlearn.qubits.pennylane_adapter import device_frequencies, device_means, device_shots
from qlearn.qubits.qiskit_adapter import primitive_frequencies, primitive_kind, primitive_means


def expectations(
    circuit: Circuit,
    observables: Observables,
    *,
    shots: int | None = None,
    device: Any = None,
    noise: float = 0.0,
    rng: Any = None,
) -> NDArray[np.float64]:
    r"""Return the mean values of observables at the end of a circuit, shape (..., k), exact or counted.

    .. math:: \langle O_k \rangle = \sum_P w_{kP}\, \langle P \rangle, \qquad
              \widehat{\langle P\rangle} = \frac{n_+ - n_-}{s}

    With shots all wires are measured, s times in each basis that the strings need
    (:func:`~qlearn.qubits.observables.measurement_settings`). Strings that commute wire by wire are read from the same
    runs, so their errors are correlated, as on any device. A batch of circuits is one job.

    Parameters
    ----------
    circuit : Circuit
        Without classical bits; a batch of any shape.
    observables : str, mapping of str to float, or a list of these
        As in :func:`~qlearn.qubits.observables.as_observables`: ``"ZI"``, ``{"XX": 0.5, "ZI": 1.0}``, "local", "global".
    shots : int, optional
        Runs for each basis. None is exact, or what the device takes by itself. An estimator of Qiskit is asked for the
        standard error 1 / sqrt(shots).
    device : optional
        None is NumPy. A sampler or estimator of Qiskit's primitives (version 2), or a device of PennyLane.
    noise : float
        Probability that a run ends in the maximally mixed state; of NumPy only, a device has its own. A noise model of
        Aer acts on gates by name: controlled turns reach it as CNOTs and turns of one wire, other gates as they are.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes: draws the outcomes on NumPy. A device draws by its own seed.

    Returns
    -------
    ndarray of float64, shape (..., k)
        k observables, also where k is 1.

    Raises
    ------
    ValueError, TypeError
        Before any work: if shots are below 1, or given here and by the device; if the device has too few wires or is
        none; if the circuit has classical bits; if an observable does not fit or is not Hermitian.

    Examples
    --------
    >>> bell = Circuit(2).h(0).cx(0, 1)
    >>> expectations(bell, ["ZZ", {"XX": 0.5, "ZI": 1.0}]).round(12)
    array([1. , 0.5])
    >>> expectations(Circuit(1).ry([0.0, np.pi / 2], 0), "Z", shots=1000, rng=0)
    array([[ 1.   ],
           [-0.022]])
    >>> from qiskit.primitives import StatevectorSampler
    >>> expectations(bell, "ZZ", shots=100, device=StatevectorSampler(seed=1))
    array([1.])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 2.2.
    Kandala et al., 2017, arXiv:1704.05018 (strings that share a basis).
    """
    kind, s, p = _checked(circuit, shots, device, noise)
    sums = as_observables(observables, circuit.n_qubits)
    if 0 in circuit.shape:
        return np.zeros((*circuit.shape, len(sums)))
    if kind == "estimator":
        means = primitive_means(_templates(circuit), sums, device, s)
        return means.reshape(*circuit.shape, len(sums))
    if kind == "numpy":
        return measured_expectations(circuit.run(), sums, shots=s, noise=p, rng=rng)
    words = list(dict.fromkeys(word for terms in sums for word in terms))
    if kind == "pennylane" and s is None:
        return device_means(circuit, words, device) @ _weights(sums, words)
    settings = measurement_settings(words)
    found = _shares(kind, circuit, list(settings), device, s) if settings else []
    read = {"I" * circuit.n_qubits: np.ones(circuit.shape)}
    for share, members in zip(found, settings.values(), strict=True):
        read |= _of_outcomes(share, members)
    return np.stack([read[word] for word in words], axis=-1) @ _weights(sums, words)


def frequencies(
    circuit: Circuit, *, shots: int | None, device: Any = None, noise: float = 0.0, rng: Any = None
) -> NDArray[np.float64]:
    r"""Return how often each outcome came when all wires were measured, as a share of the runs, shape (..., 2**n).

    .. math:: f_j = n_j / s, \qquad \mathbb{E} f_j = (1-p)\,|\langle j|\psi\rangle|^2 + p\, 2^{-n}

    Parameters
    ----------
    circuit : Circuit
        Without classical bits; a batch of any shape is one job.
    shots : int or None
        Runs of each circuit, s. None gives exact probabilities on NumPy and on PennyLane's simulators, and on a Qiskit
        sampler as many runs as it takes by itself.
    device : optional
        None is NumPy. A sampler of Qiskit's primitives (version 2), or a device of PennyLane.
    noise : float
        p, the probability that a run ends in the maximally mixed state; of NumPy only.
    rng : optional
        As in :func:`expectations`.

    Returns
    -------
    ndarray of float64, shape (..., 2**n)

    Raises
    ------
    ValueError, TypeError
        As :func:`expectations`; and for an estimator, which counts no outcomes.

    Examples
    --------
    >>> frequencies(Circuit(1).h(0), shots=100, rng=0)
    array([0.51, 0.49])
    >>> frequencies(Circuit(1).x(0), shots=None, noise=0.1)
    array([0.05, 0.95])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 2.2.
    """
    kind, s, p = _checked(circuit, shots, device, noise)
    basis = ["Z" * circuit.n_qubits]
    if kind == "estimator":
        raise TypeError(
            "device must count outcomes, and an estimator gives mean values alone: use a sampler, or expectations"
        )
    if 0 in circuit.shape:
        return np.zeros((*circuit.shape, 1 << circuit.n_qubits))
    if kind == "numpy":
        return measured_frequencies(circuit.run(), shots=s, noise=p, rng=rng)
    return _shares(kind, circuit, basis, device, s)[0]


def measured_expectations(
    states: ArrayLike,
    observables: Observables,
    *,
    shots: int | None = None,
    noise: float = 0.0,
    rng: Any = None,
) -> NDArray[np.float64]:
    """Return the mean values of observables in given states, shape (..., k), as :func:`expectations` does on NumPy.

    Parameters
    ----------
    states : array_like, shape (..., 2**n)
        Normalised state vectors.
    observables, shots, noise, rng
        As in :func:`expectations`.

    Returns
    -------
    ndarray of float64, shape (..., k)

    Examples
    --------
    >>> measured_expectations([0.6, 0.8], ["Z", "X"], noise=0.5).round(12)
    array([-0.14,  0.48])
    """
    vectors, p = as_states(states, "states"), as_probability(noise, "noise")
    s = None if shots is None else as_count(shots, "shots")
    n = n_qubits_of(vectors)
    sums = as_observables(observables, n)
    words = list(dict.fromkeys(word for terms in sums for word in terms))
    means = {"I" * n: np.ones(vectors.shape[:-1])}
    if s is None:
        means = {word: (1 - p) * expectation(vectors, word) for word in words if set(word) != {"I"}} | means
    else:
        generator = as_rng(rng)
        for basis, members in measurement_settings(words).items():
            read = [wire for wire, letter in enumerate(basis) if letter != "I"]
            letters = "".join(basis[wire] for wire in read)
            chances = _noisy(probabilities(vectors, read, letters), p)
            parts = ["".join(word[wire] for wire in read) for word in members]
            found = _of_outcomes(_counted(chances, s, generator), parts)
            means |= {word: found[part] for word, part in zip(members, parts, strict=True)}
    return np.stack([means[word] for word in words], axis=-1) @ _weights(sums, words)


def measured_frequencies(
    states: ArrayLike, *, shots: int | None, noise: float = 0.0, rng: Any = None
) -> NDArray[np.float64]:
    """Return the share of each outcome in given states, shape (..., 2**n), as :func:`frequencies` does on NumPy.

    Parameters
    ----------
    states : array_like, shape (..., 2**n)
        Normalised state vectors.
    shots, noise, rng
        As in :func:`frequencies`.

    Returns
    -------
    ndarray of float64, shape (..., 2**n)

    Examples
    --------
    >>> measured_frequencies([0.6, 0.8], shots=None).round(12)
    array([0.36, 0.64])
    """
    chances = _noisy(probabilities(states), as_probability(noise, "noise"))
    return chances if shots is None else _counted(chances, as_count(shots, "shots"), as_rng(rng))


def _checked(circuit: Circuit, shots: int | None, device: Any, noise: float) -> tuple[str, int | None, float]:
    """Return what runs the circuit ("numpy", "sampler", "estimator" or "pennylane"), the shots and the noise."""
    if not isinstance(circuit, Circuit):
        raise TypeError(f"circuit must be a Circuit, not {type(circuit).__name__}")
    if circuit.bits:
        raise ValueError(
            f"circuit must be without classical bits, not with {circuit.bits}: all wires are measured at its end"
        )
    if circuit.parameters:
        raise ValueError(refusal(circuit.parameters, "be measured"))
    s = None if shots is None else as_count(shots, "shots")
    p = as_probability(noise, "noise")
    if device is None:
        as_register(circuit.n_qubits)
        return "numpy", s, p
    if p:
        raise ValueError(
            f"noise must be 0 with a device, not {p:g}: the device brings its own, as Aer's noise models or default.mixed do"
        )
    roots = {base.__module__.partition(".")[0] for base in type(device).__mro__}
    if isinstance(device, type) or not roots & {"qiskit", "pennylane"}:
        raise TypeError(
            "device must be None (NumPy), a sampler or estimator of Qiskit's primitives (version 2) or a device of "
            f"PennyLane, not {device!r}"
        )
    if "pennylane" in roots:
        return "pennylane", device_shots(device, s), p
    return primitive_kind(device), s, p


def _shares(
    kind: str, circuit: Circuit, bases: list[str], device: Any, shots: int | None
) -> list[NDArray[np.float64]]:
    """Return the share of each outcome in each basis, shapes (..., 2**n), by one job of a device."""
    as_register(circuit.n_qubits)  # outcomes are counted in a table of 2**n
    if kind == "pennylane":
        return device_frequencies(circuit, bases, device, shots)
    found = primitive_frequencies(_templates(circuit), bases, device, shots)
    return [share.reshape(*circuit.shape, share.shape[-1]) for share in found]


def _templates(circuit: Circuit) -> list[tuple[Circuit, NDArray[np.float64]]]:
    """Return free circuits and values for them: one for a whole batch wherever only angles differ."""
    batch, steps, arrays = circuit.shape, [], []
    for step in circuit.operations:
        angle: Any = step.angle
        mask: Any = step.where
        if (
            mask is not None and angle is not None
        ):  # a turn under a mask is one by nothing where the mask is 0
            angle = angle * mask
            step = replace(step, angle=angle, where=None)
        elif mask is not None and mask.ndim:
            break  # what is no angle cannot be a parameter
        if step.unitary is not None and step.unitary.ndim > 2:
            break
        if angle is not None and angle.ndim:
            arrays.append(np.broadcast_to(angle, batch))
            step = replace(step, angle=1.0 * Parameter(f"angle[{len(arrays) - 1}]"))
        steps.append(step)
    else:
        values = np.stack(arrays, axis=-1) if arrays else np.zeros((*batch, 0))
        return [(replace(circuit, operations=tuple(steps)), values)]
    return [(circuit.at(index), np.zeros(0)) for index in np.ndindex(batch)]


def _noisy(chances: NDArray[np.float64], p: float) -> NDArray[np.float64]:
    return (1 - p) * chances + p / chances.shape[-1] if p else chances


def _counted(chances: NDArray[np.float64], shots: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw so many outcomes of each distribution on the last axis; return their shares."""
    return rng.multinomial(shots, chances / chances.sum(axis=-1, keepdims=True)) / shots


def _of_outcomes(shares: NDArray[np.float64], words: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Return the mean of each Pauli string over outcomes in its basis."""
    return dict(zip(words, np.moveaxis(shares @ outcome_signs(words).T, -1, 0), strict=True))


def _weights(sums: Sequence[Mapping[str, float]], words: Sequence[str]) -> NDArray[np.float64]:
    """Return the weight of each string in each observable, shape (words, observables)."""
    return np.array([[terms.get(word, 0.0) for terms in sums] for word in words])
