"""Answers to the exercises of *Two models, one entangled link*: right ones in another style, and wrong ones that look right."""

import numpy as np
import pytest

from qlearn.exercises.networks.superdense_link import (
    actuator,
    bits_per_qubit,
    noise_floor,
    repair_choice,
    word_error,
)
from qlearn.networks import superdense_link as link
from qlearn.networks.secure_aggregation import FixedPoint
from tests.exercises.tried import passes, refused

# The error of a word


def by_loop(chances):
    total, weight = 0.0, 1
    for e in reversed(list(chances)):
        total += weight * e
        weight *= 4
    return total


def test_words_in_another_style():
    passes(word_error, by_loop)
    passes(word_error, lambda chances: np.polyval(chances, 4))
    passes(word_error, lambda chances: [sum(4**b * e for b, e in enumerate(chances[::-1]))])


def test_the_error_of_a_word_is_that_of_the_library():
    line = link.ClassicalChannel(0.03)
    found = link.mean_word_error(line, FixedPoint(fraction_bits=0, word_bits=9))
    assert word_error(np.full(9, 0.03)) == pytest.approx(found)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda chances: np.polyval(chances[::-1], 4), "wrong end"),
        (lambda chances: np.polyval(chances, 2), "4**b"),
        (lambda chances: round(np.polyval(chances, 4), 1), ""),
        (lambda chances: (4 ** len(chances) - 1) / 3 * chances[0], ""),
        (lambda chances: 4 ** (len(chances) - 1) * chances[0], ""),
        (lambda chances: 4.0 ** np.arange(len(chances))[::-1] * chances, ""),
    ],
)
def test_words_read_wrongly_are_refused(answer, words):
    refused(word_error, answer, words)


# Bits a qubit


def step_by_step(busy, free, eta, memories):
    came = free * eta
    kept = came if came < memories else memories
    used = kept if kept < busy else busy
    with_two, with_one = eta * used, eta * (busy - used)
    bits = 2 * with_two + with_one
    return [bits / busy, bits / (busy + used / eta)]


def test_bits_in_another_style():
    passes(bits_per_qubit, step_by_step)


def test_bits_are_those_of_the_library():
    account = link.line_account(busy_slots=300, free_slots=400, transmittance=0.6, memories=200)
    busy, in_all = bits_per_qubit(300, 400, 0.6, 200)
    assert busy == pytest.approx(0.6 * account.busy_gain)
    assert in_all == pytest.approx(0.6 * account.total_gain)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda busy, free, eta, memories: 2 * eta, "2 things"),
        (lambda busy, free, eta, memories: (2.0, 1.0), ""),
        (lambda busy, free, eta, memories: (2 * eta, eta), ""),
        (
            lambda b, f, eta, m: (
                eta * (b + min(f, m, b)) / b,
                eta * (b + min(f, m, b)) / (b + min(f, m, b) / eta),
            ),
            "",
        ),
        (lambda b, f, eta, m: (eta * (b + min(eta * f, m, b)), eta * b), ""),
    ],
)
def test_bits_counted_wrongly_are_refused(answer, words):
    refused(bits_per_qubit, answer, words if words != "2 things" else "")


# The floor


def iterated(e, w, step, rate, curvature):
    spread = step**2 * e * (1 - e) * sum(4**b for b in range(w))
    variance = 0.0
    for _ in range(20_000):
        variance = (1 - (1 - 2 * e) * rate * curvature) ** 2 * variance + rate**2 * spread
    return variance


def expanded(e, w, step, rate, curvature):
    short = (1 - 2 * e) * rate * curvature
    return rate**2 * step**2 * (e - e * e) * (4.0**w - 1) / (3 * short * (2 - short))


def after(rounds):
    """The variance after so many rounds, which is not the floor where steps are short."""

    def answer(e, w, step, rate, curvature):
        kept = 1 - (1 - 2 * e) * rate * curvature
        return expanded(e, w, step, rate, curvature) * (1 - kept ** (2 * rounds))

    return answer


def test_floors_in_another_style():
    passes(noise_floor, iterated)
    passes(noise_floor, expanded)


