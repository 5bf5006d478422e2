"""Answers to the exercises of *Orchestration*: right ones in another style, and wrong ones that look right."""

import math
from itertools import product

import numpy as np
import pytest

from qlearn.exercises.networks.orchestration import (
    balance,
    regret,
    reserve_rule,
    token_bucket,
    ucb,
    when_to_update,
)
from tests.exercises.tried import passes, refused

# When to update


def by_waiting(d, w, tag, rate, seconds):
    """Epoch after epoch until it is paid for."""
    due, k = sum([w] * d) + tag + tag, 1
    while k * seconds * rate < due:
        k += 1
    return k


@pytest.mark.parametrize(
    "answer",
    [
        by_waiting,
        lambda d, w, tag, rate, seconds: math.ceil((d * w + 2 * tag) / (rate * seconds)),
        lambda d, w, tag, rate, seconds: (d * w + 2 * tag - 1) // (rate * seconds) + 1,
        lambda d, w, tag, rate, seconds: np.ceil((w * d + tag * 2) / seconds / rate - 1e-9),
        lambda d, w, tag, rate, seconds: max(1, -(-(d * w + 2 * tag) // (rate * seconds))),
    ],
)
def test_updates_in_another_style(answer):
    passes(when_to_update, answer)


def test_the_key_never_runs_out_and_one_epoch_less_would_not_do():
    for d, w, tag, rate, seconds in when_to_update.draw_cases(3):
        k = when_to_update(d, w, tag, rate, seconds)
        gained, paid = k * rate * seconds, d * w + 2 * tag
        assert gained >= paid
        assert gained - rate * seconds < paid


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda d, w, tag, rate, seconds: by_waiting(d, w, tag, rate, 1), "those are seconds"),
        (lambda d, w, tag, rate, seconds: by_waiting(d, 64, tag, rate, seconds), ""),
        (lambda d, w, tag, rate, seconds: by_waiting(d, w, 128, rate, seconds), ""),
        (lambda d, w, tag, rate, seconds: by_waiting(d + 1, w, tag, rate, seconds), ""),
        (lambda d, w, tag, rate, seconds: by_waiting(d, w, 2 * tag, rate, seconds), ""),
        (lambda d, w, tag, rate, seconds: by_waiting(2 * d, w, tag, rate, seconds), ""),
        (lambda d, w, tag, rate, seconds: by_waiting(d, 8 * w, tag, rate, seconds), ""),
        (lambda d, w, tag, rate, seconds: by_waiting(d, w, tag, rate, seconds) * seconds, ""),
        (lambda d, w, tag, rate, seconds: by_waiting(d, w, tag, rate, seconds) - 1, ""),
        (lambda d, w, tag, rate, seconds: max(2, by_waiting(d, w, tag, rate, seconds)), ""),
        (lambda d, w, tag, rate, seconds: d * w // (rate * seconds) + 2 * tag // (rate * seconds) + 1, ""),
        (lambda d, w, tag, rate, seconds: math.ceil((d * w + 2 * tag) / rate) // seconds, ""),
        (lambda d, w, tag, rate, seconds: 1, ""),
    ],
)
def test_other_updates_are_refused(answer, words):
    refused(when_to_update, answer, words)


# The token bucket


def by_the_second(requests, rate, burst):
    """A clock that ticks."""
    passed, tokens, now = [], burst, 0
    for time, size in requests:
        while now < time:
            now, tokens = now + 1, min(burst, tokens + rate)
        ok = size <= tokens
        tokens -= size if ok else 0
        passed.append(int(ok))
    return passed


def by_what_is_missing(requests, rate, burst):
    """The time at which the bucket will be full again, as telephone switches keep it."""
    full, passed = 0.0, []
    for time, size in requests:
        then = max(full, time) + size / rate
        passed.append(bool(then - time <= burst / rate + 1e-9))
        if passed[-1]:
            full = then
    return np.array(passed)


@pytest.mark.parametrize("answer", [by_the_second, by_what_is_missing])
def test_buckets_in_another_style(answer):
    passes(token_bucket, answer)


def test_no_stretch_of_time_lets_more_pass_than_its_bound():
    for requests, rate, burst in token_bucket.draw_cases(2):
        through = [one for one, ok in zip(requests, token_bucket(requests, rate, burst), strict=True) if ok]
        for begin, end in product(range(0, 80, 3), repeat=2):
            if begin <= end:
                asked = sum(size for time, size in through if begin <= time <= end)
                assert asked <= burst + rate * (end - begin)


def test_both_fates_are_met():
    for seed in range(5):
        for requests, rate, burst in token_bucket.draw_cases(seed)[2:]:
            passed = token_bucket(requests, rate, burst)
            assert {True, False} == set(passed)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda requests, rate, burst: by_the_second(requests, rate + 1, burst), ""),
        (lambda requests, rate, burst: by_the_second(requests, rate, burst + 1), ""),
        (lambda requests, rate, burst: by_the_second(requests, rate, burst - 1), ""),
        (lambda requests, rate, burst: by_the_second(requests, 1, burst), ""),
        (lambda requests, rate, burst: by_the_second(requests, burst, rate), ""),
        (lambda requests, rate, burst: by_the_second([(t, 1) for t, _ in requests], rate, burst), "and not one"),
        (lambda requests, rate, burst: by_the_second([(t + 1, s) for t, s in requests[:1]] + requests[1:], rate, burst)[1:], ""),
        (lambda requests, rate, burst: [size <= burst for _, size in requests], ""),
        (lambda requests, rate, burst: [size <= rate for _, size in requests], ""),
        (lambda requests, rate, burst: [not ok for ok in by_the_second(requests, rate, burst)], ""),
        (lambda requests, rate, burst: [k for k, ok in enumerate(by_the_second(requests, rate, burst)) if ok], ""),
        (lambda requests, rate, burst: [True] * len(requests), ""),
        (lambda requests, rate, burst: [str(ok) for ok in by_the_second(requests, rate, burst)], ""),
        (lambda requests, rate, burst: by_the_second(sorted(requests), rate, burst), ""),
        (lambda requests, rate, burst: by_the_second(requests[:20], rate, burst) + [False] * len(requests[20:]), ""),
    ],
)  # fmt: skip
def test_other_buckets_are_refused(answer, words):
    refused(token_bucket, answer, words)


