"""The syndrome of the five-qubit code."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal
from qlearn.qubits.noise import five_qubit_code


@exercise(
    level="core",
    same=equal,
    right="Four bits, fifteen single errors, and each gets a pattern of its own: try them all.",
    because="""
        An error that anticommutes with a stabiliser turns its +1 into -1. Single letters anticommute when they
        differ and none is I; two minus signs cancel.
    """,
)
def five_bits(word):
    """The five-qubit code asks `checks = ("XZZXI", "IXZZX", "XIXZZ", "ZXIXZ")`. Return the four bits of
    syndrome, a list of 0 and 1, that a Pauli error `word`, such as `'IIYII'`, causes. Two words
    anticommute if they differ on an odd number of wires, not counting those where one of them has I.
    """
    checks = ("XZZXI", "IXZZX", "XIXZZ", "ZXIXZ")
    return [
        sum(a != b and "I" not in (a, b) for a, b in zip(word, check, strict=True)) % 2 for check in checks
    ]


@five_bits.cases
def errors(rng):
    """No error, the fifteen of one wire, and words of any weight."""
    yield ("IIIII",)
    for wire in range(5):
        for letter in "XYZ":
            yield ("I" * wire + letter + "I" * (4 - wire),)
    for letters in rng.choice(list("IXYZ"), (8, 5)):
        yield ("".join(letters),)


def _slip(word, *, counts=lambda a, b: a != b and "I" not in (a, b), bit=lambda count: count % 2, last=5):
    """The solution with something wrong: what the mistakes are made of."""
    checks = five_qubit_code().stabilisers
    return [
        bit(sum(counts(a, b) for a, b in zip(word[:last], check[:last], strict=True))) for check in checks
    ]


@five_bits.mistake("turned round: 0 is the answer +1, and an error that commutes changes nothing.")
def turned_round(word):
    return _slip(word, bit=lambda count: 1 - count % 2)


@five_bits.mistake("I commutes with every letter: count only wires where both have X, Y or Z.")
def counts_i(word):
    return _slip(word, counts=lambda a, b: a != b)


@five_bits.mistake("equal letters commute. It is different ones that anticommute.")
def equal_letters(word):
    return _slip(word, counts=lambda a, b: a == b != "I")


@five_bits.mistake("two minus signs cancel: count modulo 2.")
def not_modulo_2(word):
    return _slip(word, bit=lambda count: count)


@five_bits.mistake("two minus signs cancel: it matters whether the number is odd, not whether there is one.")
def any_instead_of_odd(word):
    return _slip(word, bit=lambda count: min(count, 1))


@five_bits.mistake("your bits do not see an error on the last wire: five letters, five wires.")
def forgets_a_wire(word):
    return _slip(word, last=4)


@five_bits.mistake("the right bits, from the last stabiliser to the first.")
def from_the_last_to_the_first(word):
    return _slip(word)[::-1]


@five_bits.mistake("these are the answers, +1 and -1. As bits of a syndrome: 0 for +1, 1 for -1.")
def signs_for_bits(word):
    return _slip(word, bit=lambda count: (-1) ** count)


@five_bits.mistake(
    "your bits miss a Y: it anticommutes with X and with Z, whatever stands in the other word."
)
def y_is_not_seen(word):
    return _slip(word.replace("Y", "I"))
