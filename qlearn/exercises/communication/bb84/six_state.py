"""The six-state protocol, which has a third basis."""

import sys
from functools import partial

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import close
from qlearn.qubits import Circuit


@exercise(
    level="project",
    # 6,000 pulses leave 667 bits a basis: the difference of two draws has a sigma of 0.027 at most.
    same=partial(close, rel=0, abs=0.15),
    right="1/3 in each: with three bases Eve is wrong more often than with two, and pays more for it.",
    because=r"""
        If Eve, too, chooses among three, her basis is wrong two times in three, and then Bob's outcome is a coin:
        $\tfrac23 \cdot \tfrac12 = \tfrac13$. Only a third of the pulses is kept, but each tells more about her: the
        error rate at which the plain key rate reaches 0 rises from 11.0 % to 12.6 %. An Eve who reads one basis only
        makes the same *average*, and none in her own basis: the average over the bases would hide her.
    """,
)
def six_state(n_pulses, eve, rng):
    """The six-state protocol is BB84 with a third basis, Y. Write it on `Circuit`: Alice and Bob choose Z, X or Y
    (0, 1, 2) with 1/3 each. `eve` is None, or holds her basis for each pulse: she measures it and resends what she
    found. Return the three error rates of the sifted bits in Z, in X and in Y. `rng` is a NumPy `Generator`. Into Y: H,
    then S. Given: `np`, `Circuit`.
    """
    bits = rng.integers(0, 2, n_pulses)
    alice, bob = rng.integers(0, 3, (2, n_pulses))

    def into(circuit, basis):
        return circuit.h(0, where=basis > 0).s(0, where=basis == 2)

    def out_of(circuit, basis):
        return circuit.sdg(0, where=basis == 2).h(0, where=basis > 0)

    sent = into(Circuit(1, bits=2).x(0, where=bits == 1), alice)
    if eve is not None:
        sent = into(out_of(sent, eve).measure(0, 0), eve)
    received = out_of(sent, bob).measure(0, 1).run(rng=rng).bits[:, 1]
    sifted = alice == bob
    return [np.mean((received != bits)[sifted & (alice == basis)]) for basis in range(3)]


@six_state.cases
def eves(rng):
    """None; one who keeps to a basis; one who has two; one who chooses among all."""
    n = 6_000
    yield n, None, rng
    for basis in rng.permutation(3):
        yield n, np.full(n, basis), rng
    yield n, rng.choice(rng.permutation(3)[:2], n), rng
    yield n, rng.integers(0, 3, n), rng


@six_state.grader
def counts(answer, rng):
    """A rate that is counted is another one every time, and comes out of a circuit that was run."""
    eve, called = rng.integers(0, 3, 200), set()

    def watch(frame, event, argument):
        if event == "call":
            called.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        rates = {tuple(np.ravel(answer(200, eve, rng))) for _ in range(4)}
    finally:
        sys.setprofile(before)
    if len(rates) == 1:
        return Verdict.wrong(
            "the same, whatever the pulses: that is a formula. Send them through a circuit and count."
        )
    if not called & {Circuit.run.__code__, Circuit.matrix.__code__}:
        return Verdict.wrong(
            "no circuit was run: errors are drawn by a formula that knows them already. Send the pulses through a "
            "`Circuit` and see which are wrong."
        )
    return None


def _slip(
    n_pulses, eve, rng, *, bases=3, undo_s=lambda c, y: c.sdg(0, where=y), sift_by_eve=False, sift=True
):
    """The solution with something wrong: what the mistakes are made of."""
    bits = rng.integers(0, 2, n_pulses)
    alice, bob = rng.integers(0, bases, (2, n_pulses))

    def into(circuit, basis):
        return circuit.h(0, where=basis > 0).s(0, where=basis == 2)

    def out_of(circuit, basis):
        return undo_s(circuit, basis == 2).h(0, where=basis > 0)

    sent = into(Circuit(1, bits=2).x(0, where=bits == 1), alice)
    if eve is not None:
        sent = into(out_of(sent, eve).measure(0, 0), eve)
    received = out_of(sent, bob).measure(0, 1).run(rng=rng).bits[:, 1]
    sifted = (alice == (eve if sift_by_eve and eve is not None else bob)) | (not sift)
    return [np.mean((received != bits)[sifted & (alice == basis)]) for basis in range(bases)]


@six_state.mistake("you throw among two bases: Y is missing, and three rates are asked for.")
def two_bases(n_pulses, eve, rng):
    return _slip(n_pulses, eve, rng, bases=2)


@six_state.mistake("you count all pulses. Sift first: keep those that Bob read in Alice's basis.")
def does_not_sift(n_pulses, eve, rng):
    return _slip(n_pulses, eve, rng, sift=False)


@six_state.mistake("you keep the pulses of which *her* basis is Alice's. Bob's must be: nobody knows hers.")
def sifts_by_the_basis_of_eve(n_pulses, eve, rng):
    return _slip(n_pulses, eve, rng, sift_by_eve=True)


@six_state.mistake("without Eve the Y bits are coins, as if Y were read in X: S dagger, then H.")
def reads_y_in_x(n_pulses, eve, rng):
    return _slip(n_pulses, eve, rng, undo_s=lambda circuit, y: circuit)


@six_state.mistake(
    "without Eve every bit in Y is wrong: S twice is Z, which turns the bit. Out of Y is S dagger, then H."
)
def s_for_s_dagger(n_pulses, eve, rng):
    return _slip(n_pulses, eve, rng, undo_s=lambda circuit, y: circuit.s(0, where=y))


@six_state.mistake("no errors with Eve: she measures every pulse, in the middle of the circuit.")
def without_eve(n_pulses, eve, rng):
    return _slip(n_pulses, None, rng)


@six_state.mistake("your Eve reads always in Z: `eve` says in which basis she does.")
def eve_always_in_z(n_pulses, eve, rng):
    return _slip(n_pulses, None if eve is None else 0 * eve, rng)


@six_state.mistake("one average for all three hides an Eve who keeps to one basis: each has its own rate.")
def average_of_all(n_pulses, eve, rng):
    return [float(np.mean(_slip(n_pulses, eve, rng)))] * 3


@six_state.mistake()
def draws_by_a_formula(n_pulses, eve, rng):
    return [
        0.0 if eve is None else rng.binomial(n_pulses // 9, np.mean(eve != basis) / 2) / (n_pulses // 9)
        for basis in range(3)
    ]


@six_state.mistake()
def a_formula(n_pulses, eve, rng):
    return [0.0 if eve is None else float(np.mean(eve != basis)) / 2 for basis in range(3)]
