"""The CHSH value, counted from the rounds, and how far it may be from the true one."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_failure
from qlearn.communication.entangled_keys.rounds import Rounds

Silent = Literal["count", "discard"]


@dataclass(frozen=True, eq=False)
class ChshEstimate:
    """What the rounds say of S.

    Parameters
    ----------
    value : float
        The four correlations with their signs, added.
    error : float
        Its standard error.
    correlations : ndarray of float, shape (2, 2)
        Mean product of the answers +1 and -1; rows are Alice's positions in the test, columns Bob's.
    counts : ndarray of int, shape (2, 2)
        Rounds behind each of them.

    Taught in :doc:`/communication/entangled_keys`.
    """

    value: float
    error: float
    correlations: NDArray[np.float64]
    counts: NDArray[np.int64]

    def at_least(self, failure: float = 1e-10) -> float:
        r"""Return the value that a worse source shows as much as this only with a small probability.

        .. math:: S_\text{low} = S - \sqrt{2 \ln\tfrac1\varepsilon \sum_{xy} \tfrac{1}{n_{xy}}}

        Hoeffding's inequality for four means of numbers +1 and -1: no error bar is trusted, only that the
        rounds are alike and independent.

        Parameters
        ----------
        failure : float
            The probability, above 0 and below 1.

        Returns
        -------
        float
            May be far below 2: then too few rounds were counted.

        Raises
        ------
        ValueError, TypeError
            If `failure` is not between 0 and 1.

        References
        ----------
        Hoeffding, J. Am. Stat. Assoc. 58, 13 (1963), doi:10.1080/01621459.1963.10500830, theorem 2.
        """
        wrong = as_failure(failure)
        return self.value - float(np.sqrt(2 * np.log(1 / wrong) * (1 / self.counts).sum()))


def chsh_from(rounds: Rounds, *, silent: Silent = "count") -> ChshEstimate:
    r"""Estimate the CHSH value from the rounds whose dials stood at a combination of the test.

    .. math:: S = \sum_{x,y} s_{xy}\,\hat E_{xy}, \qquad
              \hat E_{xy} = \frac{n_\text{equal} - n_\text{different}}{n_{xy}}, \qquad
              \sigma_S^2 = \sum_{x,y} \sigma_{xy}^2

    with the settings' signs :math:`s_{xy}`. The bar :math:`\sigma_{xy}` is Wilson's, which for many rounds is
    :math:`\sqrt{(1-\hat E_{xy}^2)/n_{xy}}`. Answers that were agreed on beforehand have :math:`|S| \le 2`,
    quantum pairs :math:`|S| \le 2\sqrt2`; an estimate may lie beyond by its error.

    Parameters
    ----------
    rounds : Rounds
        As :func:`~qlearn.communication.entangled_keys.distribute` returns them, with settings that have a test.
    silent : {"count", "discard"}
        What a detector that did not click says. "count": 0, an answer like any other, so that nobody can
        choose which rounds are looked at. "discard": nothing, the round is dropped. That is right only if the
        lost rounds are a fair sample, which no statistics can show.

    Returns
    -------
    ChshEstimate

    Raises
    ------
    ValueError, TypeError
        If the settings have no test, or a combination of it has no round.

    Examples
    --------
    >>> from qlearn.communication.entangled_keys import EKERT, distribute
    >>> seen = chsh_from(distribute(90_000, settings=EKERT, rng=1))
    >>> round(seen.value, 1), round(seen.error, 3)
    (2.8, 0.014)

    References
    ----------
    Clauser, Horne, Shimony and Holt, Phys. Rev. Lett. 23, 880 (1969), doi:10.1103/PhysRevLett.23.880.

    Taught in :doc:`/communication/entangled_keys`.
    """
    refuse_unless_rounds(rounds)
    settings = rounds.settings
    if settings.test is None:
        raise ValueError("rounds must have settings with a CHSH test, such as EKERT or ACIN; BBM92 has none")
    if silent not in ("count", "discard"):
        raise ValueError(f'silent must be "count" or "discard", not {silent!r}')

    # One histogram over (dials, equal or not): twice the cell number plus the disagreement.
    labels = 2 * rounds.cells.astype(np.intp) + (rounds.alice_bits ^ rounds.bob_bits)
    if silent == "discard":
        labels = labels[rounds.coincidences]
    m, n = len(settings.alice), len(settings.bob)
    table = np.bincount(labels, minlength=2 * m * n).reshape(m, n, 2)[np.ix_(*settings.test)]

    counts = table.sum(-1)
    if not counts.all():
        raise ValueError(
            f"rounds must hold every combination of the test; the counts are {counts.tolist()}. Send more pairs"
        )
    wrong = table[..., 1] / counts
    bars = 2 * np.sqrt(wrong * (1 - wrong) / counts + 1 / (4 * counts**2)) / (1 + 1 / counts)
    correlations = 1 - 2 * wrong
    value = float((np.asarray(settings.signs) * correlations).sum())
    return ChshEstimate(value, float(np.sqrt((bars**2).sum())), correlations, counts)


def refuse_unless_rounds(rounds: Rounds) -> None:
    """Refuse what no source has sent."""
    if not isinstance(rounds, Rounds):
        raise TypeError(f"rounds must be Rounds, as distribute returns them, not {type(rounds).__name__}")
