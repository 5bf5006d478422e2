"""Bits a qubit, at the busy hour and in all."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="up to two at the busy hour, and never more than one for every slot that was used.",
    because=r"""
        Of f free slots $\eta f$ bring a pair, of which M can be kept and b can be used: $m=\min(\eta f,M,b)$. Of the b busy
        qubits $\eta$ arrive, m of them, before loss, with two bits and the others with one: $\eta(b+m)$ bits. A pair took
        $1/\eta$ slots, so $b+m/\eta$ slots were used. The second number is $\eta(b+m)/(b+m/\eta)$, at most $\eta$, which is what
        a bare qubit brings: whoever counts every slot has gained nothing.
    """,
)
def bits_per_qubit(busy, free, eta, memories):
    r"""A line has `busy` slots in which messages wait, and `free` slots before, in which halves of perfect pairs can be sent. A
    qubit arrives with the chance `eta`; a half that arrives is a pair, and at most `memories` pairs can be kept. In a busy slot
    a qubit with a pair carries two bits, one without a pair carries one; one that is lost carries none, and its pair is lost with
    it. No more free slots are used than it takes, in the mean, to make the pairs that are needed. Take means for counts. Return
    the tuple `(busy_hour, in_all)`: bits that arrive for each busy slot, and for each slot that was used.
    """
    pairs = min(eta * free, memories, busy)
    bits = eta * (busy + pairs)
    return bits / busy, bits / (busy + pairs / eta)


@bits_per_qubit.cases
def lines(rng):
    """Each of the three limits in turn: what arrives, what can be kept, what can be used; no free slot, no memory, no loss."""
    yield 100, 100, 1.0, 1000
    yield 100, 0, 0.5, 50
    yield 200, 400, 0.3, 0
    for _ in range(3):
        busy, eta = int(rng.integers(100, 1000)), float(rng.uniform(0.1, 0.9))
        yield busy, int(busy * rng.uniform(0.2, 0.8)), eta, 10 * busy  # what arrives
        yield busy, int(5 * busy / eta), eta, int(busy * rng.uniform(0.1, 0.9))  # what can be kept
        yield busy, int(busy / eta * rng.uniform(1.2, 4)), eta, 3 * busy  # what can be used


def _of(busy, pairs, eta, slots=None):
    bits = eta * (busy + pairs)
    return bits / busy, bits / (busy + pairs / eta if slots is None else slots)


@bits_per_qubit.mistake(
    "both numbers are for a line that loses nothing: of the busy qubits, too, only eta arrive."
)
def messages_all_arrive(busy, free, eta, memories):
    pairs = min(eta * free, memories, busy)
    return (busy + pairs) / busy, (busy + pairs) / (busy + pairs / eta)


@bits_per_qubit.mistake("a half that is lost makes no pair: of the free slots only eta do.")
def halves_all_arrive(busy, free, eta, memories):
    return _of(busy, min(free, memories, busy), eta)


@bits_per_qubit.mistake("you use more pairs than there are messages: one for each busy slot at most.")
def more_pairs_than_messages(busy, free, eta, memories):
    return _of(busy, min(eta * free, memories), eta)


@bits_per_qubit.mistake("a pair that cannot be kept is none: `memories` limits them.")
def without_memories(busy, free, eta, memories):
    return _of(busy, min(eta * free, busy), eta)


@bits_per_qubit.mistake("the first is right. In the second each pair took 1/eta slots, not one.")
def a_slot_a_pair(busy, free, eta, memories):
    pairs = min(eta * free, memories, busy)
    return _of(busy, pairs, eta, busy + pairs)


@bits_per_qubit.mistake(
    "the first is right. In the second you count all free slots, also those that were not used."
)
def all_free_slots(busy, free, eta, memories):
    return _of(busy, min(eta * free, memories, busy), eta, busy + free)


@bits_per_qubit.mistake(
    "the first is right. The second is the same with you: the slots of the pairs count too."
)
def without_the_pairs(busy, free, eta, memories):
    return _of(busy, min(eta * free, memories, busy), eta, busy)


@bits_per_qubit.mistake("not every busy qubit has a pair: those without carry one bit.")
def two_bits_for_all(busy, free, eta, memories):
    pairs = min(eta * free, memories, busy)
    return 2 * eta, 2 * eta * busy / (busy + pairs / eta)


@bits_per_qubit.mistake(
    "a busy qubit without a pair is not silent: it carries one bit, as it would without any pair."
)
def silent_without_a_pair(busy, free, eta, memories):
    pairs = min(eta * free, memories, busy)
    return 2 * eta * pairs / busy, 2 * eta * pairs / (busy + pairs / eta)


@bits_per_qubit.mistake("the two numbers are exchanged: first for each busy slot, then for each slot used.")
def exchanged(busy, free, eta, memories):
    return bits_per_qubit.solution(busy, free, eta, memories)[::-1]
