"""A server that liars cannot drag away."""

from copy import deepcopy

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._guard import call
from qlearn.exercises.comparisons import a, as_numbers
from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.federated import Client, FedAvg, run


@exercise(
    level="project",
    right=(
        "fewer than half of the clients may lie, and the median stays among the honest. What it costs: try it on the "
        "skewed split."
    ),
    because="""
        A strategy is four methods; only `aggregate` changes. The median of each parameter cannot be dragged away by
        fewer than half of the clients (Yin et al. 2018, arXiv:1803.01498). On the skewed split honest clients
        disagree so much that the middle forgets the rare ones: robustness is paid for there.
    """,
)
def median_strategy():
    """Three of ten clients may send anything. Assign to `median_strategy` a strategy for `federated.run` that takes
    the *median* over the clients, parameter by parameter: an object of a class that inherits from `FedAvg` and has
    an `aggregate(self, updates, current, state)` of its own, which returns `(model, state)`. Then try it:
    `learnt(poisoned(3), median_strategy).score(new_states, new_excited)`. And on the skewed hospitals: what does it
    cost there?
    """

    class Median(FedAvg):
        def aggregate(self, updates, current, state):
            models = zip(*(parameters for parameters, _ in updates))
            return [np.median(np.array(same), axis=0) for same in models], state

    return Median(local_epochs=5)


