"""Answers to the exercises of *Classical links*: right ones in another style, and wrong ones that look right."""

import numpy as np
import pytest
from scipy.stats import binom

from qlearn.control import classical_links as links
from qlearn.exercises.control.classical_links import (
    hamming_block,
    map_decoder,
    pca_error,
    syndrome,
    wiener_gain,
)
from tests.exercises.tried import passes, refused


def test_block_errors_in_another_style():
    passes(hamming_block, lambda n, p: 1 - binom.cdf(1, n, p))
    passes(hamming_block, lambda n, p: sum(binom.pmf(k, n, p) for k in range(2, n + 1)))
    assert hamming_block(7, 0.05) == pytest.approx(links.hamming_block_error(0.05))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda n, p: 1 - (1 - p) ** n, "one error is mended"),
        (lambda n, p: binom.pmf(2, n, p), "exactly two"),
        (lambda n, p: round(1 - binom.cdf(1, n, p), 3), ""),
        (lambda n, p: links.hamming_block_error(p), ""),
        (lambda n, p: 0.05, ""),
    ],
)
def test_block_errors_that_are_refused(answer, words):
    refused(hamming_block, answer, words)


CHECKS = np.array([[1, 0, 1, 0, 1, 0, 1], [0, 1, 1, 0, 0, 1, 1], [0, 0, 0, 1, 1, 1, 1]])


def by_search(received):
    """The position whose change makes a code word of it."""
    for position in range(8):
        word = received.copy()
        if position:
            word[position - 1] ^= 1
        if not (CHECKS @ word % 2).any():
            return position


def test_positions_in_another_style():
    passes(syndrome, by_search)
    passes(syndrome, lambda received: int([1, 2, 4] @ (CHECKS @ received % 2)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda received: int([4, 2, 1] @ (CHECKS @ received % 2)), "wrong end"),
        (lambda received: by_search(received) - 1, "from 0"),
        (lambda received: 0, "nothing is wrong"),
        (lambda received: int([1, 2, 4] @ (CHECKS @ received)), ""),
    ],
)
def test_positions_that_are_refused(answer, words):
    refused(syndrome, answer, words)


def in_logarithms(received, codewords, up, down, prior):
    found = []
    with np.errstate(divide="ignore"):
        table = np.log([[1 - up, up], [down, 1 - down]])
        for read in received:
            scores = [
                np.log(p) + sum(table[c, y] for c, y in zip(word, read, strict=True))
                for p, word in zip(prior, codewords, strict=True)
            ]
            found.append(int(np.argmax(scores)))
    return found


def test_decoders_in_another_style():
    passes(map_decoder, in_logarithms)


def test_the_decoder_is_that_of_the_library():
    words = links.hamming_words()
    table = links.word_likelihoods(words, 0.02, 0.2)
    even = np.full(16, 1 / 16)
    own = map_decoder(links.all_words(7), words, 0.02, 0.2, even)
    # ties may be broken differently, which changes no error
    assert links.block_error(own, table) == pytest.approx(links.block_error(links.most_likely(table), table))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda r, c, u, d, p: in_logarithms(r, c, u, d, np.ones(len(p))), "leave `prior` out"),
        (lambda r, c, u, d, p: in_logarithms(r, c, d, u, p), ""),
        (lambda r, c, u, d, p: [((c != y).sum(axis=1)).argmin() for y in r], "nearest"),
        (lambda r, c, u, d, p: in_logarithms(r, c, u, u, p), ""),
        (lambda r, c, u, d, p: [0] * len(r), ""),
    ],
)
def test_decoders_that_are_refused(answer, words):
    refused(map_decoder, answer, words)


def test_losses_in_another_style():
    passes(
        pca_error,
        lambda covariance, k: (
            (np.trace(covariance) - sum(sorted(np.linalg.svd(covariance)[1])[len(covariance) - k :]))
            / len(covariance)
        ),
    )
    passes(pca_error, links.pca_error)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            lambda covariance, k: (
                np.sort(np.linalg.eigvalsh(covariance))[k:].mean() if k < len(covariance) else 0.0
            ),
            "",
        ),
        (lambda covariance, k: np.linalg.eigvalsh(covariance)[k:].sum() / len(covariance), "smallest"),
        (lambda covariance, k: 1 - k / len(covariance), ""),
        (lambda covariance, k: len(covariance) * links.pca_error(covariance, k), "whole block"),
    ],
)
def test_losses_that_are_refused(answer, words):
    refused(pca_error, answer, words)


def by_least_squares(signal, noise, response):
    """Two equations a frequency: the signal whitened, and the noise."""
    gains, errors = [], []
    for s, n, h in zip(signal, noise, response, strict=True):
        columns = np.array([h * np.sqrt(s), np.sqrt(n)])
        wanted = np.array([np.sqrt(s), 0])
        gain = np.vdot(columns, wanted) / np.vdot(columns, columns).real
        gains.append(gain)
        errors.append(np.sum(np.abs(columns * gain - wanted) ** 2))
    return gains, np.mean(errors)


def test_gains_in_another_style():
    passes(wiener_gain, by_least_squares)


def test_the_gain_is_that_of_the_library():
    # an AR(1) signal on 4096 frequencies: the mean over them is the integral
    w = 2 * np.pi * np.arange(4096) / 4096
    signal = 0.19 / np.abs(1 - 0.9 * np.exp(-1j * w)) ** 2
    assert wiener_gain(signal, np.ones(4096), np.ones(4096))[1] == pytest.approx(links.wiener_error(0.9, 1.0))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda s, n, h: (s / (s + n), np.mean(s * n / (s + n))), "leave out the line"),
        (lambda s, n, h: (h * s / (abs(h) ** 2 * s + n), np.mean(s * n / (abs(h) ** 2 * s + n))), "*back*"),
        (
            lambda s, n, h: (h.conj() * s / (abs(h) ** 2 * s + n), np.sum(s * n / (abs(h) ** 2 * s + n))),
            "not the sum",
        ),
        (lambda s, n, h: h.conj() * s / (abs(h) ** 2 * s + n), ""),
    ],
)
def test_gains_that_are_refused(answer, words):
    refused(wiener_gain, answer, words)
