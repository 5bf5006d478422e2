"""Average."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="This is the whole of the server.",
    because="""
        `zip(*...)` turns a list of models into a list of groups of arrays that belong together; each group is
        summed with the weights n and divided once by the total.
    """,
)
def average(updates):
    """Write the server: `average(updates)` takes a list of `(parameters, n)`, where `parameters` is a list
    of arrays, and returns the list of their means, weighted by `n`.
    """
    total = sum(n for _, n in updates)
    models = zip(*(parameters for parameters, _ in updates))
    return [sum(n * p for p, (_, n) in zip(same, updates)) / total for same in models]


@average.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_average of the old module
    yield ()


@average.mistake("each client counts the same here; weigh it by its number of samples.")
def plain_mean(updates):
    return [sum(same) / len(same) for same in zip(*(parameters for parameters, _ in updates))]


@average.mistake("you divide by the number of clients; divide by the number of samples.")
def divided_by_clients(updates):
    models = zip(*(parameters for parameters, _ in updates))
    return [sum(n * p for p, (_, n) in zip(same, updates)) / len(updates) for same in models]


@average.mistake("your arrays have shapes [(2, 3)]; a model has [(2, 3), (4,)].")
def first_array_only(updates):
    return [sum(n * p[0] for p, n in updates) / sum(n for _, n in updates)]


@average.mistake("you changed the clients' own arrays on the way: += works in place. Build new ones.")
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
    "right for three clients with two arrays and 100 samples, not for four with three arrays and 40: take how "
    "many there are of each from the list."
)
def for_these_clients_only(updates):
    models = zip(*(parameters for parameters, _ in updates))
    return [sum(n * p for p, (_, n) in zip(same, updates)) / 100 for same in models]
