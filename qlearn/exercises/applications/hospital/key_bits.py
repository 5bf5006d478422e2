"""The key bits of a whole training."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="the price goes with the square of the hospitals and with the size of the model; patients cost nothing.",
    because=r"""
        Each of the $n(n-1)/2$ pairs draws three pads as long as the message, $d+1$ words of 64 bits: one that hides the updates,
        and one each way for the shares that let a round survive a hospital that falls out. Two tags of 256 bits guard the
        shares. All of it is used once, so every round pays again.
    """,
)
def key_bits(n, d, rounds):
    """n hospitals train a model of d parameters in so many rounds. In each round every *pair* of hospitals draws three pads, each
    as long as the message: d + 1 words of 64 bits, the last for the number of patients. It also draws two keys of 256 bits for
    tags. Return the key bits of the whole training, of all pairs together.
    """
    pairs = n * (n - 1) // 2
    return rounds * pairs * (3 * 64 * (d + 1) + 2 * 256)


@key_bits.cases
def federations(rng):
    """Two hospitals and many, small models and large."""
    yield 5, 31, 20
    yield 2, 1, 1
    for _ in range(6):
        yield int(rng.integers(3, 12)), int(rng.integers(2, 500)), int(rng.integers(2, 60))


@key_bits.mistake("the number of patients is a word of the message, too: d + 1.")
def without_the_weight(n, d, rounds):
    return rounds * (n * (n - 1) // 2) * (3 * 64 * d + 512)


@key_bits.mistake("a pair is counted once: n (n - 1) / 2 of them, not n (n - 1).")
def pairs_twice(n, d, rounds):
    return rounds * n * (n - 1) * (3 * 64 * (d + 1) + 512)


@key_bits.mistake("that is what one hospital draws, with its n - 1 partners; all pairs are asked for.")
def one_hospital(n, d, rounds):
    return rounds * (n - 1) * (3 * 64 * (d + 1) + 512)


@key_bits.mistake("three pads: one for the updates, and one each way for the shares.")
def one_pad(n, d, rounds):
    return rounds * (n * (n - 1) // 2) * (64 * (d + 1) + 512)


@key_bits.mistake("the tags are forgotten: two of 256 bits a pair and round.")
def without_tags(n, d, rounds):
    return rounds * (n * (n - 1) // 2) * 3 * 64 * (d + 1)


@key_bits.mistake("that is one round: a pad is used once, and each round pays again.")
def one_round(n, d, rounds):
    return (n * (n - 1) // 2) * (3 * 64 * (d + 1) + 512)
