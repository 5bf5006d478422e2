"""Words under pads that cancel in the sum of all."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import exact


@exercise(
    level="core",
    intact=True,
    same=exact,
    right="one word of yours says nothing without the pads, and in the sum of all clients every pad has gone.",
    because=r"""
        The pad of i and j is added by one of them and subtracted by the other, so it cancels in the sum of all; who does which
        has to be settled without asking, and the indices settle it. A pad that is drawn evenly from all words makes the masked
        word even too, whatever was in it: this is a one-time pad modulo $2^{64}$, and each word takes a fresh one. Unsigned
        arrays of NumPy add and subtract modulo $2^{64}$ by themselves.
    """,
)
def pairwise_mask(words, i, keys):
    r"""Clients of a federation share a pad in pairs. Return the words that client i sends: its own `words`, with the pad of
    each other client j added if $i<j$ and subtracted if $i>j$, modulo $2^{64}$. `keys` is a dict of the pads by j; they and
    `words` are arrays of `np.uint64` of one length. Who is not in `keys` takes no part. What you were given must stay as it
    is: pads are needed again if somebody drops out.
    """
    masked = words.copy()
    for j, pad in keys.items():
        masked = masked + pad if i < j else masked - pad
    return masked


@pairwise_mask.cases
def clients(rng):
    """The first of all, the last, one in between; all peers, a few, one, none; in any order, with gaps."""
    yield (
        np.array([32768, 2**64 - 81920], np.uint64),
        0,
        {
            1: np.array([0x0123456789ABCDEF, 0xFEDCBA9876543210], np.uint64),
            2: np.array([0x1111111111111111, 0x2222222222222222], np.uint64),
        },
    )
    for place, n in (
        ("first", 4),
        ("last", 4),
        ("between", 5),
        ("between", 9),
        ("any", 1),
        ("any", 0),
        ("any", 2),
    ):
        known = np.sort(rng.permutation(20)[: n + 1])
        at = {"first": 0, "last": n, "between": 1 + int(rng.integers(max(n - 1, 1)))}.get(
            place, int(rng.integers(n + 1))
        )
        i, length = int(known[at]), int(rng.integers(1, 7))
        words, *pads = rng.integers(0, 2**64, (n + 1, length), dtype=np.uint64)
        yield words, i, dict(zip(rng.permutation(np.delete(known, at)).tolist(), pads))
    for i, j in ((3, 12), (12, 3)):
        words, pad = rng.integers(0, 2**64, (2, 3), dtype=np.uint64)
        yield words, i, {j: pad}


@pairwise_mask.mistake(
    "adding and subtracting are exchanged: the *lower* index adds. All clients have to do the same."
)
def signs_exchanged(words, i, keys):
    return words - (pairwise_mask.solution(words, i, keys) - words)


@pairwise_mask.mistake("you add every pad: then none cancels. Of two clients one has to subtract.")
def always_added(words, i, keys):
    return words + sum(keys.values(), np.zeros_like(words))


@pairwise_mask.mistake("you subtract every pad: then none cancels. Of two clients one has to add.")
def always_subtracted(words, i, keys):
    return words - sum(keys.values(), np.zeros_like(words))


@pairwise_mask.mistake("XOR hides the words, and does not cancel in a *sum*: add and subtract.")
def by_exclusive_or(words, i, keys):
    for pad in keys.values():
        words = words ^ pad
    return words


@pairwise_mask.mistake(
    "only the first pad of `keys` is used: whoever holds that one reads your words. Use all."
)
def one_pad(words, i, keys):
    return pairwise_mask.solution(words, i, dict(list(keys.items())[:1]))


@pairwise_mask.mistake(
    "you compare the places of the clients in `keys`, and the keys of that dict are their indices: those are compared."
)
def by_place(words, i, keys):
    for place, pad in enumerate(keys.values()):
        words = words + pad if i < place else words - pad
    return words


@pairwise_mask.mistake(
    "you leave out peers with a lower index than yours: their pads are yours too, subtracted."
)
def those_above(words, i, keys):
    return pairwise_mask.solution(words, i, {j: pad for j, pad in keys.items() if i < j})


@pairwise_mask.mistake("you leave out peers with a higher index than yours: their pads are yours too, added.")
def those_below(words, i, keys):
    return pairwise_mask.solution(words, i, {j: pad for j, pad in keys.items() if j < i})


@pairwise_mask.mistake("you return the sum of the pads, and your words are not in it.")
def the_mask_alone(words, i, keys):
    return pairwise_mask.solution(words, i, keys) - words


@pairwise_mask.mistake("these are the words as they were: the server would read them.")
def unmasked(words, i, keys):
    return words


@pairwise_mask.mistake("the words are taken modulo 2**63: a bit of each is gone, and the sum goes with it.")
def modulo_a_bit_less(words, i, keys):
    return pairwise_mask.solution(words, i, keys) % np.uint64(2**63)


@pairwise_mask.mistake()
def not_reduced(words, i, keys):
    signed = [int(pad_sign) for pad_sign in words]
    for j, pad in keys.items():
        signed = [x + (1 if i < j else -1) * int(p) for x, p in zip(signed, pad)]
    return signed


@pairwise_mask.mistake()
def in_floats(words, i, keys):
    total = words.astype(float)
    for j, pad in keys.items():
        total = total + (1 if i < j else -1) * pad.astype(float)
    return total % 2.0**64


@pairwise_mask.mistake("what you were given has changed: work on a copy")
def in_place(words, i, keys):
    for j, pad in keys.items():
        words += pad if i < j else -pad
    return words
