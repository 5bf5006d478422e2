"""Answers to the exercises of *Distillation*: right ones in another style, and wrong ones that look right."""

import numpy as np
import pytest
from scipy.special import log_softmax, logsumexp, softmax

from qlearn.exercises.networks.distillation import (
    distil_gradient,
    many_students_bits,
    merge_outputs,
    soft_label,
    transfer_gain,
)
from tests.exercises.tried import passes, refused

# A soft label


def less(taken):
    """The softmax with this number of the scaled logits taken off first."""

    def answer(logits, temperature):
        z = logits / temperature
        with np.errstate(over="ignore", invalid="ignore"):
            powers = np.exp(z - taken(z))
            return powers / powers.sum()

    return answer


@pytest.mark.parametrize(
    ("temperature", "label"),
    [(1.0, (0.66524096, 0.24472847, 0.09003057)), (4.0, (0.41922895, 0.32649584, 0.25427521))],
)
def test_the_label_of_the_reference(temperature, label):
    np.testing.assert_allclose(soft_label(np.array([2.0, 1.0, 0.0]), temperature), label, atol=5e-9)


@pytest.mark.parametrize(
    "answer",
    [
        lambda logits, temperature: softmax(logits / temperature),
        lambda logits, temperature: [float(np.exp(z / temperature - logsumexp(logits / temperature))) for z in logits],
        lambda logits, temperature: [1 / sum(np.exp(np.minimum((v - z) / temperature, 700)) for v in logits) for z in logits],
        lambda logits, temperature: np.exp(log_softmax(logits / temperature)),
    ],
)  # fmt: skip
def test_labels_in_another_style(answer):
    passes(soft_label, answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda logits, temperature: softmax(logits / temperature)[:3], ""),
        (lambda logits, temperature: softmax(logits), "at temperature 1"),
        (lambda logits, temperature: softmax(logits / 4), ""),
        (lambda logits, temperature: softmax(logits / temperature**2), ""),
        (lambda logits, temperature: softmax(logits / np.sqrt(temperature)), ""),
        (lambda logits, temperature: softmax(logits - temperature), ""),
        (lambda logits, temperature: softmax(softmax(logits) / temperature), ""),
        (lambda logits, temperature: softmax(logits / temperature).max(), ""),
        (lambda logits, temperature: np.round(softmax(logits / temperature), 4), "rounded"),
        (lambda logits, temperature: np.sort(softmax(logits / temperature)), ""),
        (lambda logits, temperature: softmax((logits / temperature).astype(np.float16).astype(float)), ""),
        (lambda logits, temperature: np.exp2(logits / temperature - 9999) / np.exp2(logits / temperature - 9999).sum(), ""),
        (lambda logits, temperature: softmax(np.clip(logits / temperature, -700, 700)), ""),
        (lambda logits, temperature: np.array([0.66524096, 0.24472847, 0.09003057]), ""),
        (less(np.mean), "largest"),
        (less(np.median), ""),
        (less(np.min), ""),
        (less(lambda z: z[0]), ""),
        (less(lambda z: z[-1]), ""),
    ],
)  # fmt: skip
def test_other_labels_are_refused(answer, words):
    refused(soft_label, answer, words)


# The gradient


def test_the_gradient_of_the_reference():
    z, v = np.array([[0.5, 0.0, -0.2]]), np.array([[2.0, 1.0, 0.0]])
    np.testing.assert_allclose(distil_gradient(z, v, 1.0), [(-0.189756, 0.043668, 0.146088)], atol=5e-7)
    np.testing.assert_allclose(distil_gradient(z, v, 20.0), [(-0.202033, -0.028418, 0.230452)], atol=5e-7)
    np.testing.assert_allclose(distil_gradient(z, v, 1e5), [(-0.2, -0.033333, 0.233333)], atol=1e-5)


