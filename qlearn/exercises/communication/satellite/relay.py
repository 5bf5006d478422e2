"""A key for two cities from a satellite that knows it."""

from copy import deepcopy
from itertools import product

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import as_numbers


@exercise(
    level="project",
    right=(
        "a one-time pad: Beijing's key is the message, Vienna's the pad. Listeners learn nothing of either; the "
        "satellite knows everything, and that is why it is called *trusted*."
    ),
    because="""
        The sum modulo 2 of two independent random keys is random whatever either of them is. Vienna adds her own
        and has Beijing's. The satellite knew both all the time: the distance is bridged by trust, not by quantum
        mechanics.
    """,
    stub="def relay(beijing, vienna):\n    ...\n    # return announced, recover\n",
)
def relay(beijing, vienna):
    """The satellite has made one key with Beijing and one with Vienna, of the same length: arrays of random bits (uint8).
    Return what the satellite *announces in public*, an array of bits, and a function `recover(vienna, announced)` by
    which Vienna gets Beijing's key. Listeners must learn nothing. (The keys are chance enough: throw no coins.)
    """

    def recover(mine, announced):
        return mine ^ announced

    return beijing ^ vienna, recover


class _Odd(Exception):
    """What an answer returns is not what was asked for; the message says why."""


def _night(answer, beijing, vienna):
    """What is announced, as it is and as numbers, and the function of Vienna."""
    got = answer(beijing.copy(), vienna.copy())
    if not isinstance(got, tuple | list) or len(got) != 2:
        raise _Odd("return two things: what the satellite announces, and the function that Vienna applies.")
    announced, recover = got
    if not callable(recover):
        raise _Odd("the second thing is a function of Vienna's key and of what was announced.")
    heard = as_numbers(announced)
    if isinstance(heard, str):
        raise _Odd(f"the satellite announces bits, an array of them: {heard}.")
    return announced, np.ravel(heard), recover


def _recovered(recover, mine, announced):
    found = as_numbers(recover(mine.copy(), deepcopy(announced)))
    if isinstance(found, str):
        raise _Odd(f"`recover` is to give Beijing's key, an array of bits: {found}.")
    return found


def _first_told(changes_of_vienna, changes_of_beijing):
    """The first bit of Beijing's key that is betrayed although the pad is random, or None.

    Flipping one bit of a key changes an affine announcement by a word of its own, whatever the keys are. Beijing's
    word is hidden where Vienna's bits together can make the same change.
    """
    span = {}  # by their first digit, words that make all changes of Vienna's

    def left_of(word):
        while word and (with_same_first := span.get(word.bit_length())):
            word ^= with_same_first
        return word

    for word in changes_of_vienna:
        if rest := left_of(word):
            span[rest.bit_length()] = rest
    return next((place for place, word in enumerate(changes_of_beijing) if left_of(word)), None)


@relay.grader
def vienna_alone_learns(answer, rng):
    """Vienna gets the key on every night, and what may be heard is as likely whatever the keys are."""
    try:
        return _judged(answer, rng)
    except _Odd as odd:
        return Verdict.wrong(str(odd))


