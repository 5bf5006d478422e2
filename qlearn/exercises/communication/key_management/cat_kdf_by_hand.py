"""A hybrid key by hand: HKDF and a hash, and nothing besides."""

import dis
import hashlib
import hmac
from types import CodeType, FunctionType

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._stand_in import library_calls
from qlearn.exercises.comparisons import same_bytes


@exercise(
    level="core",
    same=same_bytes,
    right="both secrets and both transcripts are in it: one bit changed in any of them, and another key comes out.",
    because="""
        *Extract*: one HMAC, with the label as its key, turns the secrets into one key of 32 bytes. *Expand*: HMAC under that key
        makes blocks, each from the block before, the hash of what was said, and a number of one byte that begins at 1. The
        three lengths, of four bytes each, are what keeps `b"ab", b"c"` and `b"a", b"bc"` apart: without them Eve could move
        the border between two messages and leave the key as it is. The secrets have no lengths in front; theirs are fixed
        by the algorithms, and must be.
    """,
)
def cat_kdf_by_hand(secrets, label, context, first_message, second_message, length):
    r"""Return `length` bytes of key by CatKDF with SHA-256 (ETSI TS 103 744), from `hmac` and `hashlib` alone. All other
    arguments are bytes, `secrets` a list of them. What was said is $d = H(\ell_C\|C\|\ell_A\|M_A\|\ell_B\|M_B)$, for the
    context, the first and the second message, each behind its length in bytes, a number of 4 bytes, the highest first.
    Then HKDF: extract $p = \text{HMAC}(\text{label}, k_1\|k_2\|\dots)$; expand
    $T_i = \text{HMAC}(p, T_{i-1}\|d\|i)$ for i = 1, 2, ... with i in one byte and $T_0$ empty. The key is the beginning of
    $T_1\|T_2\|\dots$ Given: `hmac`, `hashlib` (`hmac.digest(key, message, "sha256")`).
    """
    said = hashlib.sha256()
    for part in (context, first_message, second_message):
        said.update(len(part).to_bytes(4, "big") + part)
    extracted = hmac.digest(label, b"".join(secrets), "sha256")
    block, key = b"", b""
    for number in range(1, -(-length // 32) + 1):
        block = hmac.digest(extracted, block + said.digest() + bytes([number]), "sha256")
        key += block
    return key[:length]


@cat_kdf_by_hand.cases
def exchanges(rng):
    """One block and many, to the most there is; two secrets, one, three of unequal length; messages empty, short and long."""
    secrets = [bytes(range(32)), bytes(range(0x40, 0x60)), bytes(range(0x80, 0xA0))]
    messages = bytes(0xA0 ^ i for i in range(40)), bytes(0x5B ^ i for i in range(50))
    yield secrets, b"label", b"qlearn hybrid v1", *messages, 32
    for sizes, label, context, first, second, length in (
        ((32, 32), 10, 7, 1184, 1088, 32),
        ((32, 32), 0, 0, 0, 0, 32),
        ((48, 32), 64, 12, 300, 257, 16),
        ((32, 32), 100, 20, 33, 70000, 33),
        ((32,), 3, 5, 0, 17, 64),
        ((40, 32, 32), 8, 300, 9, 0, 65),
        ((32, 32), 20, 9, 80, 60, 1),
        ((64, 32), 9, 4, 1184, 1088, 100),
        ((32, 32), 6, 6, 6, 6, 255 * 32),
    ):
        parts = (rng.bytes(n) for n in (label, context, first, second))
        yield [rng.bytes(n) for n in sizes], *parts, length
    both = rng.bytes(12)  # the same letters, with the border elsewhere
    for border in (5, 7):
        yield [rng.bytes(32)] * 2, b"label", b"", both[:border], both[border:], 32


def _names(code):
    """The names that a piece of code and the functions within it look up or import."""
    yield from {  # a method `.digest()` is no function `digest` beside it
        step.argval
        for step in dis.get_instructions(code)
        if step.opname in {"LOAD_GLOBAL", "LOAD_NAME", "IMPORT_NAME"}
    }
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


def _of_cryptography(answer, seen=None):
    """Tell whether an answer, or a function beside it that it names, imports the package `cryptography` or uses it."""
    seen = set() if seen is None else seen  # each function is looked at once
    seen.add(answer)
    given = getattr(answer, "__globals__", {})
    for name in _names(answer.__code__) if hasattr(answer, "__code__") else ():
        thing = given.get(name)
        home = getattr(thing, "__module__", None) or getattr(thing, "__name__", None) or ""
        if f"{name}.".startswith("cryptography.") or f"{home}.".startswith("cryptography."):
            return True
        beside = isinstance(thing, FunctionType) and thing.__globals__ is given and thing not in seen
        if beside and _of_cryptography(thing, seen):
            return True
    return False


@cat_kdf_by_hand.grader
def by_hand(answer, rng):
    """Refuse the library's own and a ready HKDF: it is to be written, and not called."""
    if _of_cryptography(answer):
        return Verdict.wrong(
            "the key is right, and the package `cryptography` has derived it: write HKDF with `hmac` and `hashlib` alone."
        )
    if library_calls(answer, exchanges(rng)):
        return Verdict.wrong(
            "the key is right, and the library has derived it: write yours, with `hmac` and `hashlib` alone."
        )
    return None


def _slip(secrets, label, context, first_message, second_message, length, **changed):
    """CatKDF with something changed."""
    parts = changed.get("parts", (context, first_message, second_message))
    size, order = changed.get("size", 4), changed.get("order", "big")
    text = b"".join(
        ((len(part) * changed.get("unit", 1)).to_bytes(size, order) if size else b"") + part for part in parts
    )
    digest = hashlib.sha256(text).digest() if changed.get("hashed", True) else text
    extracted = changed.get("extracted", hmac.digest(label, b"".join(secrets), "sha256"))
    block, key, number = b"", b"", changed.get("start", 1)
    while len(key) < length:
        chained = block if changed.get("chained", True) else b""
        block = hmac.digest(extracted, chained + digest + bytes([number % 256]), "sha256")
        key, number = key + block, number + changed.get("step", 1)
    return key[:length] if changed.get("cut", True) else key


@cat_kdf_by_hand.mistake(
    "the lengths are missing: then the border between two messages can be moved, and the key stays."
)
def without_lengths(*given):
    return _slip(*given, size=0)


@cat_kdf_by_hand.mistake('the lengths are numbers with the *highest* byte first: "big".')
def lengths_with_the_lowest_first(*given):
    return _slip(*given, order="little")


@cat_kdf_by_hand.mistake("a length has 4 bytes, and you give 8.")
def lengths_of_eight_bytes(*given):
    return _slip(*given, size=8)


@cat_kdf_by_hand.mistake("a length counts bytes, and you count bits.")
def lengths_in_bits(*given):
    return _slip(*given, unit=8)


@cat_kdf_by_hand.mistake("what was said is hashed before it goes into the expansion.")
def said_is_not_hashed(*given):
    return _slip(*given, hashed=False)


@cat_kdf_by_hand.mistake("the second message is not in it: Eve may change that one, and the key stays.")
def one_transcript(secrets, label, context, first, second, length):
    return _slip(secrets, label, context, first, second, length, parts=(context, first))


@cat_kdf_by_hand.mistake("the two messages are exchanged: the first speaker's comes first, at both ends.")
def messages_exchanged(secrets, label, context, first, second, length):
    return _slip(secrets, label, context, second, first, length)


@cat_kdf_by_hand.mistake("the context is not in it: then keys for two purposes are one.")
def without_the_context(secrets, label, context, first, second, length):
    return _slip(secrets, label, context, first, second, length, parts=(first, second))


@cat_kdf_by_hand.mistake("only the first secret is in it: it is no hybrid, and falls with that one.")
def one_secret(secrets, *others):
    return _slip(secrets[:1], *others)


@cat_kdf_by_hand.mistake("the secrets stand in the other order: the quantum key comes first.")
def secrets_in_the_other_order(secrets, *others):
    return _slip(secrets[::-1], *others)


@cat_kdf_by_hand.mistake(
    "key and message of the extraction are exchanged: the *label* is the key of that HMAC."
)
def salt_and_secret_exchanged(secrets, label, *others):
    extracted = hmac.digest(b"".join(secrets), label, "sha256")
    return _slip(secrets, label, *others, extracted=extracted)


@cat_kdf_by_hand.mistake("you left out the extraction: the secrets go through HMAC(label, ...) first.")
def without_extraction(secrets, label, *others):
    return _slip(secrets, label, *others, extracted=b"".join(secrets))


@cat_kdf_by_hand.mistake("the blocks are counted from 1.")
def blocks_from_zero(*given):
    return _slip(*given, start=0)


@cat_kdf_by_hand.mistake("the first 32 bytes are right. Each block takes in the block before it.")
def blocks_without_a_chain(*given):
    return _slip(*given, chained=False)


@cat_kdf_by_hand.mistake("the first 32 bytes are right. The number of the block goes up by 1 for each.")
def the_same_number(*given):
    return _slip(*given, step=0)


@cat_kdf_by_hand.mistake("the last block is not cut: return `length` bytes.")
def whole_blocks(*given):
    return _slip(*given, cut=False)


@cat_kdf_by_hand.mistake(
    "a plain hash of all that there is, and no HKDF: the secrets are keys of nothing in it."
)
def one_hash(secrets, label, *others):
    *parts, length = others
    return hashlib.shake_256(b"".join([*secrets, label, *parts])).digest(length)
