"""Alignment."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="The cosine of an angle between two matrices: no machine, no C, no folds.",
    because=r"""
        Read as long vectors, two matrices have an inner product $\sum_{ij}K_{ij}T_{ij}$, and so an angle. H takes
        out what all rows have in common; without it a large class makes every vague kernel look good.
    """,
)
def alignment(K, y):
    r"""Write `alignment(K, y)`: the centred alignment of a kernel matrix with labels $-1$ and $1$, $\langle
    K_c, T_c\rangle/(\|K_c\|\,\|T_c\|)$ with $T=y\,y^{\mathsf T}$ and $K_c=HKH$, $H=I-\tfrac1n\mathbb 1$
    (every entry of $\mathbb 1$ is 1).
    """
    H = np.eye(len(y)) - 1 / len(y)
    K, T = H @ K @ H, H @ np.outer(y, y) @ H
    return (K * T).sum() / np.linalg.norm(K) / np.linalg.norm(T)


@alignment.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_alignment of the old module
    yield ()


@alignment.mistake(
    "not centred: with 13 of 18 labels alike, a kernel that finds everything alike would be praised."
)
def not_centred(K, y):
    T = np.outer(y, y)
    return (K * T).sum() / np.linalg.norm(K) / np.linalg.norm(T)


@alignment.mistake(
    "only K is centred. For the sum on top that is enough, but the length of T below is that of T centred."
)
def centres_k_only(K, y):
    H = np.eye(len(y)) - 1 / len(y)
    K, T = H @ K @ H, np.outer(y, y)
    return (K * T).sum() / np.linalg.norm(K) / np.linalg.norm(T)


@alignment.mistake("divide by the two norms: twice the kernel is no better aligned.")
def not_normalised(K, y):
    H = np.eye(len(y)) - 1 / len(y)
    return y @ H @ K @ H @ y


@alignment.mistake("the square of it: an angle of 60 degrees has the cosine 1/2, and you would say 1/4.")
def squared(K, y):
    H = np.eye(len(y)) - 1 / len(y)
    K, T = H @ K @ H, H @ np.outer(y, y) @ H
    return (K * T).sum() ** 2 / (K * K).sum() / (T * T).sum()


@alignment.mistake(
    "0.0981 has the wrong sign. A table without negative eigenvalues is never opposed to its labels, but a "
    "counted one can be, as here, and the minus must be seen."
)
def sign_lost(K, y):
    H = np.eye(len(y)) - 1 / len(y)
    K, T = H @ K @ H, H @ np.outer(y, y) @ H
    return abs((K * T).sum()) / np.linalg.norm(K) / np.linalg.norm(T)


@alignment.mistake(
    "you took out one mean, of all entries. Centring takes out the mean of every row and every column: H K H."
)
def one_mean(K, y):
    return np.corrcoef(K.ravel(), np.outer(y, y).ravel())[0, 1]