def test_the_gradient_is_that_of_a_numerical_derivative():
    rng = np.random.default_rng(3)
    z, v = rng.normal(size=(2, 3, 4))

    def loss(z, temperature):
        p = softmax(v / temperature, axis=1)
        return -(temperature**2) * (p * log_softmax(z / temperature, axis=1)).sum(axis=1).mean()

    for temperature in (0.7, 3.0):
        numerical = np.zeros_like(z)
        for at in np.ndindex(*z.shape):
            step = np.zeros_like(z)
            step[at] = 1e-5
            numerical[at] = (loss(z + step, temperature) - loss(z - step, temperature)) / 2e-5
        np.testing.assert_allclose(distil_gradient(z, v, temperature), numerical, atol=1e-8)


def by_jacobian(student, teacher, temperature):
    """Row by row, by the chain rule."""
    rows = []
    for z, v in zip(student, teacher, strict=True):
        p, q = softmax(v / temperature), softmax(z / temperature)
        jacobian = (np.diag(q) - np.outer(q, q)) / temperature  # of q by z
        rows.append(-(temperature**2) * jacobian @ (p / q) / len(student))
    return np.array(rows)


def by_exponentials(student, teacher, temperature):
    p, q = np.exp(teacher / temperature), np.exp(student / temperature)
    return (q / q.sum(1)[:, None] - p / p.sum(1)[:, None]) / (len(p) / temperature)


@pytest.mark.parametrize(
    "answer",
    [by_jacobian, by_exponentials, lambda z, v, temperature: by_jacobian(z, v, temperature).tolist()],
)
def test_gradients_in_another_style(answer):
    passes(distil_gradient, answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda z, v, temperature: -by_jacobian(z, v, temperature), "points up"),
        (lambda z, v, temperature: by_jacobian(v, z, temperature), ""),
        (lambda z, v, temperature: by_jacobian(z, v, temperature) / temperature, ""),
        (lambda z, v, temperature: by_jacobian(z, v, temperature) * temperature, "inner derivative"),
        (lambda z, v, temperature: by_jacobian(z, v, temperature).T, ""),
        (lambda z, v, temperature: by_jacobian(z, v, temperature)[0], ""),
        (lambda z, v, temperature: by_jacobian(z, v, temperature).mean(axis=0), ""),
        (lambda z, v, temperature: by_jacobian(z, v, temperature) * len(z) / 4, ""),
        (lambda z, v, temperature: by_jacobian(z, v, 1.0), ""),
        (lambda z, v, temperature: by_jacobian(z, v, 20.0), ""),
        (lambda z, v, temperature: by_jacobian(z[:, :3], v[:, :3], temperature), ""),
        (lambda z, v, temperature: np.round(by_jacobian(z, v, temperature), 4), "rounded"),
        (lambda z, v, temperature: 0 * z, ""),
    ],
)
def test_other_gradients_are_refused(answer, words):
    refused(distil_gradient, answer, words)


# Outputs, merged


def by_logits(probabilities, weights):
    """The logits themselves, with a constant more on each sample."""
    with np.errstate(divide="ignore"):
        logits = np.log(probabilities) + 3.0
    linear = np.average(probabilities, axis=0, weights=weights)
    return linear, softmax(np.average(logits, axis=0, weights=weights), axis=-1)


def by_loops(probabilities, weights):
    models, samples, classes = probabilities.shape
    total = sum(weights)
    linear = [
        [sum(weights[m] * probabilities[m, i, k] for m in range(models)) / total for k in range(classes)]
        for i in range(samples)
    ]
    product = np.ones((samples, classes))
    for m in range(models):
        product *= probabilities[m] ** (weights[m] / total)
    return linear, [row / sum(row) for row in product]


@pytest.mark.parametrize("answer", [by_logits, by_loops, lambda p, w: list(by_logits(p, w))])
def test_merging_in_another_style(answer):
    passes(merge_outputs, answer)


