r"""Mixture fusion: a unit works or is broken, how often is learned, and the answer weighs all cases."""

from dataclasses import dataclass
from itertools import product
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logsumexp, softmax

from qlearn.networks.graph_networks.fusion_task import FusionRows

_MOST_UNITS = 12


@dataclass
class MixtureFusion:
    r"""The mean of the answers of all patterns of broken units, each as probable as the outputs make it.

    .. math:: \hat s = \sum_F p(F \mid x)\,\hat s_F, \qquad \Sigma_F = a\,(W + I) + b\,I + c\,\operatorname{diag}(F)

    with :math:`\hat s_F` by least squares under :math:`\Sigma_F`, and a chance q that a unit is broken. The four numbers
    a, b, c, q are those under which the errors of the rows are most probable, a mixture of :math:`2^n` Gaussians. It is told
    the form of the task and none of its numbers; with the true numbers it is the task's optimum.

    Attributes
    ----------
    shared_, own_, broken_ : float
        a, b and c, variances.
    rate_ : float
        q.

    Examples
    --------
    >>> from qlearn.networks.graph_networks import FusionTask, ScreenedFusion, mean_squared_error
    >>> task = FusionTask(fault_rate=0.2)
    >>> old, new = task.draw(150, rng=0), task.draw(2000, rng=1)
    >>> mixture = MixtureFusion().fit(old)
    >>> abs(mixture.rate_ - 0.2) < 0.06
    True
    >>> mean_squared_error(mixture, new) < mean_squared_error(ScreenedFusion().fit(old), new)
    True

    References
    ----------
    Tukey, "A survey of sampling from contaminated distributions", 1960, in Contributions to Probability and Statistics.
    """

    def fit(self, rows: FusionRows) -> Self:
        """Fit the four numbers, by maximum likelihood."""
        errors = rows.outputs - rows.target[:, None]
        patterns, eye = _patterns(errors.shape[1])
        overlaps, broken = rows.weights + eye, patterns.sum(axis=1)

        def loss(numbers: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            (shared, own, spread), rate = np.exp(numbers[:3]), expit(numbers[3])
            precise, logdet = _precisions(rows.weights, shared, own, spread)
            pulls = np.einsum("rpij,rj->rpi", precise, errors)
            logs = _chances(patterns, rate) - 0.5 * (logdet + np.einsum("rpi,ri->rp", pulls, errors))
            odds = softmax(logs, axis=1)
            # half of tr(P dS) - v' dS v for each number of the covariance S = P^-1, with v = P e
            diagonal = np.einsum("rpii->rpi", precise) - pulls**2
            of_shared = np.einsum("rpij,rij->rp", precise, overlaps)
            of_shared -= np.sum((pulls @ overlaps) * pulls, axis=2)
            slopes = np.array(
                [
                    shared / 2 * np.sum(odds * of_shared),
                    own / 2 * np.sum(odds * diagonal.sum(axis=2)),
                    spread / 2 * np.sum(odds * np.sum(diagonal * patterns, axis=2)),
                    -np.sum(odds * (broken - patterns.shape[1] * rate)),
                ]
            )
            return -float(logsumexp(logs, axis=1).mean()), slopes / len(errors)

        # The median of the errors is hardly moved by the broken ones.
        usual = (1.4826 * np.median(np.abs(errors))) ** 2 + 1e-12
        wide = max(10 * float(np.mean(errors**2)), 4 * usual)
        scale = np.log(usual)
        found = minimize(
            loss,
            [scale + np.log(0.7), scale + np.log(0.3), np.log(wide), -2.0],
            jac=True,
            method="L-BFGS-B",
            # Where nothing is shared, own or broken a likelihood has no top: numbers stay within what rows can tell.
            bounds=[(scale - 12, scale + 6)] * 2 + [(scale, scale + 20), (-12, 3)],
        )
        self.shared_, self.own_, self.broken_ = (float(value) for value in np.exp(found.x[:3]))
        self.rate_ = float(expit(found.x[3]))
        return self

    def predict(self, rows: FusionRows) -> NDArray[np.float64]:
        """Return one number a row, shape (rows,)."""
        if not hasattr(self, "rate_"):
            raise ValueError("fit must come before predict: the mixture has no numbers yet")
        patterns, _ = _patterns(rows.outputs.shape[1])
        precise, logdet = _precisions(rows.weights, self.shared_, self.own_, self.broken_)
        total = precise.sum(axis=(2, 3))
        answers = np.einsum("rpij,rj->rp", precise, rows.outputs) / total
        left = rows.outputs[:, None] - answers[..., None]
        misfit = np.einsum("rpi,rpij,rpj->rp", left, precise, left)
        odds = softmax(_chances(patterns, self.rate_) - 0.5 * (logdet + np.log(total) + misfit), axis=1)
        return np.asarray(np.sum(odds * answers, axis=1))


def _patterns(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return which units are broken in each pattern, shape (2**n, n), and the identity."""
    if n > _MOST_UNITS:
        raise ValueError(f"rows must have at most {_MOST_UNITS} units, not {n}: a mixture has 2**n parts")
    return np.array(list(product((0.0, 1.0), repeat=n))), np.eye(n)


def _chances(patterns: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    """Return the logarithm of the probability of each pattern, shape (2**n,)."""
    broken = patterns.sum(axis=1)
    return np.asarray(broken * np.log(rate) + (patterns.shape[1] - broken) * np.log1p(-rate))


def _precisions(
    weights: NDArray[np.float64], shared: float, own: float, spread: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the inverse covariance of each row and pattern, and the logarithm of the covariance's determinant."""
    patterns, eye = _patterns(weights.shape[-1])
    works = shared * (weights + eye) + own * eye
    sigma = works[:, None] + spread * patterns[None, :, :, None] * eye
    return np.asarray(np.linalg.inv(sigma)), np.asarray(np.linalg.slogdet(sigma)[1])
