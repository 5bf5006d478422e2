"""A conference key over noisy lines, round by round."""

from functools import partial

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import close
from qlearn.qubits import Circuit


@exercise(
    level="project",
    # 1,000 rounds: the difference of two draws of a share has a sigma of 0.0224 at most.
    same=partial(close, rel=0, abs=0.125),
    right=(
        "bit flips cost those whose keys they part, one pair at a time. Sign flips show in no key and add up, whoever's "
        "line they come from: (1 - (1-2p)^3)/2 for three alike. So conferences need better lines, the larger they are."
    ),
    because=r"""
        An X on one qubit turns one bit in Z; two keys differ where one of the two was turned and the other was not. A Z
        on any one qubit turns the plus of the GHZ state into a minus: nothing changes in Z, and the parity in X turns
        odd. Two such flips undo each other, so with $p$ on each line odd rounds have probability $(1-(1-2p)^3)/2$. A
        key may have no errors, and its rate is nevertheless $1 - h(Q_X)$. Why look at X at all? A source of product
        states in Z makes equal keys, too, and half of its X rounds are odd.
    """,
)
def meeting(source, n_rounds, p_x, p_z, rng):
    """Three parties share what `source` emits: a `Circuit` on three wires with three bits that measures nothing yet (GHZ
    states, if it is honest). On its way each qubit suffers an X with the probability of its party in `p_x`, and a Z with
    that in `p_z` (Alice, Bob, Carol), each by a coin of its own. Run `n_rounds` rounds in which all measure Z, and as many
    in which all measure X, and count: return the error rates of Bob's and of Carol's key against Alice's, and the share of
    X rounds with an odd number of ones. All rounds are one circuit: `where=` takes an array with one truth value a round.
    `rng` is a NumPy `Generator`. Given: `np`, `Circuit`.
    """

    def rounds(hadamard):
        state = source
        for party in range(3):
            state = state.x(party, where=rng.random(n_rounds) < p_x[party])
            state = state.z(party, where=rng.random(n_rounds) < p_z[party])
        for party in range(3):
            state = (state.h(party) if hadamard else state).measure(party, party)
        return state.run(rng=rng).bits

    z, x = rounds(hadamard=False), rounds(hadamard=True)
    return np.mean(z[:, 1] != z[:, 0]), np.mean(z[:, 2] != z[:, 0]), np.mean(x.sum(axis=1) % 2)


def _ghz():
    return Circuit(3, bits=3).h(0).cx(0, 1).cx(0, 2)


@meeting.cases
def lines(rng):
    """Sign flips alone and both kinds, each party with much and with little; then a source that emits no GHZ states."""
    n, some, none = 1_000, rng.permutation([0.02, 0.3, 0.98]), np.zeros(3)
    yield _ghz(), n, some + rng.uniform(-0.02, 0.02, 3), some, rng
    yield _ghz(), n, none, np.roll(some, 1) + rng.uniform(-0.02, 0.02, 3), rng
    yield _ghz(), n, rng.uniform(0.4, 0.45, 3), np.roll(some, 2), rng
    yield _ghz().ry(rng.uniform(0.9, 1.3), 1).ry(rng.uniform(1.9, 2.3), 2), n, some, none, rng


@meeting.grader
def counts(answer, rng):
    """A share that is counted is another one every time."""
    line = np.array(
        [0.3, 0.3, 0.0]
    )  # Bob's key differs where one X has come through, a round is odd where one Z has
    seen = [np.ravel(answer(_ghz(), 1_000, line, line, rng)) for _ in range(5)]
    if len({tuple(one) for one in seen}) == 1:
        return Verdict.wrong("the same, whatever the rounds: that is a formula. Run a circuit and count.")
    if all(one.size == 3 and one[0] == one[2] for one in seen):  # by chance once in some 10^8 times
        return Verdict.wrong(
            "the Z of your X rounds fall where the X of your Z rounds fell: one coin decides for both. Throw new ones."
        )
    return None


BITS = np.arange(8)[:, None] >> np.array([2, 1, 0]) & 1


def _turned(chances, coins, one_coin):
    """The chances of three bits after each has been turned by its coin, or all by one."""
    if one_coin:
        upper, lower = np.where(BITS == 1, coins, 1).min(1), np.where(BITS == 0, coins, 0).max(1)
        patterns = np.maximum(upper - lower, 0)
    else:
        patterns = np.where(BITS == 1, coins, 1 - np.asarray(coins)).prod(1)
    return chances[np.arange(8)[:, None] ^ np.arange(8)] @ patterns


