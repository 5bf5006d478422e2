"""The server of federated averaging: means of arrays, weighted by samples."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._stand_in import library_calls
from qlearn.networks.federated import FedAvg


@exercise(
    level="core",
    intact=True,
    right="this is the whole of the server.",
    because="""
        `zip(*...)` turns a list of models into a list of groups of arrays that belong together; each group is
        summed with the weights n and divided once by the total.
    """,
)
def average(updates):
    """Write the server. It gets a list of `(parameters, n)`, one for each client, where `parameters` is a list of
    arrays; return the list of their means, weighted by `n`. The clients' own arrays must stay as they are.
    """
    total = sum(n for _, n in updates)
    models = zip(*(parameters for parameters, _ in updates))
    return [sum(n * p for p, (_, n) in zip(same, updates)) / total for same in models]


@average.cases
def rounds(rng):
    """From one client to five, models of one array to three, of any shape; a client may outweigh all others."""
    shapes = ((2, 3), (4,), (1,), (), (2, 2), (3, 1, 2), (5,))
    for n_clients, n_arrays in ((3, 2), (4, 3), (1, 2), (5, 1)):
        chosen = [shapes[i] for i in rng.permutation(len(shapes))[:n_arrays]]
        yield (
            [
                ([np.asarray(rng.normal(size=shape)) for shape in chosen], int(n))
                for n in np.ceil(10 ** rng.uniform(0, 3, n_clients))
            ],
        )


@average.grader
def written(answer, rng):
    """The server is to be written, and not called."""
    if library_calls(answer, rounds(rng)):
        return Verdict.wrong(
            "the means are right, and the library's own server has taken them: write yours, with NumPy alone."
        )
    return None


@average.mistake()
def the_server_of_the_library(updates):
    return FedAvg().aggregate(updates, updates[0][0])[0]


@average.mistake("each client counts the same here; weigh it by its number of samples.")
def plain_mean(updates):
    return [sum(same) / len(same) for same in zip(*(parameters for parameters, _ in updates))]


@average.mistake("you divide by the number of clients; divide by the number of samples.")
def divided_by_clients(updates):
    models = zip(*(parameters for parameters, _ in updates))
    return [sum(n * p for p, (_, n) in zip(same, updates)) / len(updates) for same in models]


@average.mistake("you add the weighted arrays and never divide: a mean is their sum over the samples of all.")
def not_divided(updates):
    models = zip(*(parameters for parameters, _ in updates))
    return [sum(n * p for p, (_, n) in zip(same, updates)) for same in models]


@average.mistake(
    "you return the mean of the first array only: a model is a list of arrays, merge each of them."
)
def first_array_only(updates):
    return [sum(n * p[0] for p, n in updates) / sum(n for _, n in updates)]


@average.mistake(
    "what the clients sent has changed on the way: `+=` and `*=` work in place, and so does `pop`. Build new arrays."
)
def in_place(updates):
    total = sum(n for _, n in updates)
    first, n = updates[0]
    for i in range(len(first)):
        first[i] *= n
        for parameters, m in updates[1:]:
            first[i] += m * parameters[i]
        first[i] /= total
    return first


@average.mistake(
    "you divide by a number that is always the same: how many samples there are, `updates` says."
)
def for_a_hundred_samples_only(updates):
    models = zip(*(parameters for parameters, _ in updates))
    return [sum(n * p for p, (_, n) in zip(same, updates)) / 100 for same in models]


@average.mistake("two arrays are merged, whatever the model: take how many there are from the list.")
def two_arrays_only(updates):
    total = sum(n for _, n in updates)
    models = list(zip(*(parameters for parameters, _ in updates)))
    return [sum(n * p for p, (_, n) in zip(same, updates)) / total for same in models[:2]]


@average.mistake("three clients are merged, however many answered: take all of the list.")
def three_clients_only(updates):
    total = sum(n for _, n in updates[:3])
    models = zip(*(parameters for parameters, _ in updates[:3]))
    return [sum(n * p for p, (_, n) in zip(same, updates)) / total for same in models]


@average.mistake(
    "you weigh by the root of the samples, as errors go; a mean weighs by the samples themselves."
)
def root_of_the_samples(updates):
    weights = [n**0.5 for _, n in updates]
    models = zip(*(parameters for parameters, _ in updates))
    return [sum(w * p for p, w in zip(same, weights)) / sum(weights) for same in models]
