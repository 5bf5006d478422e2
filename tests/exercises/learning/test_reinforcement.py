"""The exercises on reinforcement: what other right answers look like, and what only looks right."""

import numpy as np
import pytest

from qlearn.exercises.learning.reinforcement import believe, log_gradient, policy_circuit, q_update, two_links
from qlearn.qubits import Circuit


def test_two_links_is_a_share_and_kept_to_its_last_digit():
    assert two_links.check(0.9 * 15 / 16 + 0.3 / 16)
    assert "keep them all" in two_links.check(0.86).message
    assert "per cent" in two_links.check(86.25).message


def harmless_overflow(scores, action):
    return np.eye(len(scores))[action] - 1 / np.exp(np.subtract.outer(scores, scores)).sum(axis=0)


def by_log_sum(scores, action):
    policy = np.exp(scores - np.logaddexp.reduce(scores))
    return [(k == action) - p for k, p in enumerate(policy)]


def by_scipy(scores, action):
    from scipy.special import softmax

    gradient = -softmax(scores)
    gradient[action] = -np.delete(gradient, action).sum()
    return gradient


@pytest.mark.parametrize("answer", [harmless_overflow, by_log_sum, by_scipy])
def test_a_softmax_of_another_style_passes(answer):
    assert log_gradient.check(answer)


def shifted(shift):
    def answer(scores, action):
        policy = np.exp(scores - shift(scores, action))
        return np.eye(len(scores))[action] - policy / policy.sum()

    return answer


@pytest.mark.parametrize(
    "shift",
    [lambda s, a: s[0], lambda s, a: s.mean(), lambda s, a: s[a], lambda s, a: s.min()],
)
def test_what_is_subtracted_from_the_scores_must_be_the_largest(shift):
    assert "must be the *largest*" in log_gradient.check(shifted(shift)).message


@pytest.mark.parametrize(
    "answer",
    [
        shifted(lambda s, a: s[-1]),
        shifted(lambda s, a: np.median(s)),
        shifted(lambda s, a: np.abs(s).max()),
        lambda scores, action: log_gradient(np.clip(scores, -700, 700), action),
        lambda scores, action: log_gradient(scores, 0),
        lambda scores, action: np.eye(len(scores))[action] - 1 / len(scores),
        lambda scores, action: np.append(log_gradient(scores, action)[:2], np.zeros(len(scores) - 2)),
        lambda scores, action: np.gradient(scores - np.logaddexp.reduce(scores)),
    ],
)
def test_what_is_no_gradient_of_the_logarithm_is_refused(answer):
    assert not log_gradient.check(answer)


def by_shares(q, seen, action, reward, after, rate, discount):
    new = np.array(q)
    new[seen][action] = (1 - rate) * q[seen, action] + rate * (reward + discount * max(q[after]))
    return new.tolist()


def by_mask(q, seen, action, reward, after, rate, discount):
    here = np.zeros_like(q)
    here[seen, action] = 1
    return q + here * rate * (reward + discount * np.max(q, axis=1)[after] - q)


@pytest.mark.parametrize("answer", [by_shares, by_mask])
def test_a_step_of_another_style_passes(answer):
    assert q_update.check(answer)


def step(worth):
    def answer(q, seen, action, reward, after, rate, discount):
        new = q.copy()
        new[seen, action] += rate * (reward + discount * worth(q, seen, action, after) - q[seen, action])
        return new

    return answer


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (step(lambda q, seen, action, after: q.max()), "whole table"),
        (step(lambda q, seen, action, after: q[after, 0]), "first action"),
        (step(lambda q, seen, action, after: q[after, action]), "*same* action"),
        (step(lambda q, seen, action, after: abs(q[after]).max()), "*size*"),
        (step(lambda q, seen, action, after: q[after].mean()), "mean of the next row"),
        (step(lambda q, seen, action, after: q[after, 1 - action]), ""),
        (step(lambda q, seen, action, after: q[after].min()), ""),
        (step(lambda q, seen, action, after: max(q[after].max(), 0)), ""),
        (step(lambda q, seen, action, after: max(q[after, 0], q[after, 1])), ""),
        (step(lambda q, seen, action, after: q[:, action].max()), ""),
        (step(lambda q, seen, action, after: q[after].max() if after != seen else 0), ""),
        (lambda q, s, a, reward, *rest: q_update(q, s, a, 1, *rest), "paid 1"),
        (lambda q, s, a, reward, after, rate, g: q_update(q, s, a, reward, after, 1 - rate, g), "1 - rate"),
        (lambda q, s, a, reward, after, rate, g: q_update(q, s, a, reward, after, 0.5, g), ""),
        (lambda q, s, a, reward, after, rate, g: q_update(q, s, a, abs(reward), after, rate, g), ""),
    ],
)
def test_what_learns_something_else_is_refused(answer, why):
    verdict = q_update.check(answer)
    assert not verdict
    assert why in verdict.message


