"""Answers to the exercises of *Components*: right ones in another style, and wrong ones that look right."""

from math import ceil

import numpy as np
import pytest
from scipy.linalg import expm

from qlearn.exercises.learning.components import (
    best_encoder,
    copies_for,
    first_share,
    most_kept,
    one_step,
    qubits_for,
)
from qlearn.learning.components import block_fidelity, principal_autoencoder, swap_step
from tests.exercises.tried import passes, refused


def test_a_share_may_come_from_a_program():
    passes(first_share, np.linalg.eigvalsh([[3, 1], [1, 3]])[-1] / 6)
    passes(first_share, [2 / 3])
    assert "keep them all" in first_share.check(0.667).message


@pytest.mark.parametrize("wrong", [np.array([2 / 3, 1 / 3]), 0.75, -2 / 3, 3 / 6, 2.0])
def test_another_share_is_refused(wrong):
    refused(first_share, wrong)


def swapped(rho, sigma, angle):
    """The whole circuit: both states, the swap, and a partial trace."""
    d = len(rho)
    swap = np.eye(d * d).reshape(d, d, d, d).swapaxes(0, 1).reshape(d * d, d * d)
    turn = np.cos(angle) * np.eye(d * d) - 1j * np.sin(angle) * swap
    both = turn @ np.kron(sigma, rho) @ turn.conj().T
    return np.einsum("ikjk->ij", both.reshape(d, d, d, d))


def test_a_step_may_be_the_whole_circuit():
    passes(one_step, swapped)
    passes(
        one_step,
        lambda rho, sigma, angle: (
            (sigma + rho) / 2
            + np.cos(2 * angle) * (sigma - rho) / 2
            - 0.5j * np.sin(2 * angle) * (rho @ sigma - sigma @ rho)
        ),
    )


def one_qubit_only(rho, sigma, angle):
    paulis = np.array([np.eye(2), [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    a, b = (np.einsum("kij,ji->k", paulis, one[:2, :2]).real for one in (rho, sigma))
    c, s = np.cos(angle), np.sin(angle)
    arrow = c**2 * b[1:] + s**2 * a[1:] + s * c * np.cross(a[1:], b[1:])
    return (np.eye(2) + np.einsum("k,kij->ij", arrow, paulis[1:])) / 2


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (one_qubit_only, "shape (2, 2)"),
        (lambda rho, sigma, t: one_step(rho, sigma, t).real, ""),
        (lambda rho, sigma, t: one_step(rho, sigma, t).conj(), ""),
        (lambda rho, sigma, t: one_step(rho, sigma, abs(t)), "root of 1 - cos^2"),
        (lambda rho, sigma, t: one_step(rho, sigma, 2 * t), ""),
        (lambda rho, sigma, t: expm(-1j * t * rho) @ sigma @ expm(1j * t * rho), "many small steps"),
        (lambda rho, sigma, t: sigma - 1j * t * (rho @ sigma - sigma @ rho) - t**2 * (sigma - rho), ""),
    ],
    ids=["one qubit", "real part", "conjugated", "never back", "twice", "the limit", "second order"],
)
def test_a_step_that_is_another_one_is_refused(wrong, word):
    verdict = one_step.check(wrong)
    assert not verdict
    if word == "root of 1 - cos^2":
        refused(one_step, wrong)
    else:
        assert word in verdict.message, verdict


def test_copies_may_be_counted_by_the_error():
    passes(copies_for, lambda n, t, s: n * s * t * t)
    passes(copies_for, lambda n, t, s: float(n * s) * t**2)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda n, t, s: n * t**3 * s,
        lambda n, t, s: n * (t * s) ** 2,
        lambda n, t, s: n * t**2 * s**0.5,
        lambda n, t, s: n * 2**t * s,
        lambda n, t, s: n * t**2 * s - n,
        lambda n, t, s: t**2 * s,
    ],
    ids=["cube", "both squared", "root", "exponential", "those more", "a factor"],
)
def test_another_law_of_copies_is_refused(wrong):
    refused(copies_for, wrong)


