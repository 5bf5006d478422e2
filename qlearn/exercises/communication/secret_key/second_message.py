"""Second message."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="The key fell out, though you never had it. One known message opens every other.",
    because="""
        c1 = m1 ^ k and c2 = m2 ^ k, so c1 ^ c2 = m1 ^ m2: the key cancels. XOR with m1 leaves m2. Where no message
        is known, the habits of a language are enough: a space against a letter only changes its case.
    """,
)
def second_message(first_cipher, second_cipher, first):
    """Alice used one pad twice. You have both ciphers, and you know the first message (it began every day
    in the same way). Write `second_message(first_cipher, second_cipher, first)`, all bytes: what does
    the second say?
    """
    return bytes(a ^ b ^ m for a, b, m in zip(first_cipher, second_cipher, first))


@second_message.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_second_message of the old module
    yield ()


@second_message.mistake(
    "this is the one message against the other: the key is gone. Now use the message that you know."
)
def one_against_the_other(first_cipher, second_cipher, first):
    return bytes(a ^ b for a, b in zip(first_cipher, second_cipher))


@second_message.mistake("this is the key. It is the same for the second cipher: one step more.")
def the_key(first_cipher, second_cipher, first):
    return bytes(a ^ m for a, m in zip(first_cipher, first))


@second_message.mistake(
    "one cipher alone has the key in it still: only against the other cipher does it fall out."
)
def one_cipher(first_cipher, second_cipher, first):
    return bytes(b ^ m for b, m in zip(second_cipher, first))


@second_message.mistake("this is the message that you were given.")
def the_first_message(first_cipher, second_cipher, first):
    return first


@second_message.mistake("you read b'no, at midnight.'; that is not what Alice sealed. c1 ^ c2 = m1 ^ m2.")
def learnt_by_heart(first_cipher, second_cipher, first):
    return b"no, at midnight."


@second_message.mistake("return bytes, not list: bytes(a ^ b for a, b in zip(...)).")
def a_list(first_cipher, second_cipher, first):
    return [a ^ b ^ m for a, b, m in zip(first_cipher, second_cipher, first)]