# Who goes where


def by_all_assignments(latency, places):
    """Every way to fill the places, cut off where it cannot be better than what was found."""
    best = [math.inf, None]
    latency = np.asarray(latency).tolist()
    rest = [
        sum(map(min, latency[unit:])) for unit in range(len(latency) + 1)
    ]  # the others cannot do with less

    def place(unit, left, total, chosen):
        if total + rest[unit] >= best[0]:
            return
        if unit == len(latency):
            best[:] = total, chosen
            return
        for a in sorted(range(len(left)), key=lambda a: latency[unit][a]):
            if left[a]:
                fewer = [n - (k == a) for k, n in enumerate(left)]
                place(unit + 1, fewer, total + latency[unit][a], [*chosen, a])

    place(0, list(places), 0.0, [])
    return best[1]


def by_linear_programme(latency, places):
    from scipy.optimize import Bounds, LinearConstraint, milp

    units, aggregators = latency.shape
    cost = np.where(np.isfinite(latency), latency, 0).ravel()
    each = np.kron(np.eye(units), np.ones(aggregators))
    full = np.kron(np.ones(units), np.eye(aggregators))
    found = milp(
        cost,
        integrality=np.ones(cost.size),
        bounds=Bounds(0, np.isfinite(latency).ravel().astype(float)),
        constraints=[LinearConstraint(each, 1, 1), LinearConstraint(full, 0, places)],
    )
    return None if found.x is None else found.x.reshape(latency.shape).argmax(axis=1)


@pytest.mark.parametrize(
    "answer", [by_all_assignments, by_linear_programme, lambda *given: tuple(by_all_assignments(*given) or ()) or None]
)  # fmt: skip
def test_assignments_in_another_style(answer):
    passes(balance, answer)


def test_some_networks_cannot_be_served_and_taking_turns_costs():
    for seed in range(5):
        cases = balance.draw_cases(seed)
        due = [balance(*case) for case in cases]
        assert 3 <= sum(one is None for one in due) < len(due) - 5


