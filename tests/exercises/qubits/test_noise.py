"""Exercises of *Noise*: other right ways pass, and what is wrong is told what it did."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import brentq, minimize
from scipy.stats import binom

from qlearn.exercises.qubits.noise import (
    apply_kraus,
    arrow,
    coherence_time,
    five_bits,
    majority,
    nearest_state,
    shor_code,
)
from qlearn.qubits import Circuit
from qlearn.qubits.noise import Code
from qlearn.qubits.paulis import anticommute

CHECKS = ("XZZXI", "IXZZX", "XIXZZ", "ZXIXZ")
PAIRS = ["ZZIIIIIII", "IZZIIIIII", "IIIZZIIII", "IIIIZZIII", "IIIIIIZZI", "IIIIIIIZZ"]
LONG = ["XXXXXXIII", "IIIXXXXXX"]


def by_superoperator(kraus, rho):
    whole = sum(np.kron(k, k.conj()) for k in kraus)
    return (whole @ rho.reshape(-1)).reshape(rho.shape).tolist()


def in_a_loop(kraus, rho):
    after = 0 * rho
    for k in list(kraus):
        after += np.matmul(np.matmul(k, rho), np.transpose(np.conjugate(k)))
    return after


def by_enumeration(n, p):
    return sum(
        np.prod([p if hit else 1 - p for hit in hits])
        for hits in product((0, 1), repeat=n)
        if 2 * sum(hits) > n
    )


def by_wires(n, p):
    chances = [1.0]
    for _ in range(n):
        chances = [
            (chances[k] if k < len(chances) else 0) * (1 - p) + (chances[k - 1] if k else 0) * p
            for k in range(len(chances) + 1)
        ]
    return sum(chances[(n + 1) // 2 :])


def symplectic(word):
    x, z = (np.array([[c in letters for c in w] for w in (word, *CHECKS)]) for letters in ("XY", "YZ"))
    return (x[1:] & z[0]).sum(1) + (z[1:] & x[0]).sum(1) & 1


def by_bisection(matrix):
    values, vectors = np.linalg.eigh(matrix)
    shift = brentq(lambda s: (values - s).clip(0).sum() - 1, -2, 2, xtol=1e-14)
    return vectors @ np.diag((values - shift).clip(0)) @ vectors.conj().T


def by_an_optimiser(matrix):
    values, vectors = np.linalg.eigh(matrix)
    found = minimize(
        lambda x: np.sum((x - values) ** 2),
        np.full(len(values), 1 / len(values)),
        jac=lambda x: 2 * (x - values),
        bounds=[(0, 1)] * len(values),
        constraints={"type": "eq", "fun": lambda x: x.sum() - 1},
        method="SLSQP",
        options={"ftol": 1e-14},
    )
    return (vectors * found.x) @ vectors.conj().T


def encoder_of_shor():
    encoder = Circuit(9).cx(0, 3).cx(0, 6).h(0).h(3).h(6)
    for head in (6, 0, 3):
        encoder = encoder.cx(head, head + 2).cx(head + 2, head + 1)
    return encoder


OTHER_WAYS = [
    (apply_kraus, by_superoperator),
    (apply_kraus, in_a_loop),
    (apply_kraus, lambda kraus, rho: np.einsum("kij,jl,kml->im", kraus, rho, kraus.conj())),
    (apply_kraus, lambda kraus, rho: (kraus @ rho @ kraus.conj().swapaxes(1, 2)).sum(0)),
    (coherence_time, lambda t1, t_phi: 2 * t1 * t_phi / (2 * t1 + t_phi)),
    (coherence_time, lambda t1, t_phi: (0.5 * t1**-1 + t_phi**-1) ** -1),
    (majority, by_enumeration),
    (majority, by_wires),
    (majority, lambda n, p: binom.sf(n // 2, n, p)),
    (majority, lambda n, p: 1 - binom.cdf((n - 1) / 2, n, p)),
    (five_bits, symplectic),
    (five_bits, lambda word: tuple(anticommute(word, check) for check in CHECKS)),
    (nearest_state, by_bisection),
    (nearest_state, by_an_optimiser),
]


@pytest.mark.parametrize(("exercise", "answer"), OTHER_WAYS)
def test_another_right_way_passes(exercise, answer):
    for seed in range(3):
        assert (verdict := exercise.check(answer, seed=seed)), verdict


@pytest.mark.parametrize("value", [0.8, 4 / 5, 1 - 2 * 0.1, np.array([0.8]), [0.8], 0.8 + 0j])
def test_the_arrow_may_be_any_kind_of_number(value):
    assert arrow.check(value)


@pytest.mark.parametrize(
    "words",
    [
        PAIRS + LONG,
        ["ZIZIIIIII", *PAIRS[1:], "XXXIIIXXX", LONG[1]],  # products of the eight are as good
    ],
)
def test_any_generators_and_any_encoder_of_the_code_pass(words):
    assert shor_code.check(Code(words, encoder_of_shor()))


def keeps_the_trace(kraus, rho):
    after = apply_kraus(kraus, rho)
    return after / np.trace(after)


def two_operators(kraus, rho):
    return sum(k @ rho @ k.conj().T for k in kraus[:2])


def only_single_errors(word):
    return five_bits(word) if word.count("I") >= 4 else [0, 0, 0, 0]


def letters_as_sets(word):
    return [
        len({(a, b) for a, b in zip(word, c, strict=True) if a != b and "I" not in (a, b)}) % 2
        for c in CHECKS
    ]


def real_part(matrix):
    return nearest_state(matrix.real)


def in_the_basis_of_the_page(matrix):
    values = np.diag(matrix).real.clip(0)
    return np.diag(values / values.sum())


REFUSED = [
    (apply_kraus, keeps_the_trace, "you divide by the trace"),
    (apply_kraus, two_operators, "numbers are not right"),
    (apply_kraus, lambda kraus, rho: apply_kraus(kraus, rho).real, "numbers are not right"),
    (apply_kraus, lambda kraus, rho: apply_kraus(kraus, rho).T, "rows and columns are exchanged"),
    (apply_kraus, lambda kraus, rho: rho, ""),
    (coherence_time, lambda t1, t_phi: round(coherence_time(t1, t_phi), 4), "digits, and rounded"),
    (coherence_time, lambda t1, t_phi: (2 * t1 + t_phi) / 2, "not right"),
    (coherence_time, lambda t1, t_phi: np.hypot(2 * t1, t_phi), "not right"),
    (coherence_time, lambda t1, t_phi: 1 / np.hypot(1 / (2 * t1), 1 / t_phi), "not right"),
    (majority, lambda n, p: majority(n, p) if n < 7 else 3 * p**2 - 2 * p**3, "not right"),
    (majority, lambda n, p: majority(n, min(p, 1 - p)), "not right"),
    (majority, lambda n, p: majority(3, p) if n > 1 else p, "not right"),
    (majority, lambda n, p: 1 - (1 - p**2) ** n, "not right"),
    (five_bits, only_single_errors, "not right"),
    (five_bits, letters_as_sets, "for five_bits"),
    (five_bits, lambda word: "".join(map(str, five_bits(word))), "text"),
    (nearest_state, real_part, "another one is nearer"),
    (nearest_state, in_the_basis_of_the_page, "another one is nearer"),
    (nearest_state, lambda matrix: nearest_state(matrix) + 0.1j * np.ones_like(matrix), "not Hermitian"),
    (nearest_state, lambda matrix: 2 * nearest_state(matrix), "trace 2"),
    (nearest_state, lambda matrix: matrix - 0.001 * np.eye(len(matrix)), "negative eigenvalue"),
    (nearest_state, lambda matrix: np.eye(len(matrix)) / len(matrix), "another one is nearer"),
]


@pytest.mark.parametrize(("exercise", "answer", "word"), REFUSED)
@pytest.mark.parametrize("seed", [0, 1])
def test_what_is_wrong_is_refused(exercise, answer, word, seed):
    verdict = exercise.check(answer, seed=seed)
    assert not verdict
    assert word in verdict.message
    assert "stopped with" not in verdict.message


def test_a_rounded_time_is_told_that_it_is_rounded():
    """It used to read "you say 120; it is 120", and then where a mistake would be that is not there."""

    def rounded(t1, t_phi):
        return float(f"{coherence_time(t1, t_phi):.4g}")

    assert "right to 4 digits, and rounded: keep them all" in coherence_time.check(rounded).message


def the_other_way_round():
    """Repeat against flips first, and against phase flips within the blocks: a code, but not the one asked for."""
    encoder = Circuit(9).cx(0, 3).cx(0, 6)
    for head in (0, 3, 6):
        encoder = encoder.cx(head, head + 1).cx(head, head + 2)
        for wire in range(3):
            encoder = encoder.h(head + wire)
    return Code([word.replace("Z", "X") for word in PAIRS], encoder)


def blocks_across():
    def at(wire):
        return 3 * (wire % 3) + wire // 3

    encoder = Circuit(9).cx(at(0), at(3)).cx(at(0), at(6))
    for head in (0, 3, 6):
        encoder = encoder.h(at(head)).cx(at(head), at(head + 1)).cx(at(head), at(head + 2))
    words = ["".join(word[at(wire)] for wire in range(9)) for word in PAIRS + LONG]
    return Code(words, encoder)


def test_a_code_with_its_blocks_across_is_another_one():
    verdict = shor_code.check(blocks_across())
    assert "every single error is corrected, but your states do not answer +1 to ZZIIIIIII" in verdict.message


def test_a_code_refuses_words_that_are_not_its_own():
    with pytest.raises(ValueError, match="stabilisers must be 8"):
        the_other_way_round()
    with pytest.raises(
        ValueError, match="product of others"
    ):  # at once: not after a search through 4^9 words
        Code([*PAIRS, LONG[0], LONG[0]], encoder_of_shor())


@pytest.mark.parametrize("answer", [Code, lambda: 1, Circuit(9), PAIRS + LONG, (PAIRS, encoder_of_shor())])
def test_what_is_no_code_is_told_so(answer):
    verdict = shor_code.check(answer)
    assert not verdict
    assert "stopped with" not in verdict.message
