"""What was measured before the CNOTs."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="one wire is read, all are asked: behind a chain of CNOTs no observable is local.",
    because="""
        Walk back from the measurement. Each CNOT with a Z on its target puts one on its control, and two of them
        cancel. A chain of $n-1$ CNOTs turns the local $Z$ of the last wire into the global product of all: this is
        why slopes of the last wire are small.
    """,
)
def before(string, pairs):
    r"""A CNOT makes the bit of its target the parity of two bits. So who reads $Z$ of the target *after* it
    has read $Z\otimes Z$ of control and target as they were *before*. Return
    the product of Z, such as `"ZZI"`, that is measured before the CNOTs `pairs` (control, target, in
    the order they are applied) when `string` is measured after them.
    """
    letters = list(string)
    for control, target in reversed(pairs):
        if letters[target] == "Z":
            letters[control] = "I" if letters[control] == "Z" else "Z"
    return "".join(letters)


@before.cases
def circuits(rng):
    """Single CNOTs, chains, none at all; one that stands there twice, side by side and apart; and what comes by chance."""
    yield from (("ZI", [(0, 1)]), ("IZ", [(0, 1)]), ("ZZ", [(0, 1)]), ("IZ", [(1, 0)]), ("ZIZ", []))
    yield from (("IIZ", [(0, 1), (1, 2)]), ("IIZ", [(1, 2), (0, 1)]), ("ZII", [(0, 1), (1, 2), (2, 0)]))
    yield from (
        ("IZ", [(0, 1), (0, 1)]),
        ("IIZ", [(1, 2), (0, 1), (1, 2)]),
        ("IIZ", [(0, 1), (1, 2), (0, 1)]),
    )
    for n in (2, 3, 3, 4, 4, 4, 5, 6):
        string = "".join(rng.choice(["I", "Z"], n))
        pairs = [tuple(int(wire) for wire in rng.choice(n, 2, replace=False)) for _ in range(2 * n)]
        yield string, [*pairs, pairs[0]]


@before.mistake(
    "walk back from the measurement, so the *last* CNOT comes first: Z of the last wire behind a chain was a Z of all."
)
def not_reversed(string, pairs):
    letters = list(string)
    for control, target in pairs:
        if letters[target] == "Z":
            letters[control] = "I" if letters[control] == "Z" else "Z"
    return "".join(letters)


@before.mistake("Z times Z is I. A control that has a Z already loses it.")
def never_cancels(string, pairs):
    letters = list(string)
    for control, target in reversed(pairs):
        if letters[target] == "Z":
            letters[control] = "Z"
    return "".join(letters)


@before.mistake(
    "a Z of the target was a Z of control and target; a Z of the control stays what it is. You have it the other way."
)
def control_and_target_exchanged(string, pairs):
    letters = list(string)
    for control, target in reversed(pairs):
        if letters[control] == "Z":
            letters[target] = "I" if letters[target] == "Z" else "Z"
    return "".join(letters)


@before.mistake(
    "the pairs stand in the order they are applied. Turn that order round, whatever the numbers of the wires are."
)
def sorts_the_pairs(string, pairs):
    letters = list(string)
    for control, target in sorted(pairs, reverse=True):
        if letters[target] == "Z":
            letters[control] = "I" if letters[control] == "Z" else "Z"
    return "".join(letters)


@before.mistake(
    "you leave out a CNOT that has come before. Each of them acts: two of the same, one after the other, cancel, and with "
    "others in between they do not."
)
def drops_repeated(string, pairs):
    letters = list(string)
    for control, target in reversed(list(dict.fromkeys(pairs))):
        if letters[target] == "Z":
            letters[control] = "I" if letters[control] == "Z" else "Z"
    return "".join(letters)


@before.mistake(
    "flipping the target where the control is 1 makes its bit the parity of both: something changes."
)
def unchanged(string, pairs):
    return string


@before.mistake("the Z of the target moves to the control, and leaves the target: it has to stay there too.")
def moves_the_z(string, pairs):
    letters = list(string)
    for control, target in reversed(pairs):
        if letters[target] == "Z":
            letters[control], letters[target] = "I" if letters[control] == "Z" else "Z", "I"
    return "".join(letters)


@before.mistake('these are the letters one by one: join them to one text, `"".join(letters)`.')
def a_list(string, pairs):
    letters = list(string)
    for control, target in reversed(pairs):
        if letters[target] == "Z":
            letters[control] = "I" if letters[control] == "Z" else "Z"
    return letters