def test_two_means_disagree_on_a_class():
    p = np.array([[[0.98, 0.01, 0.01]], [[0.0, 0.55, 0.45]], [[0.9, 0.06, 0.04]]])
    linear, logarithmic = merge_outputs(p, np.ones(3))
    assert linear.argmax() == 0
    assert logarithmic.argmax() == 1
    assert logarithmic[0, 0] == 0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda p, w: by_loops(p, w)[0], ""),
        (lambda p, w: by_loops(p, w)[::-1], "reverse order"),
        (lambda p, w: by_loops(p, 0 * w + 1), "has a weight"),
        (lambda p, w: by_loops(p, w**2), ""),
        (lambda p, w: by_loops(p, 1 / w), ""),
        (lambda p, w: by_loops(p, np.sqrt(w)), ""),
        (lambda p, w: by_loops(p[:3], w[:3]), ""),
        (lambda p, w: (by_loops(p, w)[0], by_loops(np.maximum(p, 1e-12), w)[1]), ""),
        (lambda p, w: (by_loops(p, w)[0], by_loops(np.sqrt(p), w)[1]), ""),
        (lambda p, w: (by_loops(p, w)[0], softmax(by_logits(p, w)[1], axis=1)), ""),
        (lambda p, w: (by_loops(p, w)[0], 1 / np.average(1 / np.maximum(p, 1e-300), axis=0, weights=w)), ""),
        (lambda p, w: tuple(np.transpose(one) for one in by_loops(p, w)), ""),
        (lambda p, w: tuple(np.round(one, 4) for one in by_loops(p, w)), "rounded"),
        (lambda p, w: tuple(np.argmax(one, axis=1) for one in by_loops(p, w)), ""),
    ],
)
def test_other_merging_is_refused(answer, words):
    refused(merge_outputs, answer, words)


# Bits of outputs


def by_counting(n, d, rows, classes, features, w):
    """Round after round, until one is less than the other."""
    up_parameters, up_outputs = sum([d] * n), n * rows * len(range(1, classes))
    first, second, rounds = 0, n * rows * features, 0
    while up_outputs < up_parameters and second >= first:
        first, second, rounds = first + 2 * up_parameters, second + 2 * up_outputs, rounds + 1
    return 2 * up_parameters * w, 2.0 * up_outputs * w, rounds or None


