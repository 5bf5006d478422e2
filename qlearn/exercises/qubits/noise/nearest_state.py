"""The state that is nearest to what linear inversion gave."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import as_numbers, close


def nearest(answered, due):
    """Compare two matrices; of one that is no state, say so first."""
    different = close(answered, due, rel=0, abs=1e-5)  # what an optimiser finds is no mistake
    got = as_numbers(answered)
    if different is None or isinstance(got, str) or got.shape != due.shape or not np.isfinite(got).all():
        return different
    if not np.allclose(got, got.conj().T, atol=1e-5):
        return "your matrix is not Hermitian: so it is no state"
    if np.linalg.eigvalsh(got)[0] < -1e-5:
        return "your matrix has a negative eigenvalue: still no state. Change the eigenvalues"
    if abs(np.trace(got).real - 1) > 1e-5:
        return f"your matrix has trace {np.trace(got).real:.4g}: so it is no state"
    return "a state, but another one is nearer"


@exercise(
    level="stretch",
    same=nearest,
    right="The nearest state keeps the eigenvectors and lowers all eigenvalues that stay by the same amount.",
    because="""
        With the sum fixed, least squares lowers every eigenvalue that stays positive by the same shift and sets the
        rest to 0 (Smolin, Gambetta and Smith, arXiv:1106.5458). If the counts vary alike, this is nearly the most
        likely state, without a search.
    """,
)
def nearest_state(matrix):
    r"""Linear inversion gave a Hermitian `matrix` with trace 1 and a negative eigenvalue. Return the density
    matrix $\rho$ with the smallest $\lVert\rho - \texttt{matrix}\rVert_2$ (the root of the sum of
    squares, `np.linalg.norm`). Hint: keep the eigenvectors; the eigenvalues want to be non-negative,
    with sum 1, and as near as possible.
    """
    values, vectors = np.linalg.eigh(matrix)
    for drop in range(len(values)):  # values rise: drop the lowest first
        shift = (values[drop:].sum() - 1) / (len(values) - drop)
        if values[drop] > shift:
            break
    kept = np.where(np.arange(len(values)) >= drop, values - shift, 0)
    return (vectors * kept) @ vectors.conj().T


@nearest_state.cases
def inversions(rng):
    """One qubit to three; one negative eigenvalue or many, some that turn negative by the shift; a pure state due."""
    for values in (
        [1.1, -0.1],
        [0.7, 0.4, 0.02, -0.12],  # the shift makes a third one negative
        [0.8, 0.5, -0.05, -0.25],
        [1.6, 0.1, -0.3, -0.4],  # a pure state is nearest
        [0.4, 0.35, 0.3, -0.05],
        [0.6, 0.45, 0.2, 0.1, 0.03, -0.08, -0.1, -0.2],
    ):
        values = np.array(values) + rng.uniform(-0.01, 0.01, len(values))
        values += (1 - values.sum()) / len(values)
        d = len(values)
        vectors = np.linalg.qr(rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d)))[0]
        matrix = (vectors * values) @ vectors.conj().T
        yield ((matrix + matrix.conj().T) / 2,)


def _with(change, matrix):
    """Return the matrix with its eigenvalues changed."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * change(values)) @ vectors.conj().T


@nearest_state.mistake(
    "nothing is negative now, but the trace is above 1: what was cut off below has to be paid for above."
)
def clips(matrix):
    return _with(lambda values: values.clip(0), matrix)


@nearest_state.mistake(
    "a state, but not the nearest: you divide by the sum, which takes most from the largest eigenvalue. Take the "
    "same amount from every eigenvalue that stays positive."
)
def clips_and_divides(matrix):
    return _with(lambda values: values.clip(0) / values.clip(0).sum(), matrix)


@nearest_state.mistake(
    "that is what you were given, and it has a negative eigenvalue. Change the eigenvalues."
)
def does_nothing(matrix):
    return matrix


@nearest_state.mistake(
    "a state, but not the nearest: you mix with noise until nothing is negative, and that also moves eigenvectors' "
    "weights that were good. Cut off what is negative, and pay for it with what is left."
)
def mixes_until_positive(matrix):
    d = len(matrix)
    low = min(0, np.linalg.eigvalsh(matrix)[0])
    w = -low / (1 / d - low)
    return (1 - w) * matrix + w * np.eye(d) / d


@nearest_state.mistake(
    "after the shift an eigenvalue is negative that was not before. Drop that one, too, and take a new shift."
)
def shifts_once(matrix):
    def shifted(values):
        some = values > 0
        return np.where(some, values - (values[some].sum() - 1) / some.sum(), 0)

    return _with(shifted, matrix)


@nearest_state.mistake(
    "you cut off what the shift made negative, and the trace is above 1 again. Drop it before you take the shift."
)
def shifts_once_and_clips(matrix):
    def shifted(values):
        some = values > 0
        return np.where(some, values - (values[some].sum() - 1) / some.sum(), 0).clip(0)

    return _with(shifted, matrix)


@nearest_state.mistake(
    "a state, but not the nearest: you take all from the largest eigenvalue. A little from each moves it less."
)
def the_largest_pays(matrix):
    def paid(values):
        kept = values.clip(0)
        kept[-1] -= kept.sum() - 1
        return kept

    return _with(paid, matrix)


@nearest_state.mistake(
    "a negative eigenvalue is not a positive one with the wrong sign: 0 is nearer to it than its size is."
)
def takes_sizes(matrix):
    return _with(lambda values: np.abs(values) / np.abs(values).sum(), matrix)


@nearest_state.mistake(
    "the nearest *pure* state, mostly further away: more than one eigenvalue may stay positive."
)
def the_nearest_pure_state(matrix):
    return _with(lambda values: np.eye(len(values))[-1], matrix)
