"""Answers to the exercises of *Attacks*: right ones in another style, and wrong ones that look right."""

import hashlib
import hmac

import numpy as np
import pytest

from qlearn.exercises.networks.attacks import (
    fresh_tags,
    inside_spread,
    krum,
    read_sample,
    steer_mean,
    trimmed_mean,
)
from tests.exercises.tried import passes, refused

# A sample, read


def test_the_sample_of_the_reference():
    x, y = read_sample(np.array([-0.236638030528, 0.315517374038, -0.118319015264]), -0.157758687019)
    np.testing.assert_allclose(x, (1.5, -2, 0.75), rtol=1e-10)
    assert y == 1


def test_a_sample_read_is_the_sample_of_a_numerical_gradient():
    rng = np.random.default_rng(5)
    for label in (0, 1):
        x, w, b = rng.normal(size=3), rng.normal(size=3), 0.3

        def loss(weights, offset, x=x, label=label):
            return np.logaddexp(0, (1 - 2 * label) * (weights @ x + offset))

        step = 1e-6
        for_weights = [(loss(w + step * e, b) - loss(w - step * e, b)) / (2 * step) for e in np.eye(3)]
        for_offset = (loss(w, b + step) - loss(w, b - step)) / (2 * step)
        seen, y = read_sample(np.array(for_weights), for_offset)
        np.testing.assert_allclose(seen, x, atol=1e-7)
        assert y == label


def test_samples_in_another_style():
    passes(read_sample, lambda g, h: ([float(one / h) for one in g], bool(h < 0)))
    passes(read_sample, lambda g, h: [np.divide(g, h), (1 - np.sign(h)) / 2])
    passes(read_sample, lambda g, h: (g * (1 / h), 0 if h > 0 else 1))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda g, h: g / h, "2 things"),
        (lambda g, h: (int(h < 0), g / h), ""),
        (lambda g, h: (g / h, round(abs(h))), ""),
        (lambda g, h: (g / h, np.sign(-h)), ""),
        (lambda g, h: (g / h, h < -0.5), ""),
        (lambda g, h: (g / h, int(g.sum() > 0)), ""),
        (lambda g, h: (np.abs(g / h), int(h < 0)), ""),
        (lambda g, h: (np.round(g / h, 4), int(h < 0)), "rounded"),
        (lambda g, h: (g / (h + 1e-3), int(h < 0)), ""),
    ],
)
def test_samples_read_wrongly_are_refused(answer, words):
    refused(read_sample, answer, words)


# The mean, steered


def from_the_honest_mean(others, n, target):
    samples = np.array([m for _, m in others])
    honest = np.average([model for model, _ in others], axis=0, weights=samples)
    return honest + (samples.sum() + n) / n * (target - honest)


def beyond_the_target(others, n, target):
    return (np.asarray(target) + sum((target - model) * (m / n) for model, m in others)).tolist()


@pytest.mark.parametrize("answer", [from_the_honest_mean, beyond_the_target])
def test_steering_in_another_style(answer):
    passes(steer_mean, answer)


def test_the_mean_is_where_it_was_wanted():
    for seed in range(3):
        for others, n, target in steer_mean.draw_cases(seed):
            models = [*others, (steer_mean(others, n, target), n)]
            mean = np.average([w for w, _ in models], axis=0, weights=[m for _, m in models])
            np.testing.assert_allclose(mean, target, atol=1e-9)


@pytest.mark.parametrize(
    "answer",
    [
        lambda others, n, target: from_the_honest_mean([(w, 1) for w, _ in others], 1, target),
        lambda others, n, target: from_the_honest_mean([(w, 1) for w, _ in others], n, target),
        lambda others, n, target: from_the_honest_mean(others, 1, target),
        lambda others, n, target: from_the_honest_mean(others, sum(m for _, m in others), target),
        lambda others, n, target: from_the_honest_mean(others, n, target) - target,
        lambda others, n, target: (len(others) + 1) * np.asarray(target),
        lambda others, n, target: from_the_honest_mean(others[:3], n, target),
        lambda others, n, target: from_the_honest_mean(others, n, target) * n,
        lambda others, n, target: (from_the_honest_mean(others, n, target), n),
        lambda others, n, target: 1e6 * np.asarray(target),
    ],
)
def test_updates_that_steer_elsewhere_are_refused(answer):
    refused(steer_mean, answer)


