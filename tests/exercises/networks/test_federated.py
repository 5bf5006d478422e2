"""Answers to the exercises of *Federated learning*: right ones in another style, and wrong ones that look right."""

import numpy as np
import pytest

from qlearn.exercises.networks.federated import (
    adam_step,
    average,
    by_hand,
    count_bits,
    median_strategy,
    pooled_variance,
    proximal_step,
    read_update,
)
from qlearn.networks.federated import FedAvg
from tests.exercises.tried import passes, refused


def test_half_may_be_written_in_another_way():
    passes(by_hand, np.average([1, -1], weights=[300, 100]))
    passes(by_hand, [0.5])


def test_a_hand_that_makes_another_mistake_is_refused():
    for wrong in (0.75, 1, 0.25, -1, "0.5", 100):
        refused(by_hand, wrong)


def test_bits_may_be_counted_number_by_number():
    def model(layers, qubits):
        return np.zeros((layers, qubits, 2)).size + np.zeros(qubits).size + 1

    passes(count_bits, lambda layers, qubits, c, r: sum(64 * model(layers, qubits) for _ in range(2 * c * r)))
    passes(count_bits, lambda layers, qubits, c, r: float(128 * c * r * model(layers, qubits)))


@pytest.mark.parametrize(
    "numbers",
    [
        lambda layers, qubits: 2 * layers * qubits + qubits + 2,
        lambda layers, qubits: 3 * layers * qubits + qubits + 1,
        lambda layers, qubits: 2 * layers * qubits + 2 * (qubits + 1),
        lambda layers, qubits: 2 * layers * qubits + layers + 1,
        lambda layers, qubits: 5 * qubits + 1,
    ],
    ids=["an offset a class", "three angles", "weights a class", "weights a layer", "two layers always"],
)
def test_bits_of_another_network_are_refused(numbers):
    refused(count_bits, lambda layers, qubits, c, r: 128 * c * r * numbers(layers, qubits))


def test_a_pooled_variance_in_another_style():
    def by_array(sums):
        n, s, q = np.sum(sums, axis=0)
        return q / n - s * s / n**2

    def between_and_within(sums):
        n, s, q = np.array(sums).T
        means = s / n
        within = np.average(q / n - means**2, weights=n)
        return within + np.average((means - np.average(means, weights=n)) ** 2, weights=n)

    passes(pooled_variance, by_array)
    passes(pooled_variance, between_and_within)


def test_a_pooled_variance_reads_its_clients():
    rng = np.random.default_rng(1)
    seen = np.concatenate([rng.normal(5 * i, 1 + i, n) for i, n in enumerate((5, 20, 100))])
    refused(pooled_variance, lambda sums: seen.var())
    refused(
        pooled_variance, lambda sums: sum(q for *_, q in sums) / 125 - (sum(s for _, s, _ in sums) / 125) ** 2
    )
    refused(pooled_variance, pooled_variance_of_three)


def pooled_variance_of_three(sums):
    (a, b, c), (d, e, f), (g, h, i) = (*sums, (0, 0, 0), (0, 0, 0))[:3]
    n, s, q = a + d + g, b + e + h, c + f + i
    return q / n - (s / n) ** 2


def test_a_variance_that_is_copied_or_rounded_is_refused():
    refused(pooled_variance, lambda sums: round(pooled_variance(sums), 4), "rounded: keep them all")
    right = pooled_variance.check(lambda sums: pooled_variance(pooled_variance.draw_cases(0)[0][0]))
    assert not right


def test_the_spread_between_means_alone_is_refused():
    def between(sums):
        n, s, _ = np.array(sums).T
        return np.average((s / n) ** 2, weights=n) - np.average(s / n, weights=n) ** 2

    refused(pooled_variance, between)


