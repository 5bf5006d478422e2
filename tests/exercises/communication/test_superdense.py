"""Exercises of *Superdense coding*: other right ways pass, and what is wrong is told what it did."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binom

from qlearn.communication import superdense
from qlearn.exercises.communication.superdense import (
    break_even,
    either_way,
    encode,
    information,
    qubits_moved,
    repetitions,
    three_answers,
)
from qlearn.qubits import Circuit, entropy, partial_trace
from qlearn.qubits.entropies import binary_entropy
from tests.exercises.tried import passes, refused


def by_circuit(bits, pair):
    z, x = bits
    steps = Circuit(2)
    if x:
        steps = steps.x(0)
    if z:
        steps = steps.z(0)
    return steps.run(pair)


def by_entries(bits, pair):
    a, b, c, d = pair
    z, x = bits
    if x:
        a, b, c, d = c, d, a, b
    return [a, b, -c, -d] if z else [a, b, c, d]


def z_first(bits, pair):
    """XZ in the place of ZX: another sign of the whole vector."""
    z, x = bits
    X, Z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
    return np.kron(np.linalg.matrix_power(X, x) @ np.linalg.matrix_power(Z, z), np.eye(2)) @ pair


def by_entropies(counts):
    def h(p):
        p = np.asarray(p).ravel() / np.sum(p)
        return -sum(q * np.log2(q) for q in p if q > 0)

    return h(counts.sum(0)) + h(counts.sum(1)) - h(counts)


def cell_by_cell(counts):
    n, total = counts.sum(), 0.0
    for m in range(4):
        for r in range(4):
            if counts[m, r]:
                total += counts[m, r] / n * np.log2(counts[m, r] * n / (counts[m].sum() * counts[:, r].sum()))
    return total


def by_the_library(rho):
    swapped = rho.reshape(2, 2, 2, 2).transpose(1, 0, 3, 2).reshape(4, 4)
    return [max(1, superdense.capacity(rho)), max(1, superdense.capacity(swapped))]


def of_shares(counts):
    p = np.asarray(counts)[np.asarray(counts) > 0] / np.sum(counts)
    return -(p * np.log2(p)).sum()


def halves(rho, measure, whole=None):
    noise = entropy(rho if whole is None else whole)
    return tuple(max(1, 1 + float(measure(partial_trace(rho, keep=k)) - noise)) for k in (1, 0))


def halves_and_the_larger(rho):
    """Takes the larger of the two entropies for that of the half that is turned: right where one half is even."""
    a, b = (float(entropy(partial_trace(rho, keep=k))) for k in (0, 1))
    return max(1, b + max(a, b) - float(entropy(rho))), max(1, a + max(a, b) - float(entropy(rho)))


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (qubits_moved, 8000),
        (qubits_moved, 8000.0),
        (qubits_moved, np.int64(8000)),
        (encode, by_circuit),
        (encode, by_entries),
        (encode, z_first),
        (three_answers, np.log(3) / np.log(2)),
        (three_answers, [np.log2(3)]),
        (break_even, brentq(lambda e: 2 * binary_entropy(e) - 1, 0.01, 0.4)),
        (break_even, 0.1100279),
        (break_even, 0.110028),  # the six digits that the explanation gives
        (break_even, [0.110028]),
        (information, by_entropies),
        (information, cell_by_cell),
        (either_way, by_the_library),
        (repetitions, 17),
        (repetitions, next(n for n in range(1, 99, 2) if binom.sf(n // 2, n, 1 / 15) < 1e-6)),
    ],
)
def test_another_right_way_passes(exercise, answer):
    passes(exercise, answer)


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [
        (qubits_moved, 4096, ""),
        (qubits_moved, Fraction(8000, 3), ""),
        (qubits_moved, "8000", ""),
        (three_answers, 1.58, "rounded"),
        (three_answers, 1.585, "rounded"),
        (break_even, 0.11, "rounded"),
        (break_even, 0.11003, "rounded"),
        (break_even, 0.889972, ""),
        (break_even, 1 - 0.8107104, "Werner"),
        (break_even, 0.25, ""),
        (repetitions, 15, ""),
        (repetitions, 19, ""),
        (repetitions, 16, "even number"),
    ],
)
def test_a_wrong_value_is_refused(exercise, answer, words):
    refused(exercise, answer, words)


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (encode, lambda bits, pair: np.eye(4)[2 * bits[0] + bits[1]]),  # the message itself
        (encode, lambda bits, pair: np.roll(pair, 2) if bits[1] else pair),
        (encode, lambda bits, pair: by_circuit(bits, np.sqrt([0.5, 0, 0, 0.5]))),  # always the perfect pair
        (encode, lambda bits, pair: by_circuit(bits, pair).conj()),
        (encode, lambda bits, pair: np.abs(by_circuit(bits, pair))),
        (encode, lambda bits, pair: 2 * by_circuit(bits, pair)),
        (information, lambda counts: 2 - entropy_of_errors(counts)),
        (information, lambda counts: by_entropies(counts) / 2),
        (information, lambda counts: by_entropies(counts + 1)),
        (information, lambda counts: round(by_entropies(counts), 3)),
        (information, lambda counts: 2.0),
        (
            information,
            lambda counts: 2 + by_entropies(counts) - of_shares(counts.sum(1)),
        ),  # "2" for H(message)
        (
            information,
            lambda counts: 2 + by_entropies(counts) - of_shares(counts.sum(0)),
        ),  # "2" for H(reading)
        (information, lambda counts: by_entropies(np.diag(np.diag(counts)))),
        (either_way, lambda rho: (2.0, 2.0)),
        (
            either_way,
            lambda rho: halves(rho, lambda half: of_shares(np.diag(half).real)),
        ),  # not its eigenvalues
        (either_way, lambda rho: halves(rho, entropy, whole=rho.real)),
        (either_way, lambda rho: (max(halves(rho, entropy)),) * 2),
        (either_way, halves_and_the_larger),
        (either_way, lambda rho: superdense.capacity(rho)),
        (either_way, lambda rho: (max(1, superdense.capacity(rho)), 1.0)),
        (either_way, lambda rho: tuple(1 + float(entropy(partial_trace(rho, keep=k))) for k in (1, 0))),
        (either_way, lambda rho: (max(1, 2 - float(entropy(rho))), max(1, 2 - float(entropy(rho))))),
    ],
)
def test_a_wrong_way_is_refused(exercise, answer):
    refused(exercise, answer)


def entropy_of_errors(counts):
    p = np.array([sum(counts[m, m ^ e] for m in range(4)) for e in range(4)]) / counts.sum()
    return -sum(q * np.log2(q) for q in p if q > 0)


def test_the_explained_numbers_are_right():
    e = 1 / 15
    wrong = [sum(comb(n, k) * e**k * (1 - e) ** (n - k) for k in range(n // 2 + 1, n + 1)) for n in (15, 17)]
    assert wrong[0] > 1e-6 > wrong[1]
    assert "seventeen" in repetitions.right
    assert "2/17" in repetitions.right
    shares = np.array([0.25, 0.25, 0.5])
    assert -(shares @ np.log2(shares)) == 1.5


def test_over_a_perfect_pair_the_chance_bias_has_the_other_sign():
    # so the explanation names its condition: 4 cells, not 16; 2000 tables of 500 messages, 6 sigma
    tables = np.random.default_rng(2).multinomial(500, np.full(4, 0.25), size=2000)
    told = np.array([by_entropies(np.diag(counts)) for counts in tables])
    assert told.mean() < 2 - 6 * told.std() / np.sqrt(2000)


def test_the_chance_bias_that_the_explanation_names():
    # 4000 tables of 2000 messages each, message and reading independent: the mean has sigma 1.5e-3 / sqrt(4000)
    rng, n = np.random.default_rng(1), 2000
    tables = rng.multinomial(n, np.full(16, 1 / 16), size=4000).reshape(-1, 4, 4)
    joint = tables / n
    alone = joint.sum(2, keepdims=True) * joint.sum(1, keepdims=True)
    told = (joint * np.log2(np.where(joint > 0, joint / alone, 1))).sum((1, 2))
    assert abs(told.mean() - 9 / (2 * n * np.log(2))) < 6 * told.std() / np.sqrt(4000) + 2e-5
