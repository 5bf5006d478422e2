"""Median strategy."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.networks.federated import FedAvg


@exercise(
    level="project",
    right=(
        "Fewer than half of the clients may lie, and the median stays among the honest. What it costs: try it on the "
        "skewed split."
    ),
    because="""
        A strategy is four methods; only `aggregate` changes. The median of each parameter cannot be dragged away by
        fewer than half of the clients (Yin et al. 2018, arXiv:1803.01498). On the skewed split honest clients
        disagree so much that the middle forgets the rare ones: robustness is paid for there.
    """,
)
def median_strategy():
    """Three of ten clients may send anything. Write `median_strategy()`, which returns a strategy for
    `federated.run` that takes the *median* over the clients, parameter by parameter: a `FedAvg` with an
    `aggregate(self, updates, current, state)` of its own, which returns `(model, state)`. Then try it:
    `learnt(poisoned(3), median_strategy()).score(new_states, new_excited)`. And on the skewed
    hospitals: what does it cost there?
    """

    class Median(FedAvg):
        def aggregate(self, updates, current, state):
            models = zip(*(parameters for parameters, _ in updates))
            return [np.median(np.array(same), axis=0) for same in models], state

    return Median(local_epochs=5)


@median_strategy.mistake(
    "3 liars of 10 still move your model far away. Use the median of each parameter, and give each client one "
    "voice: the mean, and a sample count that a liar writes down, obey liars."
)
def the_mean():
    return FedAvg(local_epochs=5)


@median_strategy.mistake(
    "for 9 models your values are not the middle ones: sort each parameter by itself over the clients, whatever "
    "their sample counts, and take the middle."
)
def trimmed_mean():
    class Trimmed(FedAvg):
        def aggregate(self, updates, current, state):
            models = zip(*(parameters for parameters, _ in updates))
            return [np.sort(np.array(same), axis=0)[3:-3].mean(axis=0) for same in models], state

    return Trimmed()


@median_strategy.mistake(
    "aggregate's model must be a list of arrays with the models' shapes: take the median over clients only "
    "(axis=0)."
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