def test_an_average_in_another_style():
    def by_numpy(updates):
        weights = [n for _, n in updates]
        return [
            np.average(np.stack(same), axis=0, weights=weights)
            for same in zip(*(p for p, _ in updates), strict=True)
        ]

    def by_index(updates):
        total, mean = 0, [0 * p for p in updates[0][0]]
        for parameters, n in updates:
            total += n
            for i in range(len(mean)):
                mean[i] = mean[i] + (parameters[i] - mean[i]) * n / total
        return tuple(mean)

    passes(average, by_numpy)
    passes(average, by_index)
    passes(average, lambda updates: [p.tolist() for p in by_numpy(updates)])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda u: [
            0.01 * u[0][0][i] + 0.1 * u[len(u) // 2][0][i] + 0.89 * u[-1][0][i] for i in range(len(u[0][0]))
        ],
        lambda u: [sum(n * p[i] for p, n in u[:3]) / sum(n for _, n in u[:3]) for i in range(len(u[0][0]))],
        lambda u: [sum(n * p[i] for p, n in u) / sum(n for _, n in u) for i in range(min(2, len(u[0][0])))],
        lambda u: [sum(n * p[i] for p, n in u) / 100 for i in range(len(u[0][0]))],
        lambda u: [sum(n * p[i].sum() for p, n in u) / sum(n for _, n in u) for i in range(len(u[0][0]))],
        lambda u: max(u, key=lambda one: one[1])[0],
    ],
    ids=["fixed weights", "three clients", "two arrays", "a hundred samples", "sums", "the largest"],
)
def test_an_average_reads_its_clients(wrong):
    refused(average, wrong)


def test_who_takes_a_client_from_the_list_is_told():
    def pops(updates):
        right = average(updates)
        updates.pop()
        return right

    refused(average, pops, "changed")


def test_a_patient_may_be_read_without_the_rate():
    def read(before, after, rate):
        (w, b), (v, c) = before, after
        return ((v - w) / (c - b)).tolist(), bool(c > b)

    passes(read_update, read)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (lambda b, a, r: (read_update(b, a, r)[0], 0), "label"),
        (lambda b, a, r: read_update(b, a, r)[::-1], ""),
        (lambda b, a, r: read_update(a, b, r), "sign"),
        (lambda b, a, r: ((b[0] - a[0]) / np.linalg.norm(b[0] - a[0]), int(b[1] < a[1])), ""),
        (lambda b, a, r: (b[0] / b[1], int(b[1] < a[1])), ""),
        (lambda b, a, r: (read_update(b, a, r)[0], (b[1] - a[1]) / r), "second of 2"),
        (lambda b, a, r: read_update(b, a, r)[0], "2 things"),
        (lambda b, a, r: (np.abs(read_update(b, a, r)[0]), int(b[1] < a[1])), ""),
    ],
    ids=["never ill", "exchanged", "backwards", "normalised", "before", "p - y", "no label", "no signs"],
)
def test_a_patient_that_is_read_in_another_way_is_refused(wrong, word):
    verdict = read_update.check(wrong)
    assert not verdict
    assert word in verdict.message, verdict


def median(change=None, choose=None, config=None, **options):
    class Median(FedAvg):
        def aggregate(self, updates, current, state):
            if change is not None:
                updates = change(updates)
            models = zip(*(parameters for parameters, _ in updates), strict=True)
            return [np.median(np.array(same), axis=0) for same in models], state

    if choose is not None:
        Median.choose = lambda self, n_clients, rng=None: choose(n_clients)
    if config is not None:
        Median.config = config
    return Median(local_epochs=5, **options)


