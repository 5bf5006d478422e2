"""Before."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="One wire is read, all are asked: behind a chain of CNOTs no observable is local.",
    because="""
        Walk back from the measurement. Each CNOT with a Z on its target puts one on its control, and two of them
        cancel. A chain of $n-1$ CNOTs turns the local $Z$ of the last wire into the global product of all: this is
        why slopes of the last wire are small.
    """,
)
def before(string, pairs):
    r"""A CNOT makes the bit of its target the parity of two bits. So who reads $Z$ of the target *after* it
    has read $Z\otimes Z$ of control and target as they were *before*. Write `before(string, pairs)`:
    the product of Z, such as `"ZZI"`, that is measured before the CNOTs `pairs` (control, target, in
    the order they are applied) when `string` is measured after them.
    """
    letters = list(string)
    for control, target in reversed(pairs):
        if letters[target] == "Z":
            letters[control] = "I" if letters[control] == "Z" else "Z"
    return "".join(letters)


@before.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_before of the old module
    yield ()


@before.mistake(
    "IIZ after CNOTs [(0, 1), (1, 2)] was ZZZ, not IZZ: walk back from the end, so the *last* CNOT comes first."
)
def not_reversed(string, pairs):
    letters = list(string)
    for control, target in pairs:
        if letters[target] == "Z":
            letters[control] = "I" if letters[control] == "Z" else "Z"
    return "".join(letters)


@before.mistake(
    "ZZ after CNOTs [(0, 1)] was IZ, not ZZ: Z times Z is I. A control that has a Z already loses it."
)
def never_cancels(string, pairs):
    letters = list(string)
    for control, target in reversed(pairs):
        if letters[target] == "Z":
            letters[control] = "Z"
    return "".join(letters)


@before.mistake(
    "ZI after CNOTs [(0, 1)] was ZI, not ZZ. A Z of the target was a Z of control and target; a Z of the control "
    "stays what it is."
)
def control_and_target_exchanged(string, pairs):
    letters = list(string)
    for control, target in reversed(pairs):
        if letters[control] == "Z":
            letters[target] = "I" if letters[target] == "Z" else "Z"
    return "".join(letters)


@before.mistake(
    "IIZ after CNOTs [(1, 2), (0, 1)] was IZZ, not ZZZ: the pairs stand in the order they are applied. Turn that "
    "order round, whatever the numbers of the wires are."
)
def sorted(string, pairs):
    letters = list(string)
    for control, target in sorted(pairs, reverse=True):
        if letters[target] == "Z":
            letters[control] = "I" if letters[control] == "Z" else "Z"
    return "".join(letters)


@before.mistake(
    "IZ after CNOTs [(0, 1)] was ZZ: flipping the target where the control is 1 makes its bit the parity of both."
)
def unchanged(string, pairs):
    return string


@before.mistake("ZI after CNOTs [(0, 1)]: I expect a string of 2 letters I and Z, not ['Z', 'I'].")
def a_list(string, pairs):
    return list(string)
