"""The dealer's bit of one round, or none."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the sum of the shares, and one flip for two Y. With an odd number of Y there is no parity to read.",
    because=r"""
        The product of all outcomes is $i^k$ for an even number k of Y, so the bits of all parties add up to $k/2$
        modulo 2. Bring all but the dealer's to the other side: $b_0 = b_1 \oplus \dots \oplus b_{n-1} \oplus k/2$.
        Each share is needed: leave one out and what is left is a fair coin.
    """,
)
def dealer_bit(shares, setting):
    """Secret sharing with a GHZ state of any number of parties. `setting` is what all parties have measured and
    announced, a word such as `"XYY"`, the dealer's letter first; `shares` is the list of the bits (0 or 1) that all
    others have found. Return the dealer's bit, or `None` where the round is not useful.
    """
    count = setting.count("Y")
    if count % 2:
        return None
    return (sum(shares) + count // 2) % 2


@dealer_bit.cases
def rounds(rng):
    """Three to six parties; settings of every number of Y, coins for shares."""
    for n in (3, 3, 4, 4, 5, 6):
        for count in range(n + 1):
            letters = rng.permutation(["Y"] * count + ["X"] * (n - count))
            yield rng.integers(0, 2, n - 1).tolist(), "".join(letters)


@dealer_bit.mistake("right in XXX and wrong in XYY: two Y flip the parity.")
def forgets_the_sign(shares, setting):
    return None if setting.count("Y") % 2 else sum(shares) % 2


@dealer_bit.mistake(
    "with an odd number of Y the bits have no parity: such a round says nothing, return None."
)
def keeps_all_rounds(shares, setting):
    return (sum(shares) + setting.count("Y") // 2) % 2


@dealer_bit.mistake("one flip for two Y: four bring two flips, which is none.")
def one_flip_for_any(shares, setting):
    count = setting.count("Y")
    return None if count % 2 else (sum(shares) + (count > 0)) % 2


@dealer_bit.mistake("a majority is not a parity: of the shares count whether the number of ones is odd.")
def majority(shares, setting):
    count = setting.count("Y")
    return None if count % 2 else (int(2 * sum(shares) > len(shares)) + count // 2) % 2


@dealer_bit.mistake("the number of Y counts the dealer's letter too.")
def without_the_dealers_letter(shares, setting):
    count = setting[1:].count("Y")
    return None if count % 2 else (sum(shares) + count // 2) % 2
