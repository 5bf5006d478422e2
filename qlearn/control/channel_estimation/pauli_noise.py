"""Which Pauli errors happen: the maximum-likelihood Pauli channel from Bell pairs, and from error rates in three bases."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_reals, as_trials

# Which of I, X, Y, Z flips a bit that is read in the basis X, Y, Z: those that do not commute with it.
_FLIPS = np.array([[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0]], float)

_STEPS, _STILL = 20_000, 1e-13


@dataclass(frozen=True)
class PauliEstimate:
    """A Pauli channel that was estimated.

    Attributes
    ----------
    chances : ndarray of float, shape (4,)
        Of nothing, X, Y and Z; they sum to 1.
    errors : ndarray of float, shape (4,)
        Their standard errors by the law of large samples; near a chance of 0 they are too small to be trusted.
    log_likelihood : float
        Of the counts, in nats, without the terms that no channel changes.
    """

    chances: NDArray[np.float64]
    errors: NDArray[np.float64]
    log_likelihood: float


def pauli_from_pairs(counts: ArrayLike) -> PauliEstimate:
    r"""Return the Pauli channel that explains Bell measurements best: the shares of the outcomes.

    .. math:: \hat p_k = n_k / n, \qquad \operatorname{Var}(\hat p_k) = p_k(1-p_k)/n

    Half of :math:`\Phi^+` is sent. I, X, Y and Z turn it into the four Bell states, so each run shows which error
    happened.

    Parameters
    ----------
    counts : array_like of int, shape (4,)
        Outcomes in the order nothing, X, Y, Z: phi+, psi+, psi-, phi-.

    Returns
    -------
    PauliEstimate

    Examples
    --------
    >>> pauli_from_pairs([90, 2, 0, 8]).chances
    array([0.9 , 0.02, 0.  , 0.08])

    References
    ----------
    G. M. D'Ariano and P. Lo Presti, Phys. Rev. Lett. 86, 4195 (2001), arXiv:quant-ph/0012071.
    """
    seen = as_reals(counts, "counts", least=0.0)
    if seen.shape != (4,) or (seen != np.floor(seen)).any() or not seen.sum():
        raise ValueError(f"counts must be four whole numbers (nothing, X, Y, Z), not all 0, not {seen}")
    share = seen / seen.sum()
    nats = float(seen[seen > 0] @ np.log(share[seen > 0]))
    return PauliEstimate(share, np.sqrt(share * (1 - share) / seen.sum()), nats)


def pauli_from_errors(errors: ArrayLike, shots: ArrayLike) -> PauliEstimate:
    r"""Return the Pauli channel that explains the errors in three bases best.

    .. math:: e_x = p_y + p_z, \quad e_y = p_x + p_z, \quad e_z = p_x + p_y

    Solved for the chances, :math:`p_x = (e_y + e_z - e_x)/2`, which may be negative for few shots. The maximum of the
    likelihood over channels that exist is found by expectation maximisation: each count is shared out among the errors
    that may have made it, in proportion to their present chances.

    Parameters
    ----------
    errors : array_like of int, shape (3,)
        Qubits that were sent and read in the basis X, Y, Z and came out wrong.
    shots : array_like of int, shape (3,)
        Qubits sent in each.

    Returns
    -------
    PauliEstimate
        The standard errors are those of the solved equations.

    Examples
    --------
    >>> pauli_from_errors([100, 80, 40], [1000, 1000, 1000]).chances.round(3)
    array([0.89, 0.01, 0.03, 0.07])
    >>> pauli_from_errors([40, 0, 0], [100, 100, 100]).chances.round(3)  # the equations say p_x = -0.2
    array([0.787, 0.   , 0.106, 0.106])

    References
    ----------
    A. P. Dempster, N. M. Laird and D. B. Rubin, J. R. Stat. Soc. B 39, 1 (1977).
    """
    wrong, sent = as_reals(errors, "errors", least=0.0), as_trials(shots, "shots").astype(float)
    if wrong.shape != (3,) or sent.shape != (3,):
        raise ValueError(
            f"errors and shots must be three numbers (X, Y, Z), not of shape {wrong.shape} and {sent.shape}"
        )
    if (wrong != np.floor(wrong)).any() or (wrong > sent).any():
        raise ValueError(f"errors must be whole numbers up to the shots of their basis {sent}, not {wrong}")
    rates = wrong / sent
    variances = rates * (1 - rates) / sent
    solved = rates.sum() / 2 - rates
    chances = np.array([1 - solved.sum(), *solved])
    if (chances < 0).any():  # no channel: the likelihood is greatest on the border
        chances = _expectation_maximisation(wrong, sent)
    spread = np.sqrt(variances.sum()) / 2  # each is half a sum of the three rates, with signs
    return PauliEstimate(chances, np.full(4, spread), _log_likelihood(chances, wrong, sent))


def _expectation_maximisation(wrong: NDArray[np.float64], sent: NDArray[np.float64]) -> NDArray[np.float64]:
    chances = np.full(4, 0.25)
    for _ in range(_STEPS):
        rate = _FLIPS @ chances
        weight = np.where(wrong > 0, wrong / np.where(rate > 0, rate, 1.0), 0.0)
        kept = np.where(wrong < sent, (sent - wrong) / np.where(rate < 1, 1 - rate, 1.0), 0.0)
        shared = chances * (weight @ _FLIPS + kept @ (1 - _FLIPS))
        after = shared / shared.sum()
        if np.abs(after - chances).max() < _STILL:
            break
        chances = after
    return after


def _log_likelihood(
    chances: NDArray[np.float64], wrong: NDArray[np.float64], sent: NDArray[np.float64]
) -> float:
    rate = np.clip(_FLIPS @ chances, 0.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        nats = np.where(wrong > 0, wrong * np.log(rate), 0.0) + np.where(
            sent > wrong, (sent - wrong) * np.log1p(-rate), 0.0
        )
    return float(nats.sum())