def in_order(order):
    """One unit after the other, in an order."""

    def answer(latency, places):
        left, chosen = list(places), {}
        for unit in order(latency):
            ways = [
                (float(latency[unit, a]), a)
                for a in range(len(left))
                if left[a] and np.isfinite(latency[unit, a])
            ]
            if not ways:
                return None
            chosen[unit] = min(ways)[1]
            left[chosen[unit]] -= 1
        return [chosen[unit] for unit in range(len(latency))]

    return answer


def by_what_is_lost(latency):
    """First who loses most if the best place is gone."""
    ranked = np.sort(np.minimum(latency, 1e6), axis=1)
    return np.argsort(ranked[:, 0] - ranked[:, min(1, ranked.shape[1] - 1)])


def found(latency, places, form):
    """The best in another form."""
    best = by_all_assignments(latency, places)
    return None if best is None else form(np.array(best))


def swapped(latency, places):
    """Taking turns, and then exchanging two units as long as that helps: close, and not it."""
    chosen = in_order(lambda latency: range(len(latency)))(latency, places)
    if chosen is None:
        return None
    for _ in range(2):
        for i, j in product(range(len(chosen)), repeat=2):
            now = latency[i, chosen[i]] + latency[j, chosen[j]]
            if latency[i, chosen[j]] + latency[j, chosen[i]] < now:
                chosen[i], chosen[j] = chosen[j], chosen[i]
    return chosen


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (in_order(lambda latency: range(len(latency))), "early ones take"),
        (in_order(lambda latency: range(len(latency))[::-1]), ""),
        (in_order(lambda latency: np.argsort(latency.min(axis=1))), ""),
        (in_order(lambda latency: np.argsort(-latency.min(axis=1))), ""),
        (in_order(by_what_is_lost), ""),
        (swapped, ""),
        (lambda latency, places: by_all_assignments(latency, np.asarray(places) + 1), ""),
        (lambda latency, places: by_all_assignments(latency, [len(latency)] * len(places)), "serve more"),
        (lambda latency, places: by_all_assignments(latency**2, places), ""),
        (lambda latency, places: by_all_assignments(np.sqrt(latency), places), ""),
        (lambda latency, places: by_all_assignments(np.minimum(latency, 100.0), places), "down"),
        (lambda latency, places: by_all_assignments(latency, places) or [], ""),
        (lambda latency, places: by_all_assignments(latency, places) or [0] * len(latency), ""),
        (lambda latency, places: found(latency, places, lambda best: best + 1), ""),
        (lambda latency, places: found(latency, places, lambda best: np.eye(latency.shape[1])[best]), ""),
        (lambda latency, places: found(latency, places, lambda best: best[::-1]), ""),
        (lambda latency, places: found(latency, places, lambda best: np.bincount(best, minlength=len(places))), ""),
        (lambda latency, places: None, ""),
    ],
)  # fmt: skip
def test_other_assignments_are_refused(answer, words):
    refused(balance, answer, words)


def test_what_is_given_where_there_is_no_way_gets_a_sentence():
    def guess(latency, places):
        return np.zeros(len(latency), int) if balance(latency, places) is None else balance(latency, places)

    refused(balance, guess, "you give")


# The reserve


def by_arrays(reserves, gains, sizes, width, tag, rounds, on_empty):
    left, sent = np.array(reserves), np.zeros(rounds, int)
    ranked = sorted(sizes, reverse=True)[: None if on_empty == "shrink" else 1]
    for number in range(rounds):
        left = left + np.array(gains)
        for size in ranked:
            if (left >= size * width + tag).all():
                sent[number] = size
                left = left - (size * width + tag)
                break
    return sent, left


def link_by_link(reserves, gains, sizes, width, tag, rounds, on_empty):
    """Every link says what it can pay, and the least of that is taken."""
    left, sent = dict(enumerate(reserves)), []
    for _ in range(rounds):
        says = []
        for link in left:
            left[link] += gains[link]
            can = [0, *(s for s in sizes if s * width <= left[link] - tag)]
            says.append(max(can))
        size = min(says)
        if on_empty == "wait" and size < max(sizes):
            size = 0
        for link in left:
            left[link] -= (size * width + tag) * (size > 0)
        sent.append(size)
    return tuple(sent), list(left.values())