def test_what_is_kept_in_another_style():
    def by_singular_values(states, k):
        return (np.linalg.svd(states, compute_uv=False)[: 2**k] ** 2).sum() / len(states)

    def by_overlaps(states, k):
        return sum(sorted(np.linalg.eigvalsh(states.conj() @ states.T))[-(2**k) :]) / len(states)

    def by_loop(states, k):
        mixture = sum(np.outer(s, s.conj()) for s in states) / len(states)
        return np.sort(np.linalg.eigvals(mixture).real)[::-1][: 1 << k].sum()

    for answer in (by_singular_values, by_overlaps, by_loop):
        passes(most_kept, answer)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda states, k: np.linalg.eigvalsh(states.T @ states.conj() / len(states))[-2:].sum(),
        lambda states, k: np.linalg.eigvalsh(states.T @ states.conj() / len(states))[-(2**k)],
        lambda states, k: (np.linalg.eigvalsh(states.T @ states.conj() / len(states))[-(2**k) :] ** 2).sum(),
        lambda states, k: np.linalg.eigvalsh((states.T @ states.conj()).real / len(states))[-(2**k) :].sum(),
        lambda states, k: round(most_kept(states, k), 4),
        lambda states, k: np.sort((np.abs(states) ** 2).mean(axis=0))[-(2**k) :].sum(),
    ],
    ids=["always two", "the last of them", "squared", "real parts", "rounded", "the best outcomes"],
)
def test_something_else_that_is_kept_is_refused(wrong):
    refused(most_kept, wrong)


def test_an_encoder_may_have_any_phases():
    def by_singular_vectors(states):
        return np.linalg.svd(states)[2].conj()

    def turned(states):
        return np.exp(1j * np.arange(states.shape[1]))[:, None] * best_encoder(states)

    passes(best_encoder, by_singular_vectors)
    passes(best_encoder, turned)
    passes(best_encoder, lambda states: best_encoder(states).tolist())
    passes(best_encoder, by_the_library)


def by_the_library(states):
    if len(states[0]) == 2:
        return best_encoder(states)
    return principal_autoencoder(states, 1).encoder.matrix()


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (lambda states: np.linalg.svd(states)[2], "conjugate the eigenvectors"),
        (lambda states: np.linalg.svd(states)[2].conj().T, ""),
        (lambda states: np.eye(states.shape[1]), "other states"),
        (lambda states: best_encoder(states)[[0, *range(states.shape[1] - 1, 0, -1)]], "other states"),
        (lambda states: best_encoder(states)[:2], "it should be"),
        (lambda states: best_encoder(states.real), ""),
        (lambda states: np.linalg.svd(states, full_matrices=False)[2].conj(), "with fewer states"),
        (lambda states: np.linalg.eig(states.T @ states.conj())[1].conj().T, ""),
    ],
    ids=["bras missing", "decoder", "none", "largest first only", "two rows", "real", "many states", "unsorted"],
)  # fmt: skip
def test_another_encoder_is_refused(wrong, word):
    if word:
        refused(best_encoder, wrong, word)
    else:
        assert not best_encoder.check(wrong)


def test_qubits_may_be_found_by_halves():
    def by_halves(p, n, target):
        low, high = 0, n
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if block_fidelity(p, n, middle / n) >= target else (middle + 1, high)
        return low

    passes(qubits_for, by_halves)
    passes(qubits_for, lambda p, n, f: next(k for k in range(n + 1) if block_fidelity(p, n, k / n) >= f))


def test_more_qubits_than_a_block_has_are_blamed_on_the_target_only_where_it_is_just_met():
    refused(
        qubits_for, lambda p, n, target: ceil((block_fidelity(p, n, np.arange(n + 1) / n) <= target).sum())
    )
    more = qubits_for.check(lambda p, n, f: int((block_fidelity(p, n, np.arange(n + 1) / n) <= f).sum()))
    assert "just met" in more.message
    assert "just met" not in qubits_for.check(lambda p, n, target: 2 * n).message


@pytest.mark.parametrize(
    "wrong",
    [
        lambda p, n, target: qubits_for(0.9, n, min(target, 0.999)),
        lambda p, n, target: qubits_for(p, n, 0.95),
        lambda p, n, target: qubits_for(p, 20, target),
        lambda p, n, target: round(-n * sum(q * np.log2(q) for q in (p, 1 - p) if q)),
        lambda p, n, target: ceil(n * target),
        lambda p, n, target: qubits_for(p, n, 1 - (1 - target) / 2) if target < 1 else 0,
        lambda p, n, target: min(
            range(n + 1), key=lambda k: abs(float(block_fidelity(p, n, k / n)) - target)
        ),
    ],
    ids=["one source", "one target", "one block", "entropy", "target", "half the loss", "nearest"],
)
def test_another_number_of_qubits_is_refused(wrong):
    refused(qubits_for, wrong)


def test_the_states_of_a_check_are_a_students_own():
    def spoils(states, k):
        kept = most_kept(states, k)
        states *= 0
        return kept

    passes(most_kept, spoils)


def test_a_step_of_the_library_is_not_a_step_of_ones_own():
    refused(one_step, lambda rho, sigma, angle: swap_step(rho, sigma, angle), "NumPy alone")


def test_a_coin_needs_all_of_its_qubits():
    def never_all(p, n, target):
        return next((k for k in range(n) if block_fidelity(p, n, k / n) >= target), n - 1)

    refused(qubits_for, never_all)