def test_a_table_that_was_given_stays_as_it_was():
    assert "work on a copy" in q_update.check(q_update.mistakes["in_place"].answer).message


def in_one_line(belief, used, told, fade, recover, noise):
    p = np.asarray(belief)
    like = np.array([noise, 1 - noise])
    a, b = like[told], like[1 - told]
    q = np.where(np.arange(p.size) == used, a * p / (a * p + b * (1 - p)), p)
    return recover + (1 - fade - recover) * q


def one_by_one(belief, used, told, fade, recover, noise):
    chances = []
    for k, p in enumerate(belief):
        if k == used:
            odds = p / (1 - p) * ((1 - noise) / noise if noise else np.inf) ** (2 * told - 1)
            p = 1.0 if odds == np.inf else odds / (1 + odds)
        chances.append(p * (1 - fade) + (1 - p) * recover)
    return chances


@pytest.mark.parametrize("answer", [in_one_line, one_by_one])
def test_a_belief_of_another_style_passes(answer):
    assert believe.check(answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda b, used, told, fade, recover, noise: in_one_line(b, used, told, fade, 2 * fade, noise),
        lambda b, used, told, fade, recover, noise: in_one_line(b, used, told, fade, fade + 0.1, noise),
        lambda b, used, told, fade, recover, noise: in_one_line(b, used, told, fade, 1 - fade, noise),
        lambda b, used, told, fade, recover, noise: in_one_line(
            b, used, told, fade, recover, min(noise, 0.5)
        ),
        lambda b, used, told, fade, recover, noise: in_one_line(b, used, told, fade, recover, 0.1),
        lambda b, used, told, fade, recover, noise: in_one_line(b, 0, told, fade, recover, noise),
        lambda b, used, told, fade, recover, noise: in_one_line(
            b[:2], min(used, 1), told, fade, recover, noise
        ),
        lambda b, *rest: in_one_line(b, *rest) / in_one_line(b, *rest).sum(),
        lambda b, *rest: np.round(in_one_line(b, *rest), 3),
        lambda b, *rest: in_one_line(b, *rest)[rest[0]],
    ],
)
def test_a_belief_heeds_all_that_it_is_told(answer):
    assert not believe.check(answer)


RIGHT = [
    Circuit(2).cx(0, 1).x(1),
    Circuit(2).x(0).cx(0, 1).x(0),
    Circuit(2).h(1).cz(0, 1).h(1).x(1),
    Circuit(2).x(1).cx(0, 1).h(0).z(1),
    Circuit(2).ry(np.pi, 1).cx(0, 1),
    Circuit(2).cx(1, 0).x(0).swap(0, 1),
]


@pytest.mark.parametrize("answer", RIGHT)
def test_a_policy_of_other_gates_passes(answer):
    assert policy_circuit.check(answer)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Circuit(2).x(1).cx(0, 1).x(1), "wrong way round"),
        (Circuit(2).x(0).cx(1, 0), "on wire 0"),
        (Circuit(2).x(1).cx(0, 1).ry(0.1, 1), "left to luck"),
        (Circuit(2, bits=1).x(1).cx(0, 1).measure(1, 0), "no measurements"),
        (Circuit(2, bits=1).x(1).cx(0, 1), "no measurements"),
        (Circuit(2).x(1).cx(0, 1).ry([0.0, 0.0], 1), "no batch"),
        (Circuit(2).x(1), "It should stay"),
        (Circuit(2).x(1).cx(0, 1).matrix(), "a `Circuit` of 2 wires"),
        (lambda: Circuit(2).x(1).cx(0, 1), ""),
    ],
)
def test_a_circuit_that_decides_otherwise_is_told_how(answer, why):
    verdict = policy_circuit.check(answer)
    assert not verdict
    assert why in verdict.message


def test_the_best_of_the_next_row_is_that_of_the_old_table():
    def changed_first(q, seen, action, reward, after, rate, discount):
        q = q.copy()
        q[seen, action] = (1 - rate) * q[seen, action] + rate * reward
        q[seen, action] += rate * discount * max(q[after])
        return q

    for seed in range(5):
        assert "already changed" in q_update.check(changed_first, seed=seed).message


def test_a_circuit_that_is_nearly_right_is_not_shown_as_right():
    nearly = Circuit(2).cx(0, 1).rx(3.1, 1)
    assert "0.99" in policy_circuit.check(nearly).message
