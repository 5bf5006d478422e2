"""The centred alignment of a kernel with labels."""

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
    r"""Return the centred alignment of a kernel matrix with labels $-1$ and $1$, $\langle K_c,
    T_c\rangle/(\|K_c\|\,\|T_c\|)$ with $T=y\,y^{\mathsf T}$ and $K_c=HKH$, $H=I-\tfrac1n\mathbb 1$
    (every entry of $\mathbb 1$ is 1). Given: `np`.
    """
    H = np.eye(len(y)) - 1 / len(y)
    K, T = H @ K @ H, H @ np.outer(y, y) @ H
    return (K * T).sum() / np.linalg.norm(K) / np.linalg.norm(T)


@alignment.cases
def tables(rng):
    """Few rows and many, even classes and a large one; tables of states, and counted ones that oppose their labels."""
    for n, ones in ((6, 3), (int(rng.integers(12, 20)), 4), (int(rng.integers(7, 12)), 1)):
        X = rng.normal(size=(n, 2))
        y = rng.permutation(np.where(np.arange(n) < ones, 1.0, -1.0))
        yield np.exp(-((X[:, None] - X) ** 2).sum(-1)), y
        noise = rng.normal(size=(n, n))
        yield np.eye(n) - 0.3 * np.outer(y, y) + 0.1 * (noise + noise.T), y


@alignment.mistake(
    "not centred: with most of the labels alike, a kernel that finds everything alike would be praised."
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
    "the sign is lost. A table without negative eigenvalues is never opposed to its labels, but a counted one can be, "
    "and the minus must be seen."
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


@alignment.mistake("only T is centred: then K is as long as it was. Centre both.")
def centres_t_only(K, y):
    H = np.eye(len(y)) - 1 / len(y)
    T = H @ np.outer(y, y) @ H
    return (K * T).sum() / np.linalg.norm(K) / np.linalg.norm(T)


@alignment.mistake("centred on one side only: H stands on both, for rows and for columns.")
def one_side(K, y):
    H = np.eye(len(y)) - 1 / len(y)
    K, T = H @ K, H @ np.outer(y, y)
    return (K * T).sum() / np.linalg.norm(K) / np.linalg.norm(T)