# The trimmed mean


def by_loops(models, k):
    kept = []
    for column in np.transpose(models):
        ranked = sorted(column)
        for _ in range(k):
            ranked.pop()
            ranked.pop(0)
        kept.append(sum(ranked) / len(ranked))
    return kept


def by_partition(models, k):
    n = len(models)
    return np.partition(models, (k, n - 1 - k), axis=0)[k : n - k].mean(axis=0)


def by_what_is_taken_off(models, k):
    ranked = np.sort(models, axis=0)
    ends = np.concatenate([ranked[:k], ranked[len(models) - k :]])
    return (
        np.sum(models - np.median(models, axis=0), axis=0) - (ends - np.median(models, axis=0)).sum(axis=0)
    ) / (len(models) - 2 * k) + np.median(models, axis=0)


@pytest.mark.parametrize("answer", [by_loops, by_partition, by_what_is_taken_off])
def test_trimmed_means_in_another_style(answer):
    passes(trimmed_mean, answer)


SET_A = np.array(
    [[1, 2, 0], [1.1, 1.9, 0.1], [0.9, 2.1, -0.1], [1.05, 2.05, 0.05], [0.95, 1.95, -0.05], [1.2, 2.2, 0.2], [100, -100, 50]]
)  # fmt: skip


def test_the_reference_is_trimmed_and_krum_chooses_its_first():
    np.testing.assert_allclose(trimmed_mean(SET_A, 1), (1.06, 2.0, 0.06))
    assert krum(SET_A, 1) == 0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda models, k: by_partition(models, k + 1) if 2 * k + 2 < len(models) else models.mean(0), ""),
        (lambda models, k: by_partition(models, max(k - 1, 0)), ""),
        (lambda models, k: by_partition(models, 1) if len(models) > 2 else models.mean(0), ""),
        (lambda models, k: by_partition(models, len(models) // 5), ""),
        (lambda models, k: by_partition(models.T, min(k, 0)), ""),
        (lambda models, k: np.sort(models, axis=0)[k], ""),
        (lambda models, k: by_partition(models, k).mean(), ""),
        (lambda models, k: np.median(np.sort(models, axis=0)[k : len(models) - k], axis=0), ""),
        (lambda models, k: np.sort(models, axis=0)[k : len(models) - k], ""),
        (lambda models, k: models[np.argsort(models[:, 0])][k : len(models) - k].mean(axis=0), ""),
    ],
)
def test_other_trimmings_are_refused(answer, words):
    refused(trimmed_mean, answer, words)


# Krum


def neighbours(models, f, *, count=0, power=2, extra=None):
    """Krum by plain loops."""
    n = len(models)
    if not 2 * f + 2 < n:
        raise ValueError("too many liars")
    scores = []
    for i in range(n):
        gaps = sorted(
            sum((float(a) - float(b)) ** 2 for a, b in zip(models[i], models[j], strict=True)) ** (power / 2)
            for j in range(n)
            if j != i
        )
        scores.append(sum(gaps[: n - f - 2 + count]))
    return scores.index(min(scores)) if extra is None else extra(scores)


def by_scipy(models, f):
    from scipy.spatial.distance import cdist

    n = len(models)
    if n - 2 * f - 2 <= 0:
        raise ValueError(f)
    gaps = cdist(models, models, "sqeuclidean")
    np.fill_diagonal(gaps, np.inf)
    return np.argmin(np.partition(gaps, n - f - 3, axis=1)[:, : n - f - 2].sum(axis=1))


@pytest.mark.parametrize("answer", [neighbours, by_scipy])
def test_krum_in_another_style(answer):
    passes(krum, answer)


def refusing(when, kind=ValueError):
    """A right choice that refuses at other times."""

    def answer(models, f):
        if when(len(models), f):
            raise kind(f)
        gaps = np.sort(((models[:, None] - models) ** 2).sum(axis=2), axis=1)
        return np.argmin(gaps[:, : max(len(models) - f - 1, 1)].sum(axis=1))

    return answer


