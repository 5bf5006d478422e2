"""The second message under a pad that was used twice."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import a


def same_bytes(answered, due):
    """Compare bytes."""
    if not isinstance(answered, bytes | bytearray | memoryview):
        return f"return bytes, and not {a(answered)}: bytes(a ^ b for a, b in zip(...))"
    if bytes(answered) == due:
        return None
    if len(answered) < len(due) and bytes(answered) in (
        due.strip(),
        due.strip(b"\0"),
        due.lstrip(b"\0"),
        due.rstrip(b"\0"),
    ):
        return "what stands at the ends of the message is lost: blanks and zeros are bytes of it, too"
    if len(answered) != len(due):
        return f"you read {len(answered)} bytes; the cipher has {len(due)}"
    return "that is not what Alice sealed. c1 ^ c2 = m1 ^ m2"


@exercise(
    level="core",
    same=same_bytes,
    right="The key fell out, though you never had it. One known message opens every other.",
    because="""
        c1 = m1 ^ k and c2 = m2 ^ k, so c1 ^ c2 = m1 ^ m2: the key cancels. XOR with m1 leaves m2. Where no message
        is known, the habits of a language are enough: a space against a letter only changes its case.
    """,
)
def second_message(first_cipher, second_cipher, first):
    """Alice used one pad twice. You have both ciphers, and you know the `first` message (it began every day
    in the same way); all three are bytes of one length. Return what the second says, as bytes.
    """
    return bytes(a ^ b ^ m for a, b, m in zip(first_cipher, second_cipher, first, strict=True))


@second_message.cases
def days(rng):
    """A greeting and its answer, one with blanks and zeros at either end, and bytes of any kind, of one to sixty."""
    messages = [(b"meet me at noon!", b"no, at midnight.")]
    messages += [(rng.bytes(8), b"\0 8 pm\n\0"), (rng.bytes(9), b" and go! ")]
    messages += [(rng.bytes(n), rng.bytes(n)) for n in (1, *rng.integers(2, 60, 5).tolist())]
    for first, second in messages:
        key = rng.bytes(len(first))
        yield _xor(first, key), _xor(second, key), first


def _xor(one, other):
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


@second_message.mistake(
    "this is the one message against the other: the key is gone. Now use the message that you know."
)
def one_against_the_other(first_cipher, second_cipher, first):
    return _xor(first_cipher, second_cipher)


@second_message.mistake("this is the key. It is the same for the second cipher: one step more.")
def the_key(first_cipher, second_cipher, first):
    return _xor(first_cipher, first)


@second_message.mistake(
    "one cipher alone has the key in it still: only against the other cipher does it fall out."
)
def one_cipher(first_cipher, second_cipher, first):
    return _xor(second_cipher, first)


@second_message.mistake("this is the message that you were given.")
def the_first_message(first_cipher, second_cipher, first):
    return first


@second_message.mistake("this is the second cipher as it stands: the key is in it still.")
def the_second_cipher(first_cipher, second_cipher, first):
    return second_cipher


@second_message.mistake("bits are added without a carry: `^`, where you add the numbers.")
def adds_with_a_carry(first_cipher, second_cipher, first):
    return bytes((b - a + m) % 256 for a, b, m in zip(first_cipher, second_cipher, first, strict=True))


@second_message.mistake()
def a_list(first_cipher, second_cipher, first):
    return list(_xor(_xor(first_cipher, second_cipher), first))
