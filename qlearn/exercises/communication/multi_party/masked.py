"""What a party says in a private sum."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="each pad comes once with plus and once with minus, so the sum of all words is the sum of all numbers.",
    because=r"""
        Of two parties i < j one adds $r_{ij}$ and the other takes it away: which of them is only a rule that both
        must know. Whoever misses the pad of two parties sees of their two words the sum alone, for the pad is uniform
        modulo m. With all pads but the one of a pair known, the rest is still hidden: that is why n - 2 colluders
        learn nothing but the sum of the two that are left.
    """,
)
def masked(value, me, pads, modulus):
    """A private sum modulo `modulus`. You are party number `me`, your number is `value`, and `pads[j]` is the number
    that you share with party j, from 0 to `modulus` - 1 (what stands at `pads[me]` means nothing). Of two parties the one
    with the lower number adds the pad, the other takes it away. Return what you say aloud, from 0 to `modulus` - 1.
    """
    said = value
    for j in range(len(pads)):
        if j > me:
            said += pads[j]
        if j < me:
            said -= pads[j]
    return said % modulus


@masked.cases
def sums(rng):
    """Three to six parties, every place at the table, and something at the own place that must not count."""
    for n in (3, 4, 6):
        modulus = int(rng.integers(50, 1000))
        for me in range(n):
            pads = rng.integers(1, modulus, n).tolist()
            yield int(rng.integers(0, modulus // n)), me, pads, modulus


@masked.mistake("if both add their pad it comes twice, and the sum is off: the higher number takes it away.")
def all_plus(value, me, pads, modulus):
    return (value + sum(pads) - pads[me]) % modulus


@masked.mistake("the signs are exchanged: towards parties with a higher number than yours you add.")
def signs_exchanged(value, me, pads, modulus):
    return (value + sum(pads[:me]) - sum(pads[me + 1 :])) % modulus


@masked.mistake("what stands at your own place is no pad: nobody else takes it away again.")
def own_place_too(value, me, pads, modulus):
    return (value + sum(pads[me:]) - sum(pads[:me])) % modulus


@masked.mistake(
    "take the result modulo the modulus: outside of 0 to modulus - 1 its size tells of your number."
)
def not_reduced(value, me, pads, modulus):
    return value + sum(pads[me + 1 :]) - sum(pads[:me])


@masked.mistake("these are the pads alone: your number is missing.")
def without_the_number(value, me, pads, modulus):
    return (sum(pads[me + 1 :]) - sum(pads[:me])) % modulus