def _judged(answer, rng):
    length = int(rng.integers(96, 160))
    beijing, vienna, second, night = rng.integers(0, 2, (4, length), dtype=np.uint8)

    def hear(one, other):
        return _night(answer, one, other)[1]

    announced, heard, recover = _night(answer, beijing, vienna)
    if any(np.array_equal(heard, key) for key in (beijing, vienna)):
        return Verdict.wrong("the satellite announces a key in the clear: everybody who hears it has it.")
    if not np.array_equal(_recovered(recover, vienna, announced), beijing):
        return Verdict.wrong(
            "Vienna does not get Beijing's key. What turns one key into the other, bit by bit?"
        )
    if not np.array_equal(hear(beijing, vienna), heard):
        return Verdict.wrong(
            "the same keys make another announcement each time: throw no coins, the keys are enough."
        )
    # The function may use what Vienna has and hears, and nothing that it remembers of another night.
    other = _night(answer, second, night)[0]
    nights = (
        (night, other, second),
        (vienna, announced, beijing),
    )  # the first once more, when the second is over
    if not all(np.array_equal(_recovered(recover, own, said), key) for own, said, key in nights):
        return Verdict.wrong(
            "your function remembers the keys that it was made with: on another night it fails. It may use nothing "
            "but `vienna` and `announced`."
        )
    # Listeners learn nothing if what they may hear is the same, and as likely, whatever either key is.
    words = np.array(list(product((0, 1), repeat=3)), dtype=np.uint8)
    table = [[hear(b, v).tolist() for v in words] for b in words]
    if any(row == [row[0]] * len(row) for row in table):
        return Verdict.wrong("the announcement does not depend on Vienna's key, so it cannot hide Beijing's.")
    if not all(set(word) <= {0, 1} for word in (heard.tolist(), *(word for row in table for word in row))):
        return Verdict.wrong(
            "there is more than 0 and 1 in it, and it tells: who hears 0 or 2 knows both bits. Add modulo 2."
        )
    for name, rows in (("Beijing", table), ("Vienna", list(zip(*table, strict=True)))):
        for word, row in zip(words, rows, strict=True):
            if sorted(row) != sorted(rows[0]):
                return Verdict.wrong(
                    f"Vienna gets the key, but listeners learn something: with {word.tolist()} as {name}'s key they may "
                    f"hear other things than with {words[0].tolist()}. Hide every bit."
                )
    # Three bits are not a key: flip each bit of the long keys by itself.
    changes = {"vienna": [], "beijing": []}
    for unit in np.eye(length, dtype=np.uint8):
        for name, other in (
            ("beijing", hear(beijing ^ unit, vienna)),
            ("vienna", hear(beijing, vienna ^ unit)),
        ):
            if other.shape != heard.shape:
                return Verdict.wrong(
                    "how much is announced depends on the keys, and that tells something, too."
                )
            changes[name].append(int("".join(str(int(a != b)) for a, b in zip(other, heard, strict=True)), 2))
    told = _first_told(changes["vienna"], changes["beijing"])
    if told is None:
        return None
    return Verdict.wrong(
        f"short keys are hidden, long ones are not: of {length} bits listeners learn bit {told} of Beijing's key, or its "
        "sum with others. Every bit needs a bit of Vienna's for itself."
    )


@relay.mistake()
def in_the_clear(beijing, vienna):
    return beijing, lambda mine, announced: announced


@relay.mistake()
def and_instead_of_xor(beijing, vienna):
    return beijing & vienna, lambda mine, announced: mine & announced


@relay.mistake()
def no_function(beijing, vienna):
    return beijing ^ vienna, vienna


@relay.mistake()
def one_thing(beijing, vienna):
    return beijing ^ vienna


@relay.mistake()
def sum_with_carry(beijing, vienna):
    return beijing + vienna, lambda mine, announced: announced - mine


@relay.mistake()
def half_in_the_clear(beijing, vienna):
    def pad(key):
        return key * (np.arange(len(key)) % 2).astype(np.uint8)

    return beijing ^ pad(vienna), lambda mine, announced: announced ^ pad(mine)


@relay.mistake()
def only_the_first_bits_hidden(beijing, vienna):
    def pad(key):
        return np.where(np.arange(len(key)) < 3, key, 0).astype(np.uint8)

    return beijing ^ pad(vienna), lambda mine, announced: announced ^ pad(mine)


@relay.mistake()
def a_pad_used_again(beijing, vienna):
    def pad(key):
        return np.resize(key[:64], len(key))

    return beijing ^ pad(vienna), lambda mine, announced: announced ^ pad(mine)


@relay.mistake()
def a_function_that_remembers(beijing, vienna):
    return vienna ^ 1, lambda mine, announced: beijing


@relay.mistake()
def complement(beijing, vienna):
    return beijing ^ 1, lambda mine, announced: announced ^ 1


@relay.mistake()
def a_coin_for_each_bit(beijing, vienna):
    coins = np.random.default_rng().integers(0, 2, len(beijing), dtype=np.uint8)

    def recover(mine, announced):
        half = len(mine)
        return mine ^ announced[:half] ^ announced[half:]

    return np.concatenate([beijing ^ vienna ^ coins, coins]), recover
