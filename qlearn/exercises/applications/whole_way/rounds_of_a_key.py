"""How many masked rounds a stored key pays for."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="a store that cuts keys of whole pieces, pairs that each need their own, and a round that is paid in full or not held.",
    because=r"""
        A pair hides two shares and one pad, each as long as the message: $3dw$ bits; two tags of 256 bits come on top. The store
        makes a key of whole pieces, and what is left of the last piece is nobody's: round *up* for each pair. There are
        $n(n-1)/2$ pairs. And a round is held or it is not: round *down* at the end.
    """,
)
def rounds_of_a_key(stored, n, d, w, piece):
    """A store holds `stored` bits of key in pieces of `piece` bits. n clients train; a message is d words of w bits, the weight
    included. In each round each *pair* of clients draws one key of 3 d w + 512 bits, which the store makes of whole pieces: what
    is left of the last is discarded. Return how many whole rounds the store pays for.
    """
    pieces = -(-(3 * d * w + 512) // piece)
    return stored // (n * (n - 1) // 2 * pieces * piece)


@rounds_of_a_key.cases
def stores(rng):
    """Small models and large, few clients and many, pieces that fit and that do not, a store with too little, one to the bit."""
    yield from (
        (85_248, 3, 22, 64, 256),
        (85_248, 3, 6, 64, 256),
        (14_591, 3, 22, 64, 256),
        (14_592, 3, 22, 64, 256),
    )
    for _ in range(8):
        n, d, w = (int(rng.integers(*ends)) for ends in ((3, 9), (2, 60), (8, 65)))
        yield int(rng.integers(10**6, 10**7)), n, d, w, int(rng.choice([128, 256, 1024, 4096]))
    for _ in range(3):
        n, d, w, piece = int(rng.integers(3, 7)), int(rng.integers(2, 30)), 64, 256
        price = n * (n - 1) // 2 * -(-(3 * d * w + 512) // piece) * piece
        yield int(rng.integers(2, 9)) * price - int(rng.integers(0, 2)), n, d, w, piece


def _rounds(stored, n, bits):
    return stored // (n * (n - 1) // 2 * bits)


@rounds_of_a_key.mistake("the store discards what is left of the last piece: round the pieces of a pair up.")
def to_the_bit(stored, n, d, w, piece):
    return _rounds(stored, n, 3 * d * w + 512)


@rounds_of_a_key.mistake("you rounded the pieces down: a pair would get less than it asks for.")
def pieces_down(stored, n, d, w, piece):
    return _rounds(stored, n, max(1, (3 * d * w + 512) // piece) * piece)


@rounds_of_a_key.mistake("a pair is counted at both of its ends: its key leaves the store once.")
def both_ends(stored, n, d, w, piece):
    return stored // (n * (n - 1) * -(-(3 * d * w + 512) // piece) * piece)


@rounds_of_a_key.mistake("that is what one client draws with the others: all pairs take from the one store.")
def one_client(stored, n, d, w, piece):
    return stored // ((n - 1) * -(-(3 * d * w + 512) // piece) * piece)


@rounds_of_a_key.mistake("the two tags are forgotten: 512 bits a pair.")
def without_tags(stored, n, d, w, piece):
    return _rounds(stored, n, -(-3 * d * w // piece) * piece)


@rounds_of_a_key.mistake(
    "a pair hides three things as long as the message: a pad, and a share of each one's own mask."
)
def one_pad(stored, n, d, w, piece):
    return _rounds(stored, n, -(-(d * w + 512) // piece) * piece)


@rounds_of_a_key.mistake("round down at the end: a round that is half paid is not held.")
def not_rounded(stored, n, d, w, piece):
    return stored / (n * (n - 1) // 2 * -(-(3 * d * w + 512) // piece) * piece)
