"""The CHSH value from settings and bits alone."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="and it needed nothing but settings and bits: not the state, not the angles, no trust.",
    because="""
        Select, compare, average, add with signs. The middle settings (1 on either side) belong to the key. Each of
        the four means has its own number of rounds and its own error; the squares of the errors add.
    """,
)
def chsh_value(alice_choices, bob_choices, alice_bits, bob_bits):
    """Return S at Ekert's angles, from arrays with one entry a round: the choices are the settings 0, 1, 2,
    the bits the answers. $S = E_{00} - E_{02} + E_{20} + E_{22}$, where $E_{xy}$ is the mean of +1 for equal
    bits and -1 for different ones over the rounds in which Alice chose $x$ and Bob $y$. Given: `np`.
    """
    total = 0
    for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1)):
        here = (alice_choices == x) & (bob_choices == y)
        equal = np.mean(alice_bits[here] == bob_bits[here])
        total += sign * (2 * equal - 1)
    return total


@chsh_value.cases
def sessions(rng):
    """Perfect pairs, pairs of the opposite sign, S largest in size with the minus elsewhere, S above 2 sqrt 2, noise."""
    middle = np.sqrt(0.5)
    perfect = np.array([[middle, 0, -middle], [1, middle, 0], [middle, 1, middle]])
    lucky = np.array([[1, 0, -1], [0, 0, 0], [1, 0, 0.9]])
    elsewhere = np.array([[0.8, 0, 0.7], [0, 0, 0], [-0.8, 0, 0.9]])
    for correlations in (perfect, -perfect, lucky, elsewhere, rng.uniform(-1, 1, (3, 3))):
        n = int(rng.integers(400, 900))
        alice, bob = (rng.choice(3, n, p=p).astype(np.uint8) for p in rng.dirichlet((40, 30, 50), 2))
        mine = rng.integers(0, 2, n, dtype=np.uint8)
        differ = rng.random(n) > (1 + correlations[alice, bob]) / 2
        yield alice, bob, mine, mine ^ differ.astype(np.uint8)


PLACES = ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1))


def _slip(
    alice_choices,
    bob_choices,
    alice_bits,
    bob_bits,
    *,
    places=PLACES,
    product=lambda a, b: 2.0 * (a == b) - 1,
):
    """The solution with other places or signs, or with another product of two answers."""
    terms = []
    for x, y, sign in places:
        here = (alice_choices == x) & (bob_choices == y)
        terms.append(sign * np.mean(product(alice_bits[here], bob_bits[here])))
    return np.array(terms)


@chsh_value.mistake(
    "you add all four. One combination, Alice's 0 with Bob's 135 degrees, enters with a minus: its answers differ"
    " more often than not."
)
def no_minus(*session):
    return _slip(*session, places=((0, 0, 1), (0, 2, 1), (2, 0, 1), (2, 2, 1))).sum()


@chsh_value.mistake("the right size with the wrong sign: equal bits count +1, different ones -1.")
def wrong_sign(*session):
    return -_slip(*session).sum()


@chsh_value.mistake(
    "you add shares of equal bits. A correlation is the mean of +1 (equal) and -1 (different), from -1 to 1."
)
def shares_of_equal_bits(*session):
    return _slip(*session, product=lambda a, b: a == b).sum()


@chsh_value.mistake(
    "each correlation is a mean over the rounds of *its* combination; divide by their number, not by all."
)
def divides_by_all_rounds(alice_choices, bob_choices, alice_bits, bob_bits):
    return adds_up_the_rounds(alice_choices, bob_choices, alice_bits, bob_bits) / len(alice_bits)


@chsh_value.mistake(
    "these are sums over rounds. A correlation is a mean: divide each by its number of rounds."
)
def adds_up_the_rounds(alice_choices, bob_choices, alice_bits, bob_bits):
    signs = np.where(alice_bits == bob_bits, 1, -1)
    return sum(sign * signs[(alice_choices == x) & (bob_choices == y)].sum() for x, y, sign in PLACES)


@chsh_value.mistake(
    "you divide by a ninth of the rounds: so many are *expected* in a combination. Count those that there are."
)
def divides_by_a_ninth(alice_choices, bob_choices, alice_bits, bob_bits):
    return 9 * divides_by_all_rounds(alice_choices, bob_choices, alice_bits, bob_bits)


@chsh_value.mistake()
def another_combination(*session):
    return _slip(*session, places=((0, 0, 1), (0, 2, -1), (2, 0, 1), (1, 2, 1))).sum()


@chsh_value.mistake("S has a sign, which you drop: lists are bounded on both sides, by -2 and 2.")
def no_sign(*session):
    return abs(_slip(*session).sum())


@chsh_value.mistake("one minus, but at another combination: it belongs to settings 0 and 2.")
def a_minus_elsewhere(*session):
    return _slip(*session, places=((0, 0, 1), (0, 2, 1), (2, 0, 1), (2, 2, -1))).sum()


@chsh_value.mistake(
    "Alice's settings come first: the minus belongs to her 0 with his 2, not to her 2 with his 0."
)
def the_two_sides_exchanged(*session):
    return _slip(*session, places=((0, 0, 1), (0, 2, 1), (2, 0, -1), (2, 2, 1))).sum()


@chsh_value.mistake(
    "you put the minus where it makes S largest. Its place is settled before the rounds; chosen after a look at them,"
    " chance alone makes S larger."
)
def the_minus_where_it_pays(*session):
    terms = _slip(*session, places=((0, 0, 1), (0, 2, 1), (2, 0, 1), (2, 2, 1)))
    return max(terms.sum() - 2 * terms.min(), 2 * terms.max() - terms.sum())


@chsh_value.mistake(
    "you cut S at 2 sqrt 2. No *mean* goes beyond it, but few rounds may by chance: say what they show."
)
def cut_at_the_quantum_bound(*session):
    return np.clip(_slip(*session).sum(), -2 * np.sqrt(2), 2 * np.sqrt(2))


@chsh_value.mistake("S is the sum of the four correlations, not their mean: lists reach 2, not 1/2.")
def the_mean_of_the_four(*session):
    return _slip(*session).mean()


@chsh_value.mistake("you multiply bits 0 and 1. The answers are +1 and -1: a bit b stands for 1 - 2b.")
def a_product_of_bits(*session):
    return _slip(*session, product=lambda a, b: a * b).sum()


@chsh_value.mistake(
    "the bits are uint8, and in uint8 1 - 2 is 255: compare them with ==, or turn them into floats first."
)
def signs_in_uint8(*session):
    return _slip(*session, product=lambda a, b: (1 - 2 * a) * (1 - 2 * b)).sum()
