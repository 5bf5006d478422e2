"""How well a message can be read out of qubits."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="2**n / messages, the same as for n bits: amplitudes are many, readable answers are not.",
    because=r"""
        Whatever Bob does, his chance to answer $k$ when $k$ was sent is at most $\operatorname{tr} E_k$. These
        traces add to the trace of the unit matrix, $2^n$, and each message comes with chance 1/`messages`. $n$ bits
        do as well.
    """,
)
def best_guess(n, messages):
    """Alice picks one of `messages` equally likely messages and writes it into `n` qubits as she likes; Bob, who has
    nothing else from her, measures as he likes. Return the best chance that Bob names her message.
    """
    return min(1, 2**n / messages)


@best_guess.cases
def sizes(rng):
    """Too many messages for the room, just enough, fewer; numbers that are no powers of two; one message only."""
    for n in rng.integers(2, 6, 1).tolist():
        yield n, 2**n
        yield n, int(rng.integers(1, 2**n))
        yield n, int(rng.integers(2**n + 1, 4 * 2**n))
    for n in (1, 2, 3):
        yield n, int(rng.integers(4**n + 1, 3 * 4**n))
        yield n, int(rng.integers(2 ** (2**n) + 1, 3 * 2 ** (2**n)))
    yield int(rng.integers(10, 20)), int(rng.integers(10**7, 10**8))
    yield int(rng.integers(1, 9)), 1


@best_guess.mistake(
    "you count the amplitudes as if they could be read, a bit in each of the 2**n. n qubits tell at most 2**n messages "
    "apart, not 2**(2**n)."
)
def reads_the_amplitudes(n, messages):
    return 1 if messages <= 2 ** (2**n) else 2 ** (2**n) / messages


@best_guess.mistake(
    "an amplitude may hold any message, but no measurement reads an amplitude. The answer depends on how many messages "
    "there are."
)
def always_certain(n, messages):
    return 1


@best_guess.mistake(
    "that is a guess without looking at the qubits. They are worth a factor 2**n, as long as there are so many messages."
)
def does_not_look(n, messages):
    return 1 / messages


@best_guess.mistake("more than certain: when there is room for all messages the chance is 1.")
def not_capped(n, messages):
    return 2**n / messages


@best_guess.mistake(
    "4**n is what n qubits of shared pairs can tell, when Bob holds the partners already. Here he has nothing but the n "
    "qubits."
)
def superdense(n, messages):
    return min(1, 4**n / messages)


@best_guess.mistake("n qubits have 2**n outcomes, not 2 n.")
def two_n_for_two_to_the_n(n, messages):
    return 1 if messages <= 2**n else 2 * n / messages


@best_guess.mistake("n qubits have 2**n outcomes: you count the qubits, n.")
def n_for_two_to_the_n(n, messages):
    return min(1, n / messages)


@best_guess.mistake(
    "if there are more messages than outcomes, she still does better than a blind guess: with chance "
    "2**n / messages hers is one of those that have an outcome of their own."
)
def all_or_nothing(n, messages):
    return 1 if messages <= 2**n else 1 / messages
