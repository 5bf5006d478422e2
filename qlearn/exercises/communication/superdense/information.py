"""How much Bob's reading tells of the message."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="and it is the pair of bits that counts: their errors go together, and that is information.",
    because="""
        Mutual information compares what was seen with what two independent columns would give: the sum of p(m, r)
        log2 of p(m, r) over p(m) p(r). Cells that were never seen add nothing. It is positive even for independent
        columns, by chance: where each of the 16 cells can come up, it is about 9 / (2 n ln 2) too large from n messages.
    """,
)
def information(counts):
    """`counts[m, r]` says how often message m (2z + x) was sent and r was read: an array of shape (4, 4), some of
    it 0. Return the mutual information of message and reading, in bits a pair, with the shares as probabilities.
    Given: `np`.
    """
    joint = counts / counts.sum()
    alone = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)
    seen = joint > 0
    return (joint[seen] * np.log2(joint[seen] / alone[seen])).sum()


@information.cases
def counted(rng):
    """Pairs of several qualities, messages even and uneven, a row that is never sent, and no noise at all."""
    for f in (1.0, rng.uniform(0.8, 0.99), rng.uniform(0.3, 0.7)):
        weights = f * np.eye(4)[0] + (1 - f) * np.r_[0, rng.dirichlet(np.ones(3))]
        for odds in (rng.dirichlet(np.ones(4)), np.array([0.5, 0.2, 0.3, 0.0]), np.ones(4) / 4):
            law = np.array([odds[m] * weights[np.arange(4) ^ m] for m in range(4)])
            yield (rng.multinomial(int(rng.integers(400, 4000)), law.ravel()).reshape(4, 4),)


def _mutual(counts):
    joint = counts / counts.sum()
    alone = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)
    seen = joint > 0
    return (joint[seen] * np.log2(joint[seen] / alone[seen])).sum()


@information.mistake("this is in nats: bits have base 2.")
def in_nats(counts):
    return _mutual(counts) * np.log(2)


@information.mistake(
    "you asked each bit by itself and added. The errors of the two bits go together, and knowing that is worth bits."
)
def bit_by_bit(counts):
    four = counts.reshape(2, 2, 2, 2)
    return _mutual(four.sum(axis=(1, 3))) + _mutual(four.sum(axis=(0, 2)))


@information.mistake(
    "this is two bits times the share that arrived. A wrong reading tells something, too, and a right one is not "
    "known to be right."
)
def two_bits_if_right(counts):
    return 2 * np.trace(counts) / counts.sum()


@information.mistake(
    "you took the messages as equally likely: 2 - H of the errors. Take the odds from the table."
)
def even_messages(counts):
    errors = np.array([sum(counts[m, m ^ e] for m in range(4)) for e in range(4)]) / counts.sum()
    return 2 + (errors[errors > 0] * np.log2(errors[errors > 0])).sum()


@information.mistake(
    "you took 2 bits for what there is to say: that is so if the messages are equally likely."
)
def two_bits_less_the_doubt(counts):
    joint, read = counts / counts.sum(), counts.sum(axis=0) / counts.sum()
    return 2 + (joint[joint > 0] * np.log2((joint / np.where(read, read, 1))[joint > 0])).sum()


@information.mistake(
    "this is the entropy of the joint table: how much there is to say, not what one column tells of the other."
)
def joint_entropy(counts):
    p = counts[counts > 0] / counts.sum()
    return -(p * np.log2(p)).sum()


@information.mistake("this is the entropy of what Bob reads. Take off what his reading owes to the errors.")
def entropy_of_the_reading(counts):
    p = counts.sum(axis=0) / counts.sum()
    return -(p[p > 0] * np.log2(p[p > 0])).sum()


@information.mistake("that is not a number: a cell that was never seen adds 0, but log2(0) does not know it.")
def forgets_the_empty_cells(counts):
    joint = counts / counts.sum()
    with np.errstate(all="ignore"):
        return (joint * np.log2(joint / (joint.sum(1, keepdims=True) * joint.sum(0)))).sum()