def test_another_median_passes():
    class Sorted(FedAvg):
        def aggregate(self, updates, current, state):
            models = []
            for i in range(len(current)):
                stack = np.sort([parameters[i] for parameters, _ in updates], axis=0)
                models.append(stack[len(stack) // 2])
            return models, state

    passes(median_strategy, median())
    passes(median_strategy, median(fraction=0.8))
    passes(median_strategy, Sorted(3))


class Own:
    """No child of FedAvg."""

    def start(self, model):
        return None

    def choose(self, n_clients, rng=None):
        return list(range(n_clients))

    def config(self, number):
        return {}

    def aggregate(self, updates, current, state):
        return [np.median([p[i] for p, _ in updates], axis=0) for i in range(len(current))], state


def test_a_strategy_need_not_inherit():
    passes(median_strategy, Own())


def fails(self, number):
    raise ValueError("no")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (median(choose=lambda n: []), "round 1 of a run with your strategy fails"),
        (median(config=fails), "a run with your strategy stops"),
        (median(config=lambda self, number: {"passes": 5}), "a run with your strategy stops"),
        (median(choose=lambda n: [0]), "asks 1 of 10 clients"),
        (median(fraction=0.6), "asks 6 of 10 clients"),
        (median(lambda updates: updates[:10]), "a minority of liars"),
        (median(lambda updates: [one for one in updates for _ in range(one[1] // 10 + 1)]), "liars"),
        (median(lambda updates: sorted(updates, key=lambda one: one[1])[:-1]), "not the middle ones"),
        (Own, "Own is a class"),
        (FedAvg(), "liars"),
        (median, "call it"),
    ],
    ids=[
        "nobody", "no config", "another config", "one client", "too few", "the first ten", "by samples",
        "without the largest", "a class", "the mean", "a function",
    ],
)  # fmt: skip
def test_a_median_must_run_and_for_any_number(wrong, message):
    assert message in median_strategy.check(wrong).message


def test_a_median_that_stops_is_told_where():
    class Broken(Own):
        def aggregate(self, updates, current, state):
            return updates["all"], state

    message = median_strategy.check(Broken()).message
    assert "stopped with TypeError" in message
    assert 'updates["all"]' in message


def test_a_median_of_the_client_that_is_nearest_to_all_is_refused():
    class Medoid(FedAvg):
        def aggregate(self, updates, current, state):
            flat = np.array([np.concatenate([np.ravel(p) for p in model]) for model, _ in updates])
            at = np.abs(flat[:, None] - flat).sum((1, 2)).argmin()
            return list(updates[at][0]), state

    refused(median_strategy, Medoid(), "not the middle ones")


def test_the_server_of_the_library_is_not_a_server_of_ones_own():
    refused(average, lambda updates: FedAvg().aggregate(updates, updates[0][0])[0], "write yours")
    refused(average, lambda updates: FedAvg(local_epochs=3).aggregate(updates, [])[0], "write yours")


def on_one_vector(model, received, gradients, rate, mu):
    """The step of all parameters at once, cut into arrays again."""
    flat, sent, slope = (np.concatenate([np.ravel(w) for w in one]) for one in (model, received, gradients))
    stepped = (1 - rate * mu) * flat + rate * mu * sent - rate * slope
    ends = np.cumsum([w.size for w in model])[:-1]
    return [part.reshape(w.shape) for part, w in zip(np.split(stepped, ends), model, strict=True)]


def after_the_plain_step(model, received, gradients, rate, mu):
    plain = [w - rate * g for w, g in zip(model, gradients, strict=True)]
    return tuple(p + rate * mu * (r - w) for p, r, w in zip(plain, received, model, strict=True))


@pytest.mark.parametrize("answer", [on_one_vector, after_the_plain_step])
def test_proximal_steps_in_another_style(answer):
    passes(proximal_step, answer)


def test_proximal_steps_end_between_two_minima():
    """On a loss a(w - c)^2/2 they go to (a c + mu w_t)/(a + mu), which is 2.6 for these numbers."""
    a, c, mu, sent = 2.0, 3.0, 0.5, [np.array([1.0])]
    model = sent
    for _ in range(200):
        model = proximal_step(model, sent, [a * (model[0] - c)], 0.1, mu)
    np.testing.assert_allclose(model[0], 2.6)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda w, r, g, rate, mu: on_one_vector(r, w, g, rate, mu), ""),
        (lambda w, r, g, rate, mu: on_one_vector(w, r, g, rate, mu**2), ""),
        (lambda w, r, g, rate, mu: on_one_vector(w, r, g, rate, 1.0), ""),
        (lambda w, r, g, rate, mu: on_one_vector(w, r, g, 0.1, mu), ""),
        (lambda w, r, g, rate, mu: on_one_vector(w, r, g, rate, mu)[::-1], ""),
        (lambda w, r, g, rate, mu: on_one_vector(w, r, g, rate, mu)[:2], ""),
        (lambda w, r, g, rate, mu: np.concatenate([p.ravel() for p in on_one_vector(w, r, g, rate, mu)]), ""),
        (lambda w, r, g, rate, mu: [mu * (p - q) + h for p, q, h in zip(w, r, g, strict=True)], ""),
        (lambda w, r, g, rate, mu: [p - rate * h - mu / 2 * (p - q) ** 2 for p, q, h in zip(w, r, g, strict=True)], ""),
        (lambda w, r, g, rate, mu: (r.clear(), w)[1], "has changed"),
    ],
)  # fmt: skip
def test_other_local_steps_are_refused(answer, words):
    refused(proximal_step, answer, words)


def by_lists(model, mean, m, v, rate, beta1, beta2, tau):
    """Number by number."""
    steps = []
    for w, goal, first, second in zip(*(np.ravel(x).tolist() for x in (model, mean, m, v)), strict=True):
        first += (1 - beta1) * (goal - w - first)
        second += (1 - beta2) * ((goal - w) ** 2 - second)
        steps.append((w + rate * first / (second**0.5 + tau), first, second))
    return [np.reshape(one, model.shape) for one in zip(*steps, strict=True)]


def by_moments_of_the_gradient(model, mean, m, v, rate, beta1, beta2, tau):
    """Adam downhill, with the step turned round for a gradient."""
    gradient = model - mean
    first = beta1 * -m + (1 - beta1) * gradient
    second = np.average([v, gradient**2], axis=0, weights=[beta2, 1 - beta2])
    return model - rate * first / (tau + second**0.5), -first, second


@pytest.mark.parametrize("answer", [by_lists, by_moments_of_the_gradient])
def test_adaptive_steps_in_another_style(answer):
    passes(adam_step, answer)


def test_the_first_adaptive_step_has_the_size_of_the_rate():
    """Without correction it is rate (1 - beta1)/sqrt(1 - beta2), whatever the step of the clients."""
    for size in (1e-3, 1.0, 1e3):
        stepped, *_ = adam_step(
            np.zeros(1), np.array([size]), np.zeros(1), np.zeros(1), 0.1, 0.9, 0.99, 1e-12
        )
        np.testing.assert_allclose(stepped, 0.1 * 0.1 / 0.1, rtol=1e-6)


def corrected(round_):
    """Flower divides by the powers of the round plus one, Kingma and Ba by those of the round."""

    def answer(model, mean, m, v, rate, beta1, beta2, tau):
        _, m, v = by_lists(model, mean, m, v, rate, beta1, beta2, tau)
        factor = np.sqrt(1 - beta2**round_) / (1 - beta1**round_)
        return model + rate * factor * m / (np.sqrt(v) + tau), m, v

    return answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (corrected(1), ""),
        (corrected(2), ""),
        (lambda *given: by_lists(*given)[0], ""),
        (lambda *given: by_lists(*given)[::-1], ""),
        (lambda *given: (given[1], *by_lists(*given)[1:]), ""),
        (lambda *given: (by_lists(*given)[0], by_lists(*given)[1], np.sqrt(by_lists(*given)[2])), ""),
        (lambda *given: (by_lists(*given)[0], given[2], given[3]), ""),
        (lambda *given: by_lists(*given[:5], 0.9, 0.99, given[7]), ""),
        (lambda *given: by_lists(*given[:7], 1e-3), ""),
        (lambda *given: by_lists(*given[:7], given[7] ** 2), ""),
        (lambda model, mean, *rest: by_lists(mean, model, *rest), ""),
        (lambda *given: {"model": by_lists(*given)[0]}, ""),
    ],
)  # fmt: skip
def test_other_adaptive_steps_are_refused(answer, words):
    refused(adam_step, answer, words)