@pytest.mark.parametrize("answer", [by_arrays, link_by_link])
def test_reserves_in_another_style(answer):
    passes(reserve_rule, answer)


def test_no_bit_is_sent_without_its_pad():
    waited, shrunk = 0, 0
    for seed in range(5):
        for case in reserve_rule.draw_cases(seed):
            reserves, gains, sizes, width, tag, rounds, on_empty = case
            sent, left = reserve_rule(*case)
            assert len(sent) == rounds
            for k, bits in enumerate(left):
                paid = sum(s * width + tag for s in sent if s)
                assert bits == reserves[k] + rounds * gains[k] - paid
            for number in range(rounds):  # after every round, not at the end alone
                paid = sum(s * width + tag for s in sent[: number + 1] if s)
                assert all(r + (number + 1) * g >= paid for r, g in zip(reserves, gains, strict=True))
            waited += sent.count(0)
            shrunk += sum(0 < s < max(sizes) for s in sent)
            assert on_empty == "shrink" or set(sent) <= {0, max(sizes)}
    assert min(waited, shrunk) > 100


def rule(**other):
    """The answer of another style, with something else put in."""
    names = ("reserves", "gains", "sizes", "width", "tag", "rounds", "on_empty")

    def answer(reserves, gains, sizes, width, tag, rounds, on_empty):
        given = dict(zip(names, (reserves, gains, sizes, width, tag, rounds, on_empty), strict=True))
        return by_arrays(
            *({name: other[name](given) if name in other else given[name] for name in names}.values())
        )

    return answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (rule(tag=lambda given: 0), "the tag costs key too"),
        (rule(tag=lambda given: 2 * given["tag"]), ""),
        (rule(width=lambda given: 8), ""),
        (rule(sizes=lambda given: given["sizes"][:1]), ""),
        (rule(sizes=lambda given: [max(given["sizes"])]), "a smaller size"),
        (rule(sizes=lambda given: [min(given["sizes"])]), ""),
        (rule(sizes=lambda given: sorted(given["sizes"])[-2:]), ""),
        (rule(rounds=lambda given: max(given["rounds"] - 1, 0)), ""),
        (rule(gains=lambda given: [max(given["gains"])] * len(given["gains"])), ""),
        (rule(gains=lambda given: [min(given["gains"])] * len(given["gains"])), ""),
        (rule(reserves=lambda given: [min(given["reserves"])] * len(given["reserves"])), ""),
        (rule(reserves=lambda given: [b + 1 for b in given["reserves"]]), ""),
        (rule(on_empty=lambda given: "shrink"), "`wait` waits"),
        (lambda *given: by_arrays(*given)[0], ""),
        (lambda *given: by_arrays(*given)[::-1], ""),
        (lambda *given: ([s > 0 for s in by_arrays(*given)[0]], by_arrays(*given)[1]), ""),
        (lambda *given: (by_arrays(*given)[0].sum(), by_arrays(*given)[1]), ""),
        (lambda *given: ([s or None for s in by_arrays(*given)[0]], by_arrays(*given)[1]), ""),
    ],
)  # fmt: skip
def test_other_reserves_are_refused(answer, words):
    refused(reserve_rule, answer, words)


# Regret


def first_best(values):
    return values.index(max(values))


def greedy(pulls, wins):
    return pulls.index(0) if 0 in pulls else first_best([w / n for w, n in zip(wins, pulls, strict=True)])


def ucb1(pulls, wins):
    if 0 in pulls:
        return pulls.index(0)
    margin = 2 * math.log(sum(pulls))
    return first_best([w / n + math.sqrt(margin / n) for w, n in zip(wins, pulls, strict=True)])


@pytest.mark.parametrize(
    ("policy", "due"),
    [
        (ucb1, {10: 0.82846167, 20: 1.54651882, 40: 2.83908374, 60: 3.98501402}),
        (greedy, {10: 0.58198764, 20: 1.01447445, 40: 1.82781623, 60: 2.61332432}),
    ],
)
def test_the_regrets_of_the_reference(policy, due):
    for horizon, value in due.items():
        assert abs(regret(policy, (0.6, 0.4), horizon) - value) < 5e-9


