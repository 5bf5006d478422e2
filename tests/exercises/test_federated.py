"""Answers to the exercises of *Federated learning* that once passed, and right ones in another style."""

import numpy as np
import pytest

from qlearn.exercises.networks.federated import average, median_strategy, pooled_variance


def graded(exercise, source):
    names = dict(exercise.given)
    exec(source, names)
    return exercise.check(names[exercise.name])


def test_a_pooled_variance_reads_its_clients():
    rng = np.random.default_rng(1)
    seen = np.concatenate([rng.normal(5 * i, 1 + i, n) for i, n in enumerate((5, 20, 100))])
    assert not pooled_variance.check(lambda sums: seen.var())
    assert not pooled_variance.check(pooled_variance_of_three)
    array = (
        "def pooled_variance(sums):\n"
        "    import numpy as np\n"
        "    n, s, q = np.sum(sums, axis=0)\n"
        "    return q / n - s * s / n**2\n"
    )
    assert graded(pooled_variance, array)


def pooled_variance_of_three(sums):
    (a, b, c), (d, e, f), (g, h, i) = sums[:3]
    n, s, q = a + d + g, b + e + h, c + f + i
    return q / n - (s / n) ** 2


@pytest.mark.parametrize(
    "source",
    [
        "average = lambda u: [0.01 * u[0][0][i] + 0.1 * u[1][0][i] + 0.89 * u[2][0][i] for i in range(2)]",
        "average = lambda u: [sum(n * p[i] for p, n in u[:3]) / sum(n for _, n in u[:3]) for i in range(len(u[0][0]))]",
        "average = lambda u: [sum(n * p[i] for p, n in u) / sum(n for _, n in u) for i in range(2)]",
    ],
    ids=["fixed weights", "three clients", "two arrays"],
)
def test_an_average_reads_its_clients(source):
    assert "not for four" in graded(average, source).message


_MEDIAN = """class Median(FedAvg):
    def aggregate(self, updates, current, state):
        {many}
        models = zip(*(parameters for parameters, _ in updates))
        return [np.median(np.array(same), axis=0) for same in models], state

    {more}

def median_strategy():
    return Median(local_epochs=5)
"""


def test_the_plain_median_passes():
    assert graded(median_strategy, _MEDIAN.format(many="", more=""))
    assert graded(median_strategy, _MEDIAN.format(many="", more="").replace("=5)", "=5, fraction=0.8)"))


def test_a_median_alone_is_told_that_a_state_belongs_to_it():
    alone = _MEDIAN.format(many="", more="").replace("models], state", "models]")
    assert "(model, state)" in graded(median_strategy, alone).message


@pytest.mark.parametrize(
    ("many", "more", "message"),
    [
        ("", "def choose(self, n_clients, rng=None): return []", "a run with your strategy stops"),
        ("", "def config(self, number): raise ValueError('no')", "a run with your strategy stops"),
        ("", "def config(self, number): return {'passes': 5}", "a run with your strategy stops"),
        ("", "def choose(self, n_clients, rng=None): return [0]", "asks 1 of 10 clients"),
        ("updates = updates[:10]", "", "for 12 models"),
        (
            "if len(updates) not in (9, 10): return super().aggregate(updates, current, state)",
            "",
            "5 liars of 12",
        ),
    ],
    ids=["nobody", "no config", "another config", "one client", "the first ten", "nine or ten"],
)
def test_a_median_must_run_and_for_any_number(many, more, message):
    assert message in graded(median_strategy, _MEDIAN.format(many=many, more=more)).message
