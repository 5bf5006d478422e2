"""The strength of depolarising noise from a count of errors."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="Every second lost qubit is right by luck, so the strength is twice the share of errors.",
    because=r"""
        A qubit that is lost comes out wrong in half of the cases: $e = p/2$. The likelihood of k errors among n is
        greatest where $e = k/n$, so at $p = 2k/n$; if that is above 1, it still rises at the border, $p = 1$.
    """,
)
def mle_noise(errors, n):
    r"""Of `n` qubits that were sent through a depolarising channel, $\rho\to(1-p)\rho+p\,\mathbb 1/2$, and read in the
    basis that they were prepared in, `errors` came out wrong. Return the strength p, from 0 to 1, that makes this count
    most likely.
    """
    return min(1.0, 2 * errors / n)


@mle_noise.cases
def counts(rng):
    """No error, few, nearly half, more than half."""
    for share in (0.0, 0.02, 0.1, 0.3, 0.45, 0.8):
        n = int(rng.integers(20, 2000))
        yield int(share * n), n
    yield 1, int(rng.integers(3, 20))
    n = int(rng.integers(20, 200))
    yield n, n


@mle_noise.mistake("that is the share of errors, p/2: half of the lost qubits come out right by luck.")
def share_of_errors(errors, n):
    return errors / n


@mle_noise.mistake(
    "the strength is a probability: where more than half are wrong, the likelihood is greatest at p = 1."
)
def beyond_one(errors, n):
    return 2 * errors / n


@mle_noise.mistake("3p/4 is the error of half a Bell pair. A single qubit is wrong with p/2.")
def of_a_pair(errors, n):
    return min(1.0, 4 * errors / (3 * n))


@mle_noise.mistake(
    "that is the mean of a belief, not the maximum of the likelihood: nothing is added to the counts."
)
def mean_of_a_belief(errors, n):
    return min(1.0, 2 * (errors + 1) / (n + 2))


@mle_noise.mistake("you halve where you should double: p is larger than the share of errors.")
def halved(errors, n):
    return errors / (2 * n)


@mle_noise.mistake("a lost qubit keeps nothing of its state: no square root of the share that survives.")
def square_root(errors, n):
    return 1 - max(0.0, 1 - 2 * errors / n) ** 0.5