def by_all_outcomes(policy, means, horizon, *, weight=None, against=max):
    """Write down beforehand what every pull would give, in every way."""
    got = 0.0
    for outcomes in product((0, 1), repeat=horizon):
        pulls, wins, chance = [0] * len(means), [0] * len(means), 1.0
        for one in outcomes:
            arm = policy(tuple(pulls), tuple(wins))
            chance *= (means[arm] if one else 1 - means[arm]) if weight is None else weight
            pulls[arm] += 1
            wins[arm] += one
        got += chance * sum(wins)
    return horizon * against(means) - got


def by_counts(policy, means, horizon):
    """From the expected number of pulls of each arm."""

    def expected(pulls, wins, left):
        if not left:
            return np.array(pulls, float)
        arm = policy(pulls, wins)
        pulls = tuple(n + (k == arm) for k, n in enumerate(pulls))
        won = tuple(n + (k == arm) for k, n in enumerate(wins))
        return means[arm] * expected(pulls, won, left - 1) + (1 - means[arm]) * expected(
            pulls, wins, left - 1
        )

    nothing = (0,) * len(means)
    return float(expected(nothing, nothing, horizon) @ (max(means) - np.array(means)))


@pytest.mark.parametrize("answer", [by_all_outcomes, by_counts])
def test_regrets_in_another_style(answer):
    passes(regret, answer)


def by_repeating(policy, means, horizon, n=300):
    rng = np.random.default_rng(0)
    lost = 0.0
    for _ in range(n):
        pulls, wins = [0] * len(means), [0] * len(means)
        for _ in range(horizon):
            arm = policy(tuple(pulls), tuple(wins))
            pulls[arm] += 1
            wins[arm] += int(rng.random() < means[arm])
            lost += max(means) - means[arm]
    return lost / n


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (by_repeating, ""),
        (lambda policy, means, horizon: by_all_outcomes(policy, means, horizon, weight=0.5), ""),
        (lambda policy, means, horizon: by_all_outcomes(policy, means, horizon, against=min), ""),
        (lambda policy, means, horizon: by_all_outcomes(policy, means, horizon, against=lambda means: means[0]), ""),
        (lambda policy, means, horizon: by_all_outcomes(policy, means, horizon) / max(horizon, 1), "on average"),
        (lambda policy, means, horizon: by_counts(lambda pulls, wins: policy(wins, pulls), means, horizon), ""),
        (lambda policy, means, horizon: by_counts(lambda pulls, wins: policy(pulls, (0,) * len(wins)), means, horizon), ""),
        (lambda policy, means, horizon: by_counts(lambda pulls, wins: policy(pulls, pulls), means, horizon), ""),
        (lambda policy, means, horizon: by_counts(lambda pulls, wins: min(policy(pulls, wins), 1), means, horizon), ""),
        (lambda policy, means, horizon: by_counts(lambda pulls, wins: min(policy(pulls, wins), 2), means, horizon), ""),
        (lambda policy, means, horizon: by_counts(ucb1, means, horizon), ""),
        (lambda policy, means, horizon: by_counts(greedy, means, horizon), ""),
        (lambda policy, means, horizon: by_counts(policy, means, min(horizon, 5)), ""),
        (lambda policy, means, horizon: by_counts(policy, (0.6, 0.4), horizon), ""),
        (lambda policy, means, horizon: horizon * max(means) - by_counts(policy, means, horizon), ""),
        (lambda policy, means, horizon: round(by_counts(policy, means, horizon), 4), "rounded"),
        (lambda policy, means, horizon: math.log(max(horizon, 1)), ""),
    ],
)  # fmt: skip
def test_other_regrets_are_refused(answer, words):
    refused(regret, answer, words)


# UCB


