"""What is lost if a block is kept as a few numbers."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the small eigenvalues are the price, and no linear autoencoder pays less.",
    because=r"""
        In the basis of the eigenvectors the components do not know of each other, and component j has the variance
        $\lambda_j$. Keeping the k largest loses the sum of the others, spread over d samples. Ky Fan's inequality says
        that no other k directions hold more.
    """,
)
def pca_error(covariance, k):
    """Blocks of d samples, of mean zero, have the `covariance`, an array of shape (d, d). Each block is kept as `k` numbers
    by a linear map and restored by a linear map. Return the least mean squared error *for each sample*. Given: `np`.
    """
    eigenvalues = np.linalg.eigvalsh(covariance)
    return eigenvalues[: len(eigenvalues) - k].sum() / len(eigenvalues)


@pca_error.cases
def sources(rng):
    """Drifts, independent samples, turned ones of uneven size; nothing kept, one number, several, all."""
    lags = np.arange(int(rng.integers(6, 17)))
    drift = float(rng.uniform(0.5, 0.97)) ** np.abs(lags[:, None] - lags)
    for k in (0, 1, 3, len(lags) - 1):
        yield drift, k
    for d in (2, 4, 7):
        root = rng.normal(size=(d, d)) * rng.uniform(0.3, 3, d)
        yield root @ root.T, int(rng.integers(1, d))
    yield np.diag(rng.uniform(0.5, 4, 5)), 2
    yield drift, len(lags)


@pca_error.mistake("that is what the kept numbers hold. Asked is what is lost.")
def what_is_kept(covariance, k):
    eigenvalues = np.linalg.eigvalsh(covariance)
    return eigenvalues[len(eigenvalues) - k :].sum() / len(eigenvalues)


@pca_error.mistake("you keep the smallest components and lose the largest: `eigvalsh` sorts upwards.")
def wrong_end(covariance, k):
    eigenvalues = np.linalg.eigvalsh(covariance)
    return eigenvalues[k:].sum() / len(eigenvalues)


@pca_error.mistake("this is the error of a whole block. Divide by its samples.")
def of_a_block(covariance, k):
    eigenvalues = np.linalg.eigvalsh(covariance)
    return eigenvalues[: len(eigenvalues) - k].sum()


@pca_error.mistake("you divide by the components that are lost; the error is spread over all d samples.")
def over_the_lost(covariance, k):
    eigenvalues = np.linalg.eigvalsh(covariance)
    return eigenvalues[: len(eigenvalues) - k].sum() / max(len(eigenvalues) - k, 1)


@pca_error.mistake("this is a share of the variance; asked is the error itself.")
def as_a_share(covariance, k):
    eigenvalues = np.linalg.eigvalsh(covariance)
    return eigenvalues[: len(eigenvalues) - k].sum() / eigenvalues.sum()


@pca_error.mistake(
    "you drop samples of the block. Turn to the eigenvectors first: samples know of each other."
)
def drops_samples(covariance, k):
    return np.sort(np.diag(covariance))[: len(covariance) - k].sum() / len(covariance)


@pca_error.mistake("an eigenvalue is a variance already: you take its square root.")
def roots(covariance, k):
    eigenvalues = np.clip(np.linalg.eigvalsh(covariance), 0, None)
    return np.sqrt(eigenvalues[: len(eigenvalues) - k]).sum() / len(eigenvalues)
