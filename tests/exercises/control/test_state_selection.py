"""Answers to the exercises of *State selection*: right ones in another style, and wrong ones that look right."""

import numpy as np
import pytest

from qlearn.control import state_selection as library
from qlearn.exercises.control.state_selection import (
    fourth_state,
    frame_free,
    leaking_choice,
    sifted_share,
    wasted_decoys,
)
from tests.exercises.tried import passes, refused


@pytest.mark.parametrize(
    "answer", [library.sifted_share, np.dot, lambda a, b: sum(x * y for x, y in zip(a, b, strict=True))]
)
def test_sifted_shares(answer):
    passes(sifted_share, answer)


def test_a_sum_of_choices_is_refused():
    refused(sifted_share, lambda a, b: float(np.mean(a * b)))


def by_zero_and_one(sent, clicks):
    y = clicks / sent[:, None]
    return (y[2, 1] + y[0, 0] + y[1, 0] - y[2, 0]) / (y[0] + y[1]).sum()


@pytest.mark.parametrize(
    "answer", [by_zero_and_one, lambda sent, clicks: library.phase_error_of_three(clicks / sent[:, None])]
)
def test_fourth_states(answer):
    passes(fourth_state, answer)


def test_the_fourth_state_without_the_loss():
    def all_sent(sent, clicks):
        y = clicks / sent.sum()
        return (y[2, 1] + y[0, 0] + y[1, 0] - y[2, 0]) / (y[0] + y[1]).sum()

    refused(fourth_state, all_sent, "divide clicks by the pulses sent")


def by_library(counts):
    equal = (counts[..., 0, 0] + counts[..., 1, 1]) / counts.sum(axis=(-2, -1))
    return library.frame_correlation(2 * equal - 1)


def by_loops(counts):
    return sum(
        (sum((-1) ** (a + b) * counts[i, j, a, b] for a in (0, 1) for b in (0, 1)) / counts[i, j].sum()) ** 2
        for i in (0, 1)
        for j in (0, 1)
    )


@pytest.mark.parametrize("answer", [by_library, by_loops])
def test_frame_free(answer):
    passes(frame_free, answer)


def test_one_row_of_the_table_is_refused():
    refused(frame_free, lambda counts: 2 * by_loops(np.stack([counts[0], counts[0]])) / 2)


def by_expm1(mu, shares, p_x, eta):
    clicks = -np.dot(shares, np.expm1(-eta * mu))
    return (1 - clicks, 2 * clicks * p_x * (1 - p_x), clicks * p_x**2, clicks * (1 - p_x) ** 2)


def test_wasted_decoys():
    passes(wasted_decoys, by_expm1)
    refused(wasted_decoys, lambda mu, shares, p_x, eta: by_expm1(mu, np.ones(len(mu)) / len(mu), p_x, eta))


def test_leaking_choices():
    passes(
        leaking_choice,
        lambda q, g: (library.damped_error(q, g), max(0.0, float(library.damped_rate(q, g)))),
    )
    refused(leaking_choice, lambda q, g: (q * g, max(0.0, float(library.damped_rate(0.5, g)))))