def by_lists(rewards, *, index=None):
    seen, chosen = [[] for _ in rewards[0]], []
    for row in rewards.tolist():
        new = [k for k, one in enumerate(seen) if not one]
        if new:
            k = new[0]
        else:
            t = sum(map(len, seen))
            values = [
                (index or (lambda mean, n, t: mean + math.sqrt(2 * math.log(t) / n)))(
                    sum(one) / len(one), len(one), t
                )
                for one in seen
            ]
            k = values.index(max(values))
        chosen.append(k)
        if row[k] == row[k]:
            seen[k].append(row[k])
    return chosen


def by_moving_means(rewards):
    n, mean, chosen = np.zeros(rewards.shape[1]), np.zeros(rewards.shape[1]), []
    for row in rewards:
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.where(n, mean + np.sqrt(2 * np.log(np.maximum(n.sum(), 1)) / n), np.inf)
        k = np.argmax(values)
        chosen.append(k)
        if np.isfinite(row[k]):
            n[k] += 1
            mean[k] += (row[k] - mean[k]) / n[k]
    return np.array(chosen)


@pytest.mark.parametrize("answer", [by_lists, by_moving_means])
def test_ucb_in_another_style(answer):
    passes(ucb, answer)


def test_it_chooses_as_the_policy_of_the_exercise_before():
    rng = np.random.default_rng(8)
    rewards = (rng.random((200, 3)) < (0.3, 0.5, 0.6)).astype(float)
    pulls, wins = [0, 0, 0], [0, 0, 0]
    for k, row in zip(ucb(rewards), rewards, strict=True):
        assert k == ucb1(tuple(pulls), tuple(wins))
        pulls[k] += 1
        wins[k] += int(row[k])
    assert pulls[2] > pulls[0]


def test_what_was_not_chosen_is_not_seen():
    for (rewards,) in ucb.draw_cases(1):
        chosen = ucb(rewards)
        other = np.where(np.arange(rewards.shape[1]) == np.array(chosen)[:, None], rewards, 0.77)
        assert ucb(other) == chosen


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda rewards: by_lists(rewards, index=lambda mean, n, t: mean), "never learns"),
        (lambda rewards: by_lists(rewards, index=lambda mean, n, t: mean + math.sqrt(2 * math.log(t + 1) / n)), "one more"),
        (lambda rewards: by_lists(rewards, index=lambda mean, n, t: mean + math.sqrt(3 * math.log(t) / n)), ""),
        (lambda rewards: by_lists(rewards, index=lambda mean, n, t: mean + math.sqrt(math.log(t) / (2 * n))), ""),
        (lambda rewards: by_lists(rewards, index=lambda mean, n, t: mean + math.sqrt(2 * math.log(t)) / n), ""),
        (lambda rewards: by_lists(rewards, index=lambda mean, n, t: mean + math.sqrt(2 * math.log10(t) / n)), ""),
        (lambda rewards: by_lists(rewards, index=lambda mean, n, t: mean + math.sqrt(2 * t / n)), ""),
        (lambda rewards: by_lists(rewards, index=lambda mean, n, t: mean + math.sqrt(2 * math.log(t) / t)), ""),
        (lambda rewards: by_lists(rewards, index=lambda mean, n, t: mean - n), ""),
        (lambda rewards: by_lists(rewards, index=lambda mean, n, t: round(mean, 2) + math.sqrt(2 * math.log(t) / n)), ""),
        (lambda rewards: by_lists(np.nan_to_num(rewards)), "no reward of 0"),
        (lambda rewards: by_lists(np.nan_to_num(rewards, nan=1.0)), ""),
        (lambda rewards: by_lists(np.nan_to_num(rewards, nan=0.5)), ""),
        (lambda rewards: by_lists(rewards[:, :2]), ""),
        (lambda rewards: by_lists(rewards[:100]), ""),
        (lambda rewards: by_lists(np.roll(rewards, -1, axis=0)), ""),
        (lambda rewards: [int(np.nanargmax(np.where(np.isnan(row), -1, row))) for row in rewards], ""),
        (lambda rewards: by_lists(rewards[:, ::-1]), ""),
        (lambda rewards: [0] * len(rewards), ""),
    ],
)  # fmt: skip
def test_other_choices_are_refused(answer, words):
    refused(ucb, answer, words)
