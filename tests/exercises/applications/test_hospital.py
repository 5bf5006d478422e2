"""Answers to the exercises of *A federated hospital*: right ones in another style, and wrong ones that look right."""

from math import comb

import numpy as np
import pytest

from qlearn.applications.hospital import FederationCost, gaussian_epsilon, membership_inference
from qlearn.exercises.applications.hospital import (
    key_bits,
    least_noise,
    leave_one_out,
    membership_advantage,
    sum_without_one,
    which_defences,
)
from tests.exercises.tried import passes, refused


def test_key_bits():
    passes(key_bits, lambda n, d, rounds: comb(n, 2) * rounds * (192 * d + 704))
    assert key_bits(5, 31, 20) == FederationCost(5, 31, 20).key_bits
    refused(key_bits, lambda n, d, rounds: rounds * n**2 // 2 * (192 * (d + 1) + 512))
    refused(key_bits, lambda n, d, rounds: rounds * comb(n, 2) * (192 * (d + 1) + 256))


def by_python_integers(masked, pads, missing):
    out = []
    for k in range(len(next(iter(masked.values())))):
        word = sum(int(words[k]) for words in masked.values())
        word += sum((1 if u > missing else -1) * int(pad[k]) for u, pad in pads.items())
        out.append((word + 2**15) % 2**16 - 2**15)
    return out


def test_sum_without_one():
    passes(sum_without_one, by_python_integers)
    refused(sum_without_one, lambda masked, pads, missing: sum(masked.values()), "")

    def read_from(edge, masked, pads, missing):
        words = np.array(by_python_integers(masked, pads, missing)) % 2**16
        return np.where(words < edge, words, words - 2**16)

    passes(sum_without_one, lambda *given: read_from(2**15, *given))
    for edge in (2**14, 2**15 - 1, 2**15 + 1, 3 * 2**14):
        refused(sum_without_one, lambda *given, edge=edge: read_from(edge, *given))


def test_which_defences():
    def by_table(n, f, secure, own_patients):
        needs = {"median": (not secure) and n > 2 * f, "krum": (not secure) and n > 2 * f + 2}
        needs |= {"norm clipping": not secure, "sum clipping": True, "round check": own_patients}
        return {name for name, there in needs.items() if there}

    passes(which_defences, by_table)
    refused(which_defences, lambda n, f, secure, own_patients: ["sum clipping"])

    def squares(n, f, secure, own_patients):
        due = by_table(n, f, secure, own_patients)
        return due if f * f < n else due - {"median", "krum"}

    refused(which_defences, squares)


def test_leave_one_out():
    def by_equations(sums):
        n = len(sums)
        return np.linalg.solve(np.ones((n, n)) - np.eye(n), sums)

    passes(leave_one_out, by_equations)
    refused(leave_one_out, lambda sums: sums, "")


def test_membership_advantage():
    passes(
        membership_advantage,
        lambda a, b, t: sum(x <= t for x in a) / len(a) - sum(x <= t for x in b) / len(b),
    )
    a, b = np.array([0.1, 0.4]), np.array([0.3, 0.9])
    assert membership_advantage(a, b, 0.35) == membership_inference(a, b, 0.35).advantage
    refused(membership_advantage, lambda a, b, t: abs(np.mean(a <= t) - np.mean(b <= t)))


def test_least_noise():
    def by_bisection(epsilon, delta, rounds):
        low, high = 1e-2, 1e4
        for _ in range(100):
            middle = (low * high) ** 0.5
            low, high = (
                (low, middle) if gaussian_epsilon(middle, rounds, delta) <= epsilon else (middle, high)
            )
        return high

    passes(least_noise, by_bisection)
    assert gaussian_epsilon(least_noise(2.0, 1e-5, 30), 30, 1e-5) == pytest.approx(2.0)
    refused(least_noise, lambda epsilon, delta, rounds: 1.01 * by_bisection(epsilon, delta, rounds))
