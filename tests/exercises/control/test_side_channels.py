"""Answers to the exercises of *Side channels*: right ones in another style, and wrong ones that look right."""

from fractions import Fraction
from math import erfc, log2, sqrt

import numpy as np
import pytest
from scipy.stats import binom, norm

from qlearn.communication.random_numbers import MarkovSource
from qlearn.control import side_channels
from qlearn.exercises.control.side_channels import (
    accuracy_needed,
    discard_rate,
    guess_from_time,
    memory_entropy,
    permutation_p,
)
from tests.exercises.tried import passes, refused


@pytest.mark.parametrize(
    "answer",
    [
        lambda t, d: (norm.pdf(t, d) > norm.pdf(t)).astype(int),
        lambda t, d: (np.abs(t - d) < np.abs(t)).astype(np.uint8),
        lambda t, d: [int((x - d / 2) * d > 0) for x in t],
        lambda t, d: side_channels.DetectionTimes(d).read(t),
    ],
)
def test_clocks_in_another_style(answer):
    passes(guess_from_time, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda t, d: np.zeros(len(t), int),
        lambda t, d: (t > np.mean(t)).astype(int),
        lambda t, d: (t > np.median(t)).astype(int),
        lambda t, d: (t > d / 2).astype(int)[:40],
        lambda t, d: norm.cdf(t - d / 2),
    ],
)
def test_other_clocks_are_refused(answer):
    refused(guess_from_time, answer)


def by_fractions(n, level):
    rarer, row = 0, 1  # from above: n right, then n - 1, ...
    for k in range(n, -1, -1):
        rarer += row
        if Fraction(rarer, 2**n) > Fraction(level):
            return Fraction(k + 1, n) if k < n else None
        row = row * k // (n - k + 1)
    return 0


@pytest.mark.parametrize(
    "answer",
    [
        by_fractions,
        lambda n, level: None if (k := side_channels.least_right(n, level=level)) > n else k / n,
    ],
)
def test_borders_in_another_style(answer):
    passes(accuracy_needed, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda n, level: 0.5 + norm.isf(level) / 2 / sqrt(n),
        lambda n, level: float(binom.isf(level, n, 0.5)) / n,
        lambda n, level: 1 - level,
        lambda n, level: 0.6,
    ],
)
def test_other_borders_are_refused(answer):
    refused(accuracy_needed, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda e: side_channels.memory_entropy(e),
        lambda e: [MarkovSource(0.5 - e, 0.5 + e).shannon_rate, -log2(0.5 + abs(e))],
    ],
)
def test_memories_in_another_style(answer):
    passes(memory_entropy, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda e: (1 - 2 * e**2 / np.log(2), 1 - 2 * abs(e) / np.log(2)),
        lambda e: (round(side_channels.memory_entropy(e)[0], 3), round(-log2(0.5 + abs(e)), 3)),
        lambda e: (1 - abs(e), -log2(0.5 + abs(e))),
    ],
)
def test_other_memories_are_refused(answer):
    refused(memory_entropy, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda accuracy, exchanged: (sum(x >= accuracy for x in exchanged) + 1) / (len(exchanged) + 1),
        lambda accuracy, exchanged: np.mean(np.append(exchanged, accuracy) >= accuracy),
        lambda accuracy, exchanged: side_channels.PermutationTest(accuracy, exchanged).p_value,
    ],
)
def test_permutations_in_another_style(answer):
    passes(permutation_p, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda accuracy, exchanged: 0.5 * erfc((accuracy - np.mean(exchanged)) / np.std(exchanged) / sqrt(2)),
        lambda accuracy, exchanged: 0.05,
        lambda accuracy, exchanged: max(1 / len(exchanged), np.mean(exchanged >= accuracy)),
    ],
)
def test_other_permutations_are_refused(answer):
    refused(permutation_p, answer)


def by_the_library(eta, e):
    from qlearn.communication.fibre import discarding_rate

    each = (1 + eta) / 2 * discarding_rate(e, ratio=eta)
    return float(each.clip(0)), float(side_channels.mismatch_key_rate(eta, e).clip(0))


def test_rates_in_another_style():
    passes(discard_rate, by_the_library)


@pytest.mark.parametrize(
    "answer",
    [
        lambda eta, e: by_the_library(eta, e)[::-1],
        lambda eta, e: (by_the_library(eta, e)[0], by_the_library(eta, 0.0)[1]),
        lambda eta, e: (max(by_the_library(eta, e)),) * 2,
        lambda eta, e: by_the_library(1.0, e),
    ],
)
def test_other_rates_are_refused(answer):
    refused(discard_rate, answer)
