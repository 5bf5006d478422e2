"""What a phase flip leaves of an arrow."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="0.9 - 0.1 = 1 - 2p. At p = 1/2 the arrow is gone, though every single qubit is pure.",
    because=r"""
        A phase flip turns $|{+}\rangle$ into $|{-}\rangle$. The mean of $+1$ and $-1$ with chances 0.9 and 0.1 is
        0.8.
    """,
)
def arrow():
    r"""Qubits in $|{+}\rangle$ suffer a phase flip with chance 0.1. By hand: what is $\langle X\rangle$
    afterwards?
    """
    return 0.9 * 1 + 0.1 * (-1)


@arrow.mistake(
    "0.9 is the share that keeps its sign. The other 0.1 are not nothing: they point to -x. Add their -1."
)
def only_the_good_ones():
    return 0.9


@arrow.mistake(
    "0.45 looks like 0.9 * 0.5, an entry of the density matrix. <X> is the sum of its two coherences, signs "
    "included."
)
def an_entry_of_the_matrix():
    return 0.45


@arrow.mistake(
    "1 would mean that nothing happened. A phase flip changes |+> into |->; it is |0> and |1> that it spares."
)
def no_effect():
    return 1.0


@arrow.mistake("0.1 is how many are flipped. <X> is the mean over all of them, +1 for those that were not.")
def the_bad_ones():
    return 0.1


@arrow.mistake("0.81 = 0.9 squared: no root or square is needed here, only the mean of +1 and -1.")
def squared():
    return 0.81


@arrow.mistake("the size is right, the sign is not: most of the qubits still answer +1.")
def the_other_sign():
    return -0.8
