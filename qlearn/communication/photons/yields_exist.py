"""Yields exist, or signal and decoys can be told apart: whether one line explains all intensities."""

from math import ceil, log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.stats import poisson

from qlearn._checks import as_failure
from qlearn.communication.photons.counts import Counts
from qlearn.communication.photons.source import Source, photon_probabilities

Array = NDArray[np.float64]

# Photon numbers that are told apart; beyond, a pulse is a signal as good as surely, or there is none.
_LEAST, _MOST, _LARGEST = 20, 400, 2000
# The solver's own tolerance, relative to each count.
_SOLVER = 1e-6


def yields_exist(counts: Counts, *, source: Source, false_alarm: float = 1e-10) -> bool:
    r"""Return whether some yields per photon number explain the clicks and errors of all intensities together.

    If Eve cannot tell signal from decoy, a pulse of :math:`i` photons clicks, right or wrong, whichever intensity
    it has. So there are numbers :math:`r_i, w_i \ge 0` of right and wrong clicks of such pulses with

    .. math:: \langle n_k - m_k \rangle = \sum_i \frac{p_k e^{-\mu_k} \mu_k^i}{i!\,\tau_i}\, r_i, \qquad
              \langle m_k \rangle = \sum_i \frac{p_k e^{-\mu_k} \mu_k^i}{i!\,\tau_i}\, w_i, \qquad
              r_i + w_i \le N p_b^2\, \tau_i

    (the last where the pulses sent are known: no yield is above 1), each count being near its mean. A linear
    program looks for them, in each basis. If there are none, the decoys do not measure what happens to the signal,
    and no key may be made. Errors that were not counted stand as zeros, as everywhere in :class:`Counts`; then the
    clicks alone are tested.

    The converse does not hold. An Eve who can tell the intensities apart *and* imitates an honest line at each of
    them is seen by no test of counts. That she cannot stays an assumption.

    Parameters
    ----------
    counts : Counts
        Of the whole session, as counted: a guess of errors that were not counted spreads more than a count does, and
        honest sessions would be refused.
    source : Source
        That made them.
    false_alarm : float
        The chance, at most, that an honest session is refused: each count may miss its mean by Chernoff's
        :math:`\sqrt{2 n L}` and a little, :math:`L` being the logarithm of the number of counts over the chance.

    Returns
    -------
    bool

    Raises
    ------
    ValueError, TypeError
        If counts and source do not belong together, `false_alarm` is not between 0 and 1, or the pulses hold so many
        photons that the program would be too large.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from qlearn.communication.photons import LINKS, expected_counts
    >>> source = Source()
    >>> honest = expected_counts(1e9, link=LINKS["gys"], transmittance=0.1, source=source)
    >>> yields_exist(honest, source=source)
    True
    >>> wrong = honest.errors * [[1], [8], [1]]  # only the weak decoy is disturbed
    >>> yields_exist(replace(honest, errors=wrong), source=source)
    False

    References
    ----------
    The equations: Lo, Ma and Chen, 2005, arXiv:quant-ph/0411004. A laser whose signal and decoys can be told apart,
    and what Eve makes of it: Huang, Sun, Liu and Makarov, 2018, arXiv:1711.00597.

    Taught in :doc:`/communication/photons`.
    """
    as_failure(false_alarm, "false_alarm")
    as_pair(counts, source)
    if counts.empty:
        return True
    share = _shares(source)
    chance = log((8 * len(share) + 2 * share.shape[1]) / false_alarm)
    pulses = float(counts.sent.sum())
    for basis, p in ((0, 1 - source.p_x), (1, source.p_x)):
        right = counts.sifted[:, basis] - counts.errors[:, basis]
        sent = pulses * p * p * _chances(source, share.shape[1]) if pulses else None
        if not _explained(share, np.maximum(right, 0.0), counts.errors[:, basis], sent, chance):
            return False
    return True


def as_pair(counts: Counts, source: Source) -> None:
    """Refuse counts that are none, a source that is none, and a pair that does not belong together."""
    if not isinstance(counts, Counts):
        raise TypeError(f"counts must be Counts, not {type(counts).__name__}")
    if not isinstance(source, Source):
        raise TypeError(f"source must be the Source that made the counts, not {source!r}")
    if len(counts.sent) != len(source.intensities) and not counts.empty:
        raise ValueError(
            f"counts must be of the {len(source.intensities)} intensities of source, not of {len(counts.sent)}"
        )


def _shares(source: Source) -> Array:
    """Return the chance of each intensity, given 0, 1, ... photons, and in the last column infinitely many."""
    mu, p = np.array(source.intensities), np.array(source.probabilities)
    fall = (log(p[1] / p[0]) + mu[0] - mu[1] + 30) / log(mu[0] / mu[1])
    brightest = mu[0] + 12 * sqrt(mu[0]) + 40  # no pulse of the session holds more
    most = int(min(max(ceil(fall), _LEAST), max(_MOST, ceil(brightest))))
    if most > _LARGEST:
        raise ValueError(
            f"source must send pulses of fewer photons, not {source.intensities}: {most} photon numbers "
            f"would have to be told apart, and {_LARGEST} at most can be"
        )
    # In logarithms, relative to the likeliest intensity of each photon number: factorials and small powers cancel.
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.arange(most + 1) * (np.log(mu) - np.log(mu[0]))[:, None]
    steps[mu == 0, 0] = 0.0
    logs = steps + (np.log(p) - mu)[:, None]
    weights = np.exp(logs - logs.max(axis=0))
    return np.column_stack([weights / weights.sum(axis=0), np.eye(len(mu))[0]])


def _chances(source: Source, columns: int) -> Array:
    """Return the chance of a pulse of 0, 1, ... photons, and in the last column of more than that."""
    few = photon_probabilities(np.array(source.intensities), columns - 2)
    more = poisson.sf(columns - 2, source.intensities)
    return np.array(source.probabilities) @ np.column_stack([few, more])


def _explained(share: Array, right: Array, wrong: Array, sent: Array | None, chance: float) -> bool:
    """Return whether photon numbers explain right and wrong clicks of one basis within Chernoff's allowance."""
    counted = np.concatenate([right, wrong])
    low = np.maximum(counted - np.sqrt(2 * counted * chance), 0.0)
    high = counted + chance + np.sqrt(chance * (2 * counted + chance))
    columns = share.shape[1]
    zero = np.zeros_like(share)
    rows = np.block([[share, zero], [zero, share]]) / high[:, None]
    # In units in which every photon number can fill the tightest count, or take all of its pulses, by itself: no
    # coefficient is above 1, however rare a photon number is.
    unit = rows.max(axis=0)
    if sent is not None:
        most = sent + chance + np.sqrt(chance * (2 * sent + chance))
        unit = np.maximum(unit, 1 / np.concatenate([most, most]))
    rows = rows / unit
    # The last variable is how far the rows must give way, relative to their counts.
    give = -np.ones((len(rows), 1))
    bounds, table = [np.ones(len(rows)), -low / high], [np.hstack([rows, give]), np.hstack([-rows, give])]
    if sent is not None:
        both = np.hstack([np.diag(1 / unit[:columns]), np.diag(1 / unit[columns:])])
        table.append(np.hstack([both / most[:, None], np.zeros((columns, 1))]))
        bounds.append(np.ones(columns))
    cost = np.zeros(2 * columns + 1)
    cost[-1] = 1.0
    found = linprog(cost, A_ub=np.vstack(table), b_ub=np.concatenate(bounds), method="highs")
    if found.status != 0:
        raise ArithmeticError(f"the linear program of the yields was not solved: {found.message}")
    return bool(found.fun <= _SOLVER)
