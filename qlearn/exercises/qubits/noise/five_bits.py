"""Five bits."""

from qlearn.exercises import exercise

# TODO given name 'checks' = ('XZZXI', 'IXZZX', 'XIXZZ', 'ZXIXZ')


@exercise(
    level="core",
    right="Four bits, fifteen single errors, and each gets a pattern of its own: try them all.",
    because="""
        An error that anticommutes with a stabiliser turns its +1 into -1. Single letters anticommute when they
        differ and none is I; two minus signs cancel.
    """,
)
def five_bits(word):
    """The five-qubit code asks XZZXI, IXZZX, XIXZZ and ZXIXZ (`checks`). Write `five_bits(word)`: the four
    bits of syndrome, a list of 0 and 1, that a Pauli error such as `'IIYII'` causes. Two words
    anticommute if they differ on an odd number of wires, not counting those where one of them has I.
    """
    return [sum(a != b and "I" not in (a, b) for a, b in zip(word, check)) % 2 for check in checks]


@five_bits.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_five_bits of the old module
    yield ()


@five_bits.mistake(
    "for IIIII you say [1, 1, 1, 1]; it is [0, 0, 0, 0]. Turned round: 0 is the answer +1, and an error that "
    "commutes changes nothing."
)
def turned_round(word):
    return [1 - sum(a != b and "I" not in (a, b) for a, b in zip(word, check)) % 2 for check in checks]


@five_bits.mistake(
    "for XIIII you say [1, 1, 1, 0]; it is [0, 0, 0, 1]. I commutes with every letter: count only wires where "
    "both have X, Y or Z."
)
def counts_i(word):
    return [sum(a != b for a, b in zip(word, check)) % 2 for check in checks]


@five_bits.mistake(
    "for XIIII you say [1, 0, 1, 0]; it is [0, 0, 0, 1]. Equal letters commute. It is different ones that "
    "anticommute."
)
def equal_letters(word):
    return [sum(a == b != "I" for a, b in zip(word, check)) % 2 for check in checks]


@five_bits.mistake(
    "for IIIXZ you say [0, 2, 1, 0]; it is [0, 0, 1, 0]. Two minus signs cancel: count modulo 2."
)
def not_modulo_2(word):
    return [sum(a != b and "I" not in (a, b) for a, b in zip(word, check)) for check in checks]


@five_bits.mistake(
    "for IIIXZ you say [0, 1, 1, 0]; it is [0, 0, 1, 0]. Two minus signs cancel: it matters whether the number is"
    " odd."
)
def any_instead_of_odd(word):
    return [int(any(a != b and "I" not in (a, b) for a, b in zip(word, check))) for check in checks]


@five_bits.mistake(
    "for IIIXZ you say [0, 1, 1, 0]; it is [0, 0, 1, 0]. For each stabiliser count the wires with two different "
    "letters, none of them I: odd is 1."
)
def forgets_a_wire(word):
    return [sum(a != b and "I" not in (a, b) for a, b in zip(word[:4], check)) % 2 for check in checks]


@five_bits.mistake(
    "for XIIII you say [1, 0, 0, 0]; it is [0, 0, 0, 1]. The right bits, from the last stabiliser to the first."
)
def reversed(word):
    return [sum(a != b and "I" not in (a, b) for a, b in zip(word, check)) % 2 for check in reversed(checks)]