def test_a_choice_that_refuses_in_time_passes():
    passes(krum, refusing(lambda n, f: 2 * f + 2 >= n))


def test_krum_of_the_reference():
    def line(n_honest, liars):
        return (
            np.array([*map(float, range(n_honest)), *liars])[:, None]
            + 1e-9 * np.arange(n_honest + len(liars))[:, None]
        )

    assert krum(line(4, [10.0] * 3), 2) == 1
    with pytest.raises(ValueError, match="Krum needs"):
        krum(line(4, [10.0] * 3), 3)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda models, f: neighbours(models, f, count=1), "one neighbour too many"),
        (lambda models, f: neighbours(models, f, count=-1), "its own neighbours"),
        (lambda models, f: neighbours(models, f, count=2), ""),
        (lambda models, f: neighbours(models, f, power=1), "squared"),
        (lambda models, f: neighbours(models, f, power=4), ""),
        (lambda models, f: neighbours(models, f, extra=lambda scores: scores.index(max(scores))), "largest"),
        (lambda models, f: neighbours(models, f, extra=lambda scores: scores.index(min(scores)) + 1), ""),
        (lambda models, f: neighbours(models, f, extra=lambda scores: np.argsort(scores)), ""),
        (lambda models, f: neighbours(models.astype(np.float32), f), ""),
        (lambda models, f: neighbours(models[:, :1], f), ""),
        (lambda models, f: neighbours(models, min(f, 1)), ""),
        (lambda models, f: 0, ""),
        (refusing(lambda n, f: False), "Raise a ValueError"),
        (refusing(lambda n, f: 2 * f + 2 >= n, KeyError), "stop with KeyError"),
        (refusing(lambda n, f: 2 * f >= n), "does not hold there"),
        (refusing(lambda n, f: f + 2 >= n), "does not hold there"),
        (refusing(lambda n, f: 2 * f + 2 > n), "does not hold there"),
        (refusing(lambda n, f: 2 * f + 2 >= n or f > 4), "your function refuses"),
    ],
)
def test_other_choices_are_refused(answer, words):
    refused(krum, answer, words)


# Tags


def by_hashlib(messages, number, keys):
    """HMAC from the hash alone, and the places by client."""
    taken = {}
    for place, (client, sent_in, body, tag) in enumerate(messages):
        key = keys.get(client)
        if key is None or sent_in != number:
            continue
        block = key.ljust(64, b"\0")
        inner = hashlib.sha256(bytes(b ^ 0x36 for b in block) + sent_in.to_bytes(8, "big") + body).digest()
        if hashlib.sha256(bytes(b ^ 0x5C for b in block) + inner).digest() == tag:
            taken.setdefault(client, place)
    return sorted(taken.values())


def by_filters(messages, number, keys):
    begin = number.to_bytes(8, "big")
    right = [
        (place, client)
        for place, (client, sent_in, body, tag) in enumerate(messages)
        if sent_in == number
        and client in keys
        and hmac.new(keys[client], begin + body, "sha256").digest() == tag
    ]
    return tuple(place for k, (place, client) in enumerate(right) if client not in [c for _, c in right[:k]])


@pytest.mark.parametrize("answer", [by_hashlib, by_filters, lambda *given: np.array(by_filters(*given))])
def test_servers_in_another_style(answer):
    passes(fresh_tags, answer)


def changed(**other):
    """A server with something else in it."""

    def answer(messages, number, keys):
        taken, heard = [], other.get("heard", set)()
        for place, (client, sent_in, body, tag) in enumerate(messages):
            key = keys.get(client, other.get("unknown"))
            if key is None or client in heard or not other.get("fresh", lambda a, b: a == b)(sent_in, number):
                continue
            text = other.get("text", lambda s, n, c, b: s.to_bytes(8, "big") + b)(
                sent_in, number, client, body
            )
            due = hmac.digest(key, text, "sha256")
            if other.get("same", lambda a, b: a == b)(tag, due):
                taken.append(place)
                heard.add(other.get("note", lambda c, b, t: c)(client, body, tag))
        return taken

    return answer


