"""A private sum, digit by digit, from parties whose numbers nobody sees."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import Circuit, partial_trace


class Voter:
    """A party: it adds its turn to a circuit, and tells nobody its number. It turns no qubit that fewer than all could read."""

    def __init__(self, number, place, n_parties):
        self.__number = number
        self.place, self.n_parties = place, n_parties

    def __call__(self, circuit, wire, digit):
        if circuit.n_qubits != self.n_parties or wire != self.place:
            raise ValueError(f"party {self.place} turns wire {self.place} of {self.n_parties} and no other")
        if not _needs_all_others(circuit, wire):
            raise ValueError(
                f"party {self.place} does not turn: its qubit is not entangled with all the others"
            )
        return circuit.p(np.pi * self.__number / 2**digit, wire)


def _needs_all_others(circuit, wire):
    """Return whether a turn of the wire stays hidden if any one other is missing, as in a GHZ state of all."""
    gates = tuple(step for step in circuit.operations if step.bit is None and not isinstance(step.where, int))
    n, before = circuit.n_qubits, Circuit(circuit.n_qubits, operations=gates)
    states = [each.run() for each in (before, before.z(wire))]
    return all(
        np.allclose(*(partial_trace(state, keep=[k for k in range(n) if k != left]) for state in states))
        for left in range(n)
        if left != wire
    )


@exercise(
    level="project",
    right="each digit is the parity of coins, and nobody has seen a number but its owner.",
    because=r"""
        After all turns the phase between $|0\dots0\rangle$ and $|1\dots1\rangle$ is $\pi S/2^l$. Its whole turns do not
        count, so of S the digits 0 to l are left in it; take back the lower ones, which are known, and $\pi s_l$
        remains: the parity of the outcomes of X is $s_l$, with certainty. It is the quantum Fourier transform, read
        digit by digit as in phase estimation. What has *not* been asked: who made the GHZ state, and whether each
        turned once.
    """,
)
def tally(parties, n_bits, rng):
    """Add numbers that you do not see. Each of `parties` is a function: `parties[j](circuit, j, digit)` returns the
    circuit with that party's turn added on its wire j, the phase pi x / `2**digit` for its secret number x. It turns its
    own wire only, of a circuit with a wire for each party, entangled with all the others. For each digit of
    the sum, the lowest (0) first: make a GHZ state of all parties, let each turn its wire, take back the digits that you
    know by then, measure X on all wires (H, then `measure`) and read the digit from the parity. Return the sum, which
    is below `2**n_bits`. Use `rng` in `run(rng=rng)`. Given: `np`, `Circuit`.
    """
    n, known = len(parties), 0
    for digit in range(n_bits):
        circuit = Circuit(n, bits=n).h(0)
        for wire in range(1, n):
            circuit = circuit.cx(0, wire)
        circuit = circuit.p(-np.pi * known / 2**digit, 0)
        for wire in range(n):
            circuit = parties[wire](circuit, wire, digit).h(wire).measure(wire, wire)
        bits = circuit.run(rng=rng).bits
        known += int(bits.sum() % 2) << digit
    return known


@tally.cases
def elections(rng):
    """Three parties and four, sums with zeros and ones among their digits, and the largest sum that there is."""
    yield _voters(rng.multinomial(31, [1 / 3] * 3)), 5, rng
    yield _voters(rng.multinomial(int(rng.integers(16, 32)), [1 / 4] * 4)), 5, rng
    yield _voters([7, 8, 0]), 4, rng


def _voters(numbers):
    return [Voter(int(number), place, len(numbers)) for place, number in enumerate(numbers)]


def _digits(parties, n_bits):
    return sum(party._Voter__number for party in parties) % 2**n_bits


@tally.mistake("an even parity is the digit 0, an odd one the digit 1: yours are exchanged.")
def digits_exchanged(parties, n_bits, rng):
    return 2**n_bits - 1 - _digits(parties, n_bits)


@tally.mistake("the digits are right, and stand in the wrong order: the first that you read is the lowest.")
def wrong_order(parties, n_bits, rng):
    return int(f"{_digits(parties, n_bits):0{n_bits}b}"[::-1], 2)


@tally.mistake("this is the parity of the sum, its lowest digit. Go on with the next digit.")
def only_the_lowest(parties, n_bits, rng):
    return _digits(parties, 1)


@tally.mistake("the highest digit is missing: there are n_bits of them.")
def one_digit_short(parties, n_bits, rng):
    return _digits(parties, n_bits - 1)


@tally.mistake("take the known digits back: without that the phase of the next round is no multiple of pi.")
def takes_nothing_back(parties, n_bits, rng):
    n, known = len(parties), 0
    for digit in range(n_bits):
        circuit = Circuit(n, bits=n).h(0)
        for wire in range(1, n):
            circuit = circuit.cx(0, wire)
        for wire in range(n):
            circuit = parties[wire](circuit, wire, digit).h(wire).measure(wire, wire)
        known += int(circuit.run(rng=rng).bits.sum() % 2) << digit
    return known