def _slip(source, p_x, p_z, *, one_coin=False, after=False, reference=(0, 0), keys=(1, 2), parity=(0, 1, 2)):
    """What is to be expected of the solution with something wrong: quicker than its rounds."""
    in_z, in_x = (np.abs(circuit.matrix()[:, 0]) ** 2 for circuit in (source, source.h(0).h(1).h(2)))
    z, x = _turned(in_z, p_x, one_coin), _turned(in_x, p_x if after else p_z, one_coin)
    parted = [z @ (BITS[:, a] != BITS[:, b]) for a, b in zip(reference, keys, strict=True)]
    return *parted, x @ (BITS[:, parity].sum(1) % 2)


@meeting.mistake("bit flips and sign flips are exchanged: `p_x` are the chances of an X, `p_z` those of a Z.")
def the_two_kinds_exchanged(source, n_rounds, p_x, p_z, rng):
    return _slip(source, p_z, p_x)


@meeting.mistake(
    "no noise comes through: `where=` says in which rounds a gate acts; keep the circuit it returns."
)
def no_noise(source, n_rounds, p_x, p_z, rng):
    return _slip(source, 0 * p_x, 0 * p_z)


@meeting.mistake("the bit flips are missing: your keys have fewer errors than the lines make.")
def sign_flips_alone(source, n_rounds, p_x, p_z, rng):
    return _slip(source, 0 * p_x, p_z)


@meeting.mistake("the sign flips are missing: they show in the X rounds.")
def bit_flips_alone(source, n_rounds, p_x, p_z, rng):
    return _slip(source, p_x, 0 * p_z)


@meeting.mistake("one coin decides for all three. Each qubit suffers by a coin of its own.")
def one_coin_for_all(source, n_rounds, p_x, p_z, rng):
    return _slip(source, p_x, p_z, one_coin=True)


@meeting.mistake("one of the three lines has noise in your rounds, that of Alice; all have.")
def one_noisy_line(source, n_rounds, p_x, p_z, rng):
    return _slip(source, p_x * [1, 0, 0], p_z * [1, 0, 0])


@meeting.mistake("two of the three lines have noise in your rounds; Alice's has some, too.")
def two_noisy_lines(source, n_rounds, p_x, p_z, rng):
    return _slip(source, p_x * [0, 1, 1], p_z * [0, 1, 1])


@meeting.mistake("each party has chances of its own: you use Alice's for all lines.")
def one_noise_for_all(source, n_rounds, p_x, p_z, rng):
    return _slip(source, p_x[[0, 0, 0]], p_z[[0, 0, 0]])


@meeting.mistake(
    "your X rounds are coins, noise or none: an H on each qubit comes before it is measured, and the parity is that of "
    "*all three* bits."
)
def parity_of_two(source, n_rounds, p_x, p_z, rng):
    return _slip(source, p_x, p_z, parity=(0, 1))


@meeting.mistake("these are the *even* rounds; count those with an odd number of ones.")
def even_rounds(source, n_rounds, p_x, p_z, rng):
    bob, carol, odd = _slip(source, p_x, p_z)
    return bob, carol, 1 - odd


@meeting.mistake(
    "your X rounds turn odd by the chances `p_x`. There the Z is seen, by those in `p_z`: the noise happens on the line, before "
    "the H, which is part of the measurement. After it, X and Z change their parts."
)
def noise_after_the_h(source, n_rounds, p_x, p_z, rng):
    return _slip(source, p_x, p_z, after=True)


@meeting.mistake("the right numbers in another order: Bob's error rate, Carol's, the share of odd rounds.")
def the_odd_rounds_first(source, n_rounds, p_x, p_z, rng):
    bob, carol, odd = _slip(source, p_x, p_z)
    return odd, bob, carol


@meeting.mistake(
    "Carol's error rate stands where Bob's should: he is the second of the three, she the third."
)
def carol_before_bob(source, n_rounds, p_x, p_z, rng):
    return _slip(source, p_x, p_z, keys=(2, 1))


@meeting.mistake("a key compared with itself has no errors: compare Bob's and Carol's with Alice's.")
def a_key_with_itself(source, n_rounds, p_x, p_z, rng):
    return _slip(source, p_x, p_z, reference=(1, 2))


@meeting.mistake("you compare Carol with Bob; both are to be compared with Alice.")
def carol_against_bob(source, n_rounds, p_x, p_z, rng):
    return _slip(source, p_x, p_z, reference=(0, 1))


@meeting.mistake(
    "you prepare GHZ states of your own. What arrives is what `source` emits, honest or not: start from it."
)
def a_source_of_its_own(source, n_rounds, p_x, p_z, rng):
    return _slip(_ghz(), p_x, p_z)


@meeting.mistake()
def a_formula(source, n_rounds, p_x, p_z, rng):
    return _slip(source, p_x, p_z)
