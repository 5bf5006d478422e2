r"""Membership inference: was this patient among those who trained the model? Told from how well the model knows the answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_real, as_reals
from qlearn._types import Array

_LARGEST_LOSS = 700.0
"""Nats; a probability of 0 is a loss of infinity, in which no mean is left."""


def row_losses(probabilities: ArrayLike, y: ArrayLike) -> Array:
    r"""Return the loss of each row, shape (n,), nats: :math:`-\ln p_i(y_i)`.

    Parameters
    ----------
    probabilities : array_like of float, shape (n, n_classes)
        What a classifier's `predict_proba` says.
    y : array_like of int, shape (n,)
        The column of each row's true class.

    Returns
    -------
    ndarray of float64, shape (n,)
        Cut off at 700 nats.

    Examples
    --------
    >>> row_losses([[0.5, 0.5], [0.1, 0.9]], [0, 1]).round(3)
    array([0.693, 0.105])
    """
    table, columns = as_reals(probabilities, "probabilities", least=0, most=1), np.asarray(y)
    if table.ndim != 2 or columns.shape != (len(table),):
        raise ValueError(
            f"probabilities and y must have shapes (n, n_classes) and (n,), not {table.shape} and {columns.shape}"
        )
    if columns.dtype.kind not in "ui" or not ((columns >= 0) & (columns < table.shape[1])).all():
        raise ValueError(f"y must be columns of probabilities, 0 to {table.shape[1] - 1}, not {columns}")
    return -np.log(np.maximum(table[np.arange(len(table)), columns], np.exp(-_LARGEST_LOSS)))


@dataclass(frozen=True)
class MembershipInference:
    r"""How well a threshold on the loss tells those who trained a model from those who did not.

    Parameters
    ----------
    threshold : float
        Who has a loss of at most this is called a member, nats.
    true_positive : float
        Share of the members who are.
    false_positive : float
        Share of the others who are.
    auc : float
        Chance that a random member has a smaller loss than a random other, ties counting half: over all thresholds at once.
    """

    threshold: float
    true_positive: float
    false_positive: float
    auc: float

    @property
    def advantage(self) -> float:
        """True less false positives: 0 is a coin, 1 certainty. Of as many members as others (1 + advantage) / 2 are right."""
        return self.true_positive - self.false_positive


def _losses(losses: ArrayLike, name: str) -> Array:
    values = as_reals(losses, name)
    if values.ndim != 1 or not values.size:
        raise ValueError(f"{name} must be one loss a patient, at least one, not of shape {values.shape}")
    return values


def loss_threshold(member_losses: ArrayLike, other_losses: ArrayLike) -> float:
    r"""Return the loss, nats, at which members and others come apart best: the largest true less false positives.

    For an attacker's *own* model, of whose rows it knows which trained. On the rows that it is then judged by it would flatter
    itself: of two samples of one law some threshold always seems to tell something.

    Parameters
    ----------
    member_losses, other_losses : array_like of float, shape (n,) and (m,)
        Losses of rows that trained the attacker's model, and of rows that did not.

    Returns
    -------
    float
        One of the losses; the smallest of equally good ones.

    Examples
    --------
    >>> loss_threshold([0.1, 0.2, 0.9], [0.3, 0.8, 1.5])
    0.2

    References
    ----------
    Shokri, Stronati, Song and Shmatikov, "Membership inference attacks against machine learning models", 2017,
    arXiv:1610.05820 (an attacker's own models, called shadows).
    """
    members, others = _losses(member_losses, "member_losses"), _losses(other_losses, "other_losses")
    candidates = np.unique(np.concatenate([members, others]))
    inside = np.searchsorted(np.sort(members), candidates, side="right") / members.size
    outside = np.searchsorted(np.sort(others), candidates, side="right") / others.size
    return float(candidates[np.argmax(inside - outside)])


def membership_inference(
    member_losses: ArrayLike, other_losses: ArrayLike, threshold: float
) -> MembershipInference:
    r"""Try a threshold, chosen elsewhere, on a model under attack.

    .. math:: \text{advantage} = P(\ell \le \tau \mid \text{member}) - P(\ell \le \tau \mid \text{other})

    A model that has learned its patients by heart has smaller losses on them than on others. The converse does not hold: an
    advantage near 0 says that *this* attack sees nothing, and on average. One patient far from all others may be seen all the
    same.

    Parameters
    ----------
    member_losses, other_losses : array_like of float, shape (n,) and (m,)
        Losses, nats, of patients who trained the model, and of patients who did not.
    threshold : float
        :math:`\tau`, for instance the :func:`loss_threshold` of a model of the attacker's.

    Returns
    -------
    MembershipInference

    Examples
    --------
    >>> seen = membership_inference([0.1, 0.2, 0.9], [0.3, 0.8, 1.5], threshold=0.25)
    >>> round(seen.advantage, 3), round(seen.auc, 3)
    (0.667, 0.778)

    References
    ----------
    Yeom, Giacomelli, Fredrikson and Jha, "Privacy risk in machine learning: analyzing the connection to overfitting", 2018,
    arXiv:1709.01604 (the advantage, the threshold). Carlini et al., 2022, arXiv:2112.03570: why the average hides the few.
    """
    members, others = _losses(member_losses, "member_losses"), _losses(other_losses, "other_losses")
    cut = as_real(threshold, "threshold")
    ordered = np.sort(others)
    larger = others.size - np.searchsorted(ordered, members, side="right")
    equal = others.size - np.searchsorted(ordered, members, side="left") - larger
    return MembershipInference(
        cut,
        float(np.mean(members <= cut)),
        float(np.mean(others <= cut)),
        float(np.mean(larger + equal / 2) / others.size),
    )