@median_strategy.grader
def serves(answer, rng):
    """A median for any number of clients and liars, of which a run can be made."""
    if isinstance(answer, type):
        return Verdict.wrong(f"{answer.__name__} is a class: call it, to make one strategy.")
    for needed in ("start", "choose", "config", "aggregate"):
        if not callable(getattr(answer, needed, None)):
            return Verdict.wrong(f"`run` asks a strategy for {needed}(...): inherit it from FedAvg.")
    drawn = [int(n) for n in rng.integers(1, 30, 8)]
    for n_clients, n_liars in (
        (10, 3),
        (9, 3),
        (10, 0),
        (12, 5),
        (1, 0),
        *((n, (n - 1) // 2) for n in drawn),
    ):
        if why := _moved(answer, n_clients, n_liars, rng):
            return Verdict.wrong(why)
    return _runs(answer)


def _moved(strategy, n_clients, n_liars, rng):
    """Say what is wrong with how a strategy merges the models of honest clients and liars."""
    shapes = [((2, 2), (1,), (3,), (), (2, 1, 2))[i] for i in rng.permutation(5)[: 2 + rng.integers(2)]]
    updates = [
        ([rng.normal(size=s) for s in shapes], int(rng.integers(1, 100))) for _ in range(n_clients - n_liars)
    ]
    for lie in rng.choice((1e6, -1e6)) * rng.uniform(1, 2, n_liars):
        updates.insert(int(rng.integers(len(updates) + 1)), ([np.full(s, lie) for s in shapes], 10_000))
    current = [rng.normal(size=s) for s in shapes]  # a median does not ask where the model was
    state = call(strategy.start, [p.copy() for p in current])
    merged = call(strategy.aggregate, deepcopy(updates), current, state)
    if not isinstance(merged, tuple) or len(merged) != 2:
        return (
            "aggregate must return two things, (model, state): a median keeps nothing, so hand the state on."
        )
    if state is None and merged[1] is not None:
        return f"a median keeps nothing from round to round: hand the state on as it came, and not {a(merged[1])}."
    if not isinstance(merged[0], list | tuple):
        return f"aggregate's model must be a list of arrays, and you give {a(merged[0])}."
    got = [as_numbers(p) for p in merged[0]]
    if any(isinstance(p, str) or p.dtype.kind not in "fiu" for p in got) or [p.shape for p in got] != shapes:
        return (
            "aggregate's model must be a list of arrays with the models' shapes: take the median over clients only "
            "(axis=0)."
        )
    flat = np.concatenate([p.ravel() for p in got])
    if not np.isfinite(flat).all() or np.abs(flat).max() > 10:
        return (
            "a minority of liars still moves your model far away. Use the median of each parameter, and give each "
            "client one voice: the mean, and a sample count that a liar writes down, obey liars."
        )
    ranked = np.sort([np.concatenate([np.ravel(p) for p in model]) for model, _ in updates], axis=0)
    # Of an even number of values anything between the two middle ones is a median.
    low, high = ranked[(n_clients - 1) // 2] - 1e-9, ranked[n_clients // 2] + 1e-9
    if not ((low <= flat) & (flat <= high)).all():
        return (
            f"for {n_clients} models your values are not the middle ones: sort each parameter by itself over all of "
            "the clients, whatever their sample counts, and take the middle."
        )
    return None


def _runs(strategy):
    """Return a verdict on a strategy with which no run can be made, or none that is safe."""
    clients = [Client(SoftmaxClassifier(), [[-1.0], [1.0 + i]], [0, 1]) for i in range(10)]
    try:
        history = run(clients, strategy, rounds=2, rng=0)
    except Exception as error:  # the strategy is the reader's
        return Verdict.wrong(
            f"the median is right, but a run with your strategy stops: {type(error).__name__}: {error}. Inherit choose "
            "and config from FedAvg."
        )
    for number, why in history.failed.items():
        return Verdict.wrong(
            f"the median is right, but round {number} of a run with your strategy fails: {why}. Inherit choose and "
            "config from FedAvg."
        )
    fewest = min(len(done.answered) for done in history.rounds)
    if fewest < 7:
        return Verdict.wrong(
            f"a round of yours asks {fewest} of 10 clients: three liars may be half of them or more. Ask everybody, "
            "or at least seven."
        )
    return None


@median_strategy.mistake(
    "a minority of liars still moves your model far away. Use the median of each parameter, and give each client one "
    "voice: the mean, and a sample count that a liar writes down, obey liars."
)
def the_mean():
    return FedAvg(local_epochs=5)


@median_strategy.mistake()
def trimmed_mean():
    class Trimmed(FedAvg):
        def aggregate(self, updates, current, state):
            models = zip(*(parameters for parameters, _ in updates))
            return [np.sort(np.array(same), axis=0)[3:-3].mean(axis=0) for same in models], state

    return Trimmed()


@median_strategy.mistake(
    "aggregate's model must be a list of arrays with the models' shapes: take the median over clients only (axis=0)."
)
def median_of_everything():
    class Median(FedAvg):
        def aggregate(self, updates, current, state):
            models = zip(*(parameters for parameters, _ in updates))
            return [np.median(np.array(same)) for same in models], state

    return Median()


@median_strategy.mistake("`run` asks a strategy for start(...): inherit it from FedAvg.")
def aggregate_only():
    class Median:
        def aggregate(self, updates, current, state):
            models = zip(*(parameters for parameters, _ in updates))
            return [np.median(np.array(same), axis=0) for same in models], state

    return Median()


@median_strategy.mistake("Median is a class: call it, to make one strategy.")
def a_class():
    class Median(FedAvg):
        def aggregate(self, updates, current, state):
            models = zip(*(parameters for parameters, _ in updates))
            return [np.median(np.array(same), axis=0) for same in models], state

    return Median


@median_strategy.mistake(
    "aggregate must return two things, (model, state): a median keeps nothing, so hand the state on."
)
def no_state():
    class Median(FedAvg):
        def aggregate(self, updates, current, state):
            models = zip(*(parameters for parameters, _ in updates))
            return [np.median(np.array(same), axis=0) for same in models]

    return Median()


@median_strategy.mistake(
    "a round of yours asks 3 of 10 clients: three liars may be half of them or more. Ask everybody, or at least "
    "seven."
)
def a_few_clients_a_round():
    class Median(FedAvg):
        def aggregate(self, updates, current, state):
            models = zip(*(parameters for parameters, _ in updates))
            return [np.median(np.array(same), axis=0) for same in models], state

    return Median(local_epochs=5, fraction=0.3)