def test_the_server_that_is_changed_below_is_right_as_it_stands():
    passes(fresh_tags, changed())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (changed(fresh=lambda sent_in, number: sent_in >= number), ""),
        (changed(fresh=lambda sent_in, number: sent_in <= number), ""),
        (changed(fresh=lambda sent_in, number: abs(sent_in - number) <= 1), "round"),
        (changed(fresh=lambda *_: True, text=lambda s, n, c, b: n.to_bytes(8, "big") + b), ""),
        (changed(text=lambda s, n, c, b: s.to_bytes(4, "big") + b), ""),
        (changed(text=lambda s, n, c, b: str(s).encode() + b), ""),
        (changed(text=lambda s, n, c, b: c.encode() + s.to_bytes(8, "big") + b), ""),
        (changed(same=lambda tag, due: tag[:16] == due[:16]), ""),
        (changed(same=lambda tag, due: all(a == b for a, b in zip(tag, due, strict=False))), ""),
        (changed(same=lambda tag, due: len(tag) == 32), ""),
        (changed(note=lambda client, body, tag: (client, body)), "more than once"),
        (changed(note=lambda client, body, tag: tag), "more than once"),
        (lambda messages, number, keys: len(by_filters(messages, number, keys)), ""),
        (lambda messages, number, keys: [m for k, m in enumerate(messages) if k in by_filters(messages, number, keys)], ""),
        (lambda messages, number, keys: [k in by_filters(messages, number, keys) for k in range(len(messages))], ""),
        (lambda messages, number, keys: by_filters(messages, number, keys)[: len(keys) - 1], ""),
    ],
)  # fmt: skip
def test_other_servers_are_refused(answer, words):
    refused(fresh_tags, answer, words)


# Inside the spread


def in_two_steps(honest, f, z):
    """The vector from sums, and Krum by the answer to the exercise before."""
    m = len(honest)
    mean = sum(honest) / m
    vector = mean - z * (sum((row - mean) ** 2 for row in honest) / m) ** 0.5
    return vector, krum(np.array([*honest, *[vector] * f]), f) >= m


def by_two_scores(honest, f, z):
    """All colluders have the same score: no need for more than one of each."""
    vector = honest.mean(0) - z * np.std(honest, 0)
    m, count = len(honest), len(honest) - 2

    def score(one, others):
        return np.sort([((one - other) ** 2).sum() for other in others])[:count].sum()

    best = min(score(honest[i], [*np.delete(honest, i, 0), *[vector] * f]) for i in range(m))
    return vector.tolist(), bool(score(vector, [*honest, *[vector] * (f - 1)]) < best)


@pytest.mark.parametrize("answer", [in_two_steps, by_two_scores])
def test_attacks_inside_the_spread_in_another_style(answer):
    passes(inside_spread, answer)


def test_krum_picks_in_some_cases_and_not_in_others():
    for seed in range(5):
        picked = [bool(inside_spread(*case)[1]) for case in inside_spread.draw_cases(seed)]
        assert min(picked.count(True), picked.count(False)) >= 5


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda honest, f, z: in_two_steps(honest, f, z)[0], ""),
        (lambda honest, f, z: in_two_steps(honest, f, z)[::-1], ""),
        (lambda honest, f, z: (in_two_steps(honest, f, abs(z))[0], in_two_steps(honest, f, z)[1]), ""),
        (lambda honest, f, z: (np.median(honest, axis=0) - z * honest.std(0), in_two_steps(honest, f, z)[1]), ""),
        (lambda honest, f, z: (in_two_steps(honest, f, z)[0], in_two_steps(honest, 1, z)[1]), ""),
        (lambda honest, f, z: (in_two_steps(honest, f, z)[0], abs(z) < np.sqrt(2)), ""),
        (lambda honest, f, z: (in_two_steps(honest, f, z)[0], f > 1), ""),
        (lambda honest, f, z: (in_two_steps(honest, f, z)[0], int(krum(honest, min(f, len(honest) // 2 - 2)))), ""),
        (lambda honest, f, z: (in_two_steps(honest, f, z)[0], "yes"), ""),
        (lambda honest, f, z: (np.round(in_two_steps(honest, f, z)[0], 4), in_two_steps(honest, f, z)[1]), "rounded"),
    ],
)  # fmt: skip
def test_other_attacks_are_refused(answer, words):
    refused(inside_spread, answer, words)