def by_ceiling(n, d, rows, classes, features, w):
    saved = d - rows * (classes - 1)
    if saved < 1:
        return [n * d * w * 2, n * (d - saved) * w * 2, None]
    return [n * d * w * 2, n * (d - saved) * w * 2, -(-(rows * features + 1) // (2 * saved))]


@pytest.mark.parametrize("answer", [by_counting, by_ceiling])
def test_bits_in_another_style(answer):
    passes(many_students_bits, answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda n, d, r, c, f, w: by_ceiling(n, d, r, c + 1, f, w), "last class"),
        (lambda n, d, r, c, f, w: by_ceiling(n, d, r, 2, f, w), ""),
        (lambda n, d, r, c, f, w: by_ceiling(n + 1, d, r, c, f, w), ""),
        (lambda n, d, r, c, f, w: by_ceiling(n, d, r, c, f + 1, w), ""),
        (lambda n, d, r, c, f, w: by_ceiling(n, d, r, c, f * n, w), ""),
        (lambda n, d, r, c, f, w: by_ceiling(n, d, r, c, f * w, w), ""),
        (lambda n, d, r, c, f, w: by_ceiling(n, d, r, c, f, 64), ""),
        (lambda n, d, r, c, f, w: by_ceiling(n, d, r, c, f, w / 8), ""),
        (lambda n, d, r, c, f, w: by_ceiling(n, d, r, c, f, w)[:2], ""),
        (lambda n, d, r, c, f, w: [*by_ceiling(n, d, r, c, f, w)[:2], None], ""),
        (lambda n, d, r, c, f, w: [*by_ceiling(n, d, r, c, f, w)[:2], 1], ""),
        (lambda n, d, r, c, f, w: [*by_ceiling(n, d, r, c, f, w)[:2], by_ceiling(n, d, r, c, f, w)[2] or float("inf")], ""),
        (lambda n, d, r, c, f, w: [*by_ceiling(n, d, r, c, f, w)[:2], -(-r * f // (2 * max(d - r * (c - 1), 1)))], ""),
    ],
)  # fmt: skip
def test_other_bits_are_refused(answer, words):
    refused(many_students_bits, answer, words)


# What transfer is worth


def by_augmented_rows(source, train, settle, judge, strengths, *, rule=None):
    """Ridge regression as plain least squares with d more rows."""
    errors = {}
    for start in (np.zeros_like(source), source):
        best = None
        for s in strengths:
            X = np.vstack([train[0], np.sqrt(s) * np.eye(len(source))])
            y = np.concatenate([train[1], np.sqrt(s) * start])
            w = np.linalg.lstsq(X, y, rcond=None)[0]
            seen, judged = (sum((rows[1] - rows[0].dot(w)) ** 2) / len(rows[1]) for rows in (settle, judge))
            if best is None or (rule or (lambda new, old: new < old))(seen, best[0]):
                best = seen, judged
        errors[start is source] = best[1]
    return errors[False] - errors[True]


def by_kernel(source, train, settle, judge, strengths):
    """As many unknowns as labels."""
    X, y = train
    gains = []
    for start in (0, 1):
        rest = y - start * X @ source
        fits = [start * source + X.T @ np.linalg.solve(X @ X.T + s * np.eye(len(y)), rest) for s in strengths]
        order = np.argsort([np.linalg.norm(settle[0] @ w - settle[1]) for w in fits])
        gains.append(np.square(judge[0] @ fits[order[0]] - judge[1]).mean())
    return [gains[0] - gains[1]]


@pytest.mark.parametrize("answer", [by_augmented_rows, by_kernel])
def test_gains_in_another_style(answer):
    passes(transfer_gain, answer)


def test_transfer_helps_in_some_cases_and_harms_in_others():
    for seed in range(5):
        gains = np.array([transfer_gain(*case) for case in transfer_gain.draw_cases(seed)])
        assert gains.max() > 0.05
        assert gains.min() < -0.05


def centred(rows):
    return rows[0] - rows[0].mean(axis=0), rows[1] - rows[1].mean()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda source, *rest: by_augmented_rows(-source, *rest), ""),
        (lambda source, *rest: by_augmented_rows(source / 2, *rest), ""),
        (lambda source, *rest: abs(by_augmented_rows(source, *rest)), ""),
        (lambda source, *rest: max(by_augmented_rows(source, *rest), 0), ""),
        (lambda source, *rest: by_augmented_rows(source, *rest) > 0, ""),
        (lambda source, *rest: round(by_augmented_rows(source, *rest), 4), "rounded"),
        (lambda source, *rest: by_augmented_rows(source, *rest, rule=lambda new, old: new > old), ""),
        (lambda source, *rest: by_augmented_rows(source, *rest, rule=lambda new, old: True), ""),
        (lambda source, train, settle, judge, strengths: by_augmented_rows(source, train, settle, judge, strengths[:2]), ""),
        (lambda source, train, settle, judge, strengths: by_augmented_rows(source, train, judge, settle, strengths), ""),
        (lambda source, train, settle, judge, strengths: by_augmented_rows(source, settle, train, judge, strengths), ""),
        (lambda source, train, settle, judge, strengths: by_augmented_rows(source, train, settle, judge, np.sqrt(strengths)), ""),
        (lambda source, train, *rest: by_augmented_rows(source, centred(train), *rest), ""),
    ],
)  # fmt: skip
def test_other_gains_are_refused(answer, words):
    refused(transfer_gain, answer, words)