def test_the_floor_is_that_of_the_library_but_for_rounding():
    e, numbers = 0.04, FixedPoint(fraction_bits=9, word_bits=14)
    found = link.noise_floor(link.ClassicalChannel(e), numbers, rate=0.2, curvature=0.8)
    assert noise_floor(e, 14, 2.0**-9, 0.2, 0.8) == pytest.approx(found.variance, rel=1e-6)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda e, w, step, rate, curvature: expanded(e, w, step, rate, curvature) ** 0.5, "root"),
        (lambda e, w, step, rate, curvature: expanded(e, w, step, rate, 1.0), ""),
        (lambda e, w, step, rate, curvature: expanded(e, w - 1, step, rate, curvature), ""),
        (lambda e, w, step, rate, curvature: expanded(e, w, 1, rate, curvature) * step, "squared"),
        (lambda e, w, step, rate, curvature: rate * expanded(e, w, step, rate, curvature), ""),
        (after(100), ""),
        (after(200), "not very many"),
        (after(400), ""),
    ],
)
def test_floors_of_another_loop_are_refused(answer, words):
    refused(noise_floor, answer, words)


# The choice of copies


def outside_in(e, w, budget):
    """The same search by the bits that are sent at all."""
    best = None
    for sent in range(w + 1):
        for j in range(sent + 1):
            if 2 * j + sent > budget:
                continue
            error = 0.0
            for place in range(w):
                chance = e * e * (3 - 2 * e) if place < j else e if place < sent else 1 / 4
                error += chance * 4 ** (w - 1 - place)
            if best is None or error < best[2]:
                best = j, sent - j, error
    return list(best)


def test_choices_in_another_style():
    passes(repair_choice, outside_in)


def test_the_library_that_may_take_more_copies_is_no_worse():
    for e in (0.01, 0.1, 0.3):
        assert link.best_repetitions(8, e, 14).mse <= repair_choice(e, 8, 14)[2] + 1e-9


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda e, w, budget: outside_in(e, w, budget)[:2], ""),
        (lambda e, w, budget: outside_in(e, w, budget + 1), ""),
        (lambda e, w, budget: outside_in(min(e, 0.24), w, budget), ""),
        (lambda e, w, budget: (budget // 3, budget % 3, outside_in(e, w, budget)[2]), ""),
        (lambda e, w, budget: outside_in(0.05, w, budget), ""),
    ],
)
def test_other_choices_are_refused(answer, words):
    refused(repair_choice, answer, words)


# The actuator


def by_the_sum_of_errors(H, optimum, start, rate, most, errors):
    seen, own = np.array(start), np.array(start)
    for error in errors:
        seen -= rate * (np.minimum(np.maximum(H @ (seen - optimum), -most), most) + error)
        own -= rate * np.minimum(np.maximum(H @ (own - optimum), -most), most)
    return [seen.tolist(), own - rate * np.sum(errors, axis=0)]


def test_actuators_in_another_style():
    passes(actuator, by_the_sum_of_errors)


def test_the_actuator_is_that_of_the_library():
    # errors that a line really made: taken off a run with feedback, and put into the exercise
    H, optimum, start = np.diag([1.0, 0.5]), np.array([0.3, -0.2]), np.zeros(2)
    numbers, rate = FixedPoint(fraction_bits=20, word_bits=21), 0.3
    run = link.train_remote(
        lambda theta: (theta - optimum) @ H,
        start,
        link.SuperdenseChannel(0.9),
        numbers,
        rate=rate,
        rounds=12,
        rng=1,
    )
    read = -np.diff(run.actuator, axis=0) / rate
    errors = read - np.clip((run.actuator[:-1] - optimum) @ H, -1, 1)
    np.testing.assert_allclose(actuator(H, optimum, start, rate, 1.0, errors)[0], run.actuator[-1])
    assert np.abs(errors).max() > 0.01


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda *given: by_the_sum_of_errors(*given)[0], ""),
        (lambda *given: by_the_sum_of_errors(*given)[::-1], "exchanged"),
        (lambda H, o, s, r, m, e: by_the_sum_of_errors(H, o, s, r, np.inf, e), "nothing is cut"),
        (lambda H, o, s, r, m, e: by_the_sum_of_errors(H, o, s, r, m, -e), ""),
        (lambda H, o, s, r, m, e: by_the_sum_of_errors(H, o, s, r, m, e[:-1]), ""),
        (lambda H, o, s, r, m, e: (o, o), ""),
    ],
)
def test_other_loops_are_refused(answer, words):
    refused(actuator, answer, words)
