"""Relay."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="project",
    right=(
        "A one-time pad: Beijing's key is the message, Vienna's the pad. Listeners learn nothing of either; the "
        "satellite knows everything, and that is why it is called *trusted*."
    ),
    because="""
        The sum modulo 2 of two independent random keys is random whatever either of them is. Vienna adds her own
        and has Beijing's. The satellite knew both all the time: the distance is bridged by trust, not by quantum
        mechanics.
    """,
)
def relay(beijing, vienna):
    """The satellite has made one key with Beijing and one with Vienna, of the same length. Write
    `relay(beijing, vienna)`: it returns what the satellite *announces in public*, and a function
    `recover(vienna, announced)` by which Vienna gets Beijing's key. Listeners must learn nothing.
    """

    def recover(mine, announced):
        return mine ^ announced

    return beijing ^ vienna, recover


@relay.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_relay of the old module
    yield ()


@relay.mistake("the satellite announces a key in the clear: everybody who hears it has it.")
def in_the_clear(beijing, vienna):
    return beijing, lambda mine, announced: announced


@relay.mistake("Vienna does not get Beijing's key. What turns one key into the other, bit by bit?")
def and_instead_of_xor(beijing, vienna):
    return beijing & vienna, lambda mine, announced: mine & announced


@relay.mistake("the second thing is a function of Vienna's key and of what was announced.")
def no_function(beijing, vienna):
    return beijing ^ vienna, vienna


@relay.mistake("return two things: what the satellite announces, and the function that Vienna applies.")
def one_thing(beijing, vienna):
    return beijing ^ vienna


@relay.mistake("the sum has a carry, and it tells: who hears 0 or 2 knows both bits. Add modulo 2.")
def sum_with_carry(beijing, vienna):
    return beijing + vienna, lambda mine, announced: announced - mine


@relay.mistake(
    "Vienna gets the key, but listeners learn something: with [0, 0, 1] as Beijing's key they may hear other "
    "things than with [0, 0, 0]. Hide every bit."
)
def half_in_the_clear(beijing, vienna):
    hide = vienna * (np.arange(len(vienna)) % 2).astype(np.uint8)

    def recover(mine, announced):
        return announced ^ mine * (np.arange(len(mine)) % 2).astype(np.uint8)

    return beijing ^ hide, recover


@relay.mistake(
    "short keys are hidden, long ones are not: of 115 bits listeners learn bit 3 of Beijing's key, or its sum "
    "with others. Every bit needs a bit of Vienna's for itself."
)
def only_the_first_bits_hidden(beijing, vienna):
    def pad(key):
        return np.where(np.arange(len(key)) < 3, key, 0).astype(np.uint8)

    return beijing ^ pad(vienna), lambda mine, announced: announced ^ pad(mine)


@relay.mistake(
    "short keys are hidden, long ones are not: of 115 bits listeners learn bit 0 of Beijing's key, or its sum "
    "with others. Every bit needs a bit of Vienna's for itself."
)
def a_pad_used_again(beijing, vienna):
    def pad(key):
        return np.resize(key[:64], len(key))

    return beijing ^ pad(vienna), lambda mine, announced: announced ^ pad(mine)


@relay.mistake(
    "your function remembers the keys that it was made with: on another night it fails. It may use nothing but "
    "`vienna` and `announced`."
)
def a_function_that_remembers(beijing, vienna):
    return vienna ^ 1, lambda mine, announced: beijing


@relay.mistake("the announcement does not depend on Vienna's key, so it cannot hide Beijing's.")
def complement(beijing, vienna):
    return beijing ^ 1, lambda mine, announced: announced ^ 1
