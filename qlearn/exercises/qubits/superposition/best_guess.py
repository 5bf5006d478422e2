"""Best guess."""

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
    """Alice picks one of `messages` equally likely messages and writes it into `n` qubits as she likes;
    Bob measures as he likes. Write `best_guess(n, messages)`: the best chance that Bob names her
    message.
    """
    return min(1, 2**n / messages)


@best_guess.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_best_guess of the old module
    yield ()


@best_guess.mistake(
    "for 8 messages in 1 qubit you say 0.5: that counts the amplitudes as if they could be read. n qubits tell at"
    " most 2**n messages apart: 0.25."
)
def reads_the_amplitudes(n, messages):
    return min(1, 2 ** (2**n) / messages)


@best_guess.mistake(
    "for 2 messages in 1 qubit you say 0.5: that is a guess without looking at the qubits. They are worth a "
    "factor 2**n."
)
def does_not_look(n, messages):
    return 1 / messages


@best_guess.mistake(
    "for 4 messages in 3 qubits you say 2: more than certain. When there is room for all messages the chance is "
    "1."
)
def not_capped(n, messages):
    return 2**n / messages


@best_guess.mistake(
    "for 64 messages in 3 qubits you say 0.09375; the bound is min(1, 2**n / messages) = 0.125."
)
def m_2n_instead_of_2_n(n, messages):
    return 1 if messages <= 2**n else 2 * n / messages


@best_guess.mistake("for 8 messages in 3 qubits you say 0.375; the bound is min(1, 2**n / messages) = 1.")
def n_instead_of_2_n(n, messages):
    return min(1, max(n, 2) / messages)
