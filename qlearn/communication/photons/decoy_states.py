"""Decoy states: bounds on the clicks and errors of single photons, from gains and from counts.

Bounds from counts have an allowance for chance; a linear program tests whether any yields explain all intensities.
"""

from math import ceil, exp, log, sqrt
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog
from scipy.stats import poisson

from qlearn._checks import as_failure
from qlearn._types import Array
from qlearn.communication.photons.counts import Counts
from qlearn.communication.photons.link import Link, error_rate, photon_yield
from qlearn.communication.photons.source import Intensity, Source, as_means, photon_probabilities


class SinglePhotons(NamedTuple):
    r"""Yield and error rate of the pulses that hold one photon, the only ones from which a key is made.

    Parameters
    ----------
    clicks : ndarray of float, shape (...)
        :math:`Y_1`, the chance that such a pulse makes a click; a lower bound.
    errors : ndarray of float, shape (...)
        :math:`e_1`, the error rate of these clicks; an upper bound, 1/2 where nothing is known.
    """

    clicks: NDArray[np.float64]
    errors: NDArray[np.float64]


def infinite_decoy(transmittance: ArrayLike, *, link: Link) -> SinglePhotons:
    r"""Return yield and error rate of single photons on an honest line: what infinitely many decoy intensities show.

    .. math:: Y_1 = Y_0 + \eta\,(1 - Y_0), \qquad e_1 = \frac{e_0 Y_0 + e_\text{det}\,\eta}{Y_1}

    Parameters
    ----------
    transmittance : array_like of float, shape (...)
        Of the channel, without the receiver.
    link : Link
        Of the receiver.

    Returns
    -------
    SinglePhotons

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS
    >>> truth = infinite_decoy(0.1, link=LINKS["gys"])
    >>> round(float(truth.clicks), 6), round(float(truth.errors), 4)
    (0.004502, 0.0332)

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, equations 7 and 9.
    """
    clicks = photon_yield(1, transmittance, link=link)
    light = np.asarray(transmittance) * link.receiver_efficiency
    wrong = link.background_error * link.background + link.misalignment * light
    # Afterpulses follow the clicks, so they come on top, with a coin for a bit.
    wrong = wrong + link.afterpulse / 2 * clicks
    return _known((1 + link.afterpulse) * clicks, wrong)


def vacuum_weak(
    mu: ArrayLike,
    nu: ArrayLike,
    *,
    signal_gain: ArrayLike,
    weak_gain: ArrayLike,
    weak_error_gain: ArrayLike,
    background: ArrayLike,
    background_error: float = 0.5,
) -> SinglePhotons:
    r"""Bound the single photons from what a weak decoy and the vacuum show, whatever Eve does.

    .. math::

        Y_1 &\ge \frac{\mu}{\mu\nu - \nu^2} \Bigl( Q_\nu e^\nu - Q_\mu e^\mu \frac{\nu^2}{\mu^2}
                 - \frac{\mu^2 - \nu^2}{\mu^2} Y_0 \Bigr) \\
        e_1 &\le \frac{E_\nu Q_\nu e^\nu - e_0 Y_0}{Y_1 \nu}

    Eve may treat pulses of different photon *number* differently, but a two-photon pulse is the same thing
    whether it was meant as signal or as decoy. Three measured gains are three equations for her yields.

    Parameters
    ----------
    mu, nu : array_like of float, shape (...)
        Mean photon numbers of signal and weak decoy, :math:`0 < \nu < \mu`.
    signal_gain, weak_gain : array_like of float, shape (...)
        :math:`Q_\mu, Q_\nu`: clicks per pulse.
    weak_error_gain : array_like of float, shape (...)
        :math:`E_\nu Q_\nu`: clicks per weak pulse that are errors, when the bases agree.
    background : array_like of float, shape (...)
        :math:`Y_0`: clicks per vacuum pulse.
    background_error : float
        :math:`e_0`, 1/2 for detectors that prefer no bit.

    Returns
    -------
    SinglePhotons

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS, error_gain, gain
    >>> line = {"transmittance": LINKS["gys"].transmittance(40), "link": LINKS["gys"]}
    >>> seen = {"signal_gain": gain(0.48, **line), "weak_gain": gain(0.12, **line),
    ...         "weak_error_gain": error_gain(0.12, **line), "background": gain(0, **line)}
    >>> bound, truth = vacuum_weak(0.48, 0.12, **seen), infinite_decoy(**line)
    >>> round(float(1 - bound.clicks / truth.clicks), 3), round(float(bound.errors / truth.errors - 1), 3)
    (0.035, 0.168)

    References
    ----------
    Ma, Qi, Zhao and Lo, 2005, arXiv:quant-ph/0503005, equations 34 and 37.
    """
    mu, nu = as_means(mu, "mu"), as_means(nu, "nu")
    if not ((nu > 0) & (nu < mu)).all():
        raise ValueError(
            f"nu must lie between 0 and mu, not nu = {nu} for mu = {mu}: the decoy is the weaker one"
        )
    q_mu, q_nu, wrong, y_0 = map(np.asarray, (signal_gain, weak_gain, weak_error_gain, background))
    ratio = (nu / mu) ** 2
    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * y_0
    clicks = mu / (mu * nu - nu**2) * inner
    return _known(clicks, (wrong * np.exp(nu) - background_error * y_0) / nu)


def no_decoy(mu: ArrayLike, *, signal_gain: ArrayLike, signal_error_gain: ArrayLike) -> SinglePhotons:
    r"""Assume the worst: every pulse of two photons or more arrived, and every error is a single photon's.

    .. math:: Y_1\,\mu e^{-\mu} \ge Q_\mu - \bigl(1 - (1 + \mu) e^{-\mu}\bigr), \qquad
              e_1 \le \frac{E_\mu Q_\mu}{Y_1\,\mu e^{-\mu}}

    with the vacuum pulses, which are as safe, counted among the single ones
    (Gottesman, Lo, Luetkenhaus and Preskill, 2004, arXiv:quant-ph/0212066, section 5).

    >>> from qlearn.communication.photons import LINKS, error_gain, gain
    >>> line = {"transmittance": 0.01, "link": LINKS["gys"]}
    >>> seen = {"signal_gain": gain(0.48, **line), "signal_error_gain": error_gain(0.48, **line)}
    >>> no_decoy(0.48, **seen).clicks  # brighter pulses than the line passes photons
    array(0.)
    """
    mu = as_means(mu, "mu")
    single = mu * np.exp(-mu)
    several = -np.expm1(-mu) - single
    return _known((np.asarray(signal_gain) - several) / single, np.asarray(signal_error_gain) / single)


def _known(clicks: NDArray[np.float64], wrong: NDArray[np.float64]) -> SinglePhotons:
    """Turn clicks and wrong clicks into a yield, at least 0, and an error rate, at most 1/2."""
    clicks = np.asarray(np.maximum(clicks, 0.0))
    return SinglePhotons(clicks, error_rate(wrong, clicks, empty=0.5))


EVENTS = MappingProxyType({2: 19, 3: 21})
"""By the number of intensities: equal parts of the failure, for the bounds, the smoothing and the hashing."""


def vacuum_and_single(
    clicks: Array, errors: Array, source: Source, security: float | None
) -> tuple[float, float]:
    r"""Bound from below how many clicks in one basis came from pulses of no photon, and of one.

    With :math:`n_k` clicks of intensity :math:`\mu_k`, sent with probability :math:`p_k`, among :math:`n`,

    .. math::

        n_k^\pm = \frac{e^{\mu_k}}{p_k}\Bigl(n_k \pm \sqrt{\tfrac n2 \ln \tfrac{b}{\varepsilon}}\Bigr),
        \qquad \tau_i = \sum_k p_k e^{-\mu_k}\frac{\mu_k^i}{i!}

    With three intensities, :math:`b = 21`,

    .. math::

        s_0 &\ge \tau_0\,\frac{\mu_2 n_3^- - \mu_3 n_2^+}{\mu_2 - \mu_3} \\
        s_1 &\ge \tau_1 \mu_1\,\frac{n_2^- - n_3^+ - \frac{\mu_2^2 - \mu_3^2}{\mu_1^2}
                 \bigl(n_1^+ - \frac{s_0}{\tau_0}\bigr)}{\mu_1(\mu_2 - \mu_3) - \mu_2^2 + \mu_3^2}

    With two, :math:`b = 19`, nothing shows the vacuum by itself. Its clicks are coins: half of them are errors,
    and there are not more errors than were seen. This bounds the vacuum from above, and that the single photons
    from below:

    .. math::

        s_0 &\ge \tau_0\,\frac{\mu_1 n_2^- - \mu_2 n_1^+}{\mu_1 - \mu_2}, \qquad
        s_0 \le s_0^+ = 2 \Bigl(\min\bigl\{m,\; \tau_0 m_2^+\bigr\}
                 + \sqrt{\tfrac n2 \ln \tfrac{b}{\varepsilon}}\Bigr) \\
        s_1 &\ge \frac{\tau_1 \mu_1}{\mu_2 (\mu_1 - \mu_2)} \Bigl(n_2^- - \frac{\mu_2^2}{\mu_1^2} n_1^+
                 - \frac{\mu_1^2 - \mu_2^2}{\mu_1^2} \frac{s_0^+}{\tau_0}\Bigr)

    The allowance is Hoeffding's: whatever Eve did, a click of a pulse with :math:`i` photons belongs to intensity
    :math:`k` with probability :math:`p_k e^{-\mu_k} \mu_k^i / i! \tau_i`, independently of the others.

    Parameters
    ----------
    clicks, errors : ndarray, shape (k,)
        Sifted clicks in that basis of each intensity, and the errors among them. Three intensities do not need the
        errors, two do: those of the key basis are known once it is corrected.
    source : Source
        Intensities and probabilities.
    security : float or None
        :math:`\varepsilon`; None for no allowance.

    Returns
    -------
    tuple of (float, float)
        :math:`s_0` and :math:`s_1`, at least 0 and at most all clicks.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS, expected_counts
    >>> for source in (Source(), Source((0.5, 0.1), (0.8, 0.2))):
    ...     seen = expected_counts(1e9, link=LINKS["gys"], transmittance=0.1, source=source)
    ...     _, single = vacuum_and_single(seen.sifted[:, 0], seen.errors[:, 0], source, None)
    ...     print(round(float(single / seen.photons[:, 0, 1].sum()), 3))  # of the truth
    0.969
    0.881

    References
    ----------
    Three: Lim et al., 2014, arXiv:1311.7129, equations 2 and 3. Two: Rusca et al., 2018, arXiv:1801.03443,
    equations A14, A16, A17 and A19.
    """
    mu, total = source.intensities, float(clicks.sum())
    tau0, tau1 = _tau(0, source), _tau(1, source)
    between = _between(clicks, source, security)
    (low2, high2), high1 = between[Intensity.WEAK], between[Intensity.SIGNAL][1]
    if len(mu) == 3:
        (mu1, mu2, mu3), (low3, high3) = mu, between[Intensity.VACUUM]
        vacuum = tau0 * (mu2 * low3 - mu3 * high2) / (mu2 - mu3)
        vacuum = min(max(0.0, vacuum), total)
        inner = low2 - high3 - (mu2**2 - mu3**2) / mu1**2 * (high1 - vacuum / tau0)
        single = tau1 * mu1 * inner / ((mu2 - mu3) * (mu1 - mu2 - mu3))
    else:
        mu1, mu2 = mu
        vacuum = tau0 * (mu1 * low2 - mu2 * high1) / (mu1 - mu2)
        wrong = min(float(errors.sum()), tau0 * _between(errors, source, security)[Intensity.WEAK][1])
        most = min(total, 2 * (wrong + _spread(total, source, security)))
        vacuum = min(max(0.0, vacuum), most)
        inner = low2 - (mu2 / mu1) ** 2 * high1 - (1 - (mu2 / mu1) ** 2) * most / tau0
        single = tau1 * mu1 * inner / (mu2 * (mu1 - mu2))
    return vacuum, min(max(0.0, single), total - vacuum)


def single_errors(errors: Array, source: Source, security: float | None) -> float:
    r"""Bound from above how many errors in one basis were made by single photons.

    .. math:: v_1 \le \tau_1\,\frac{m_2^+ - m_3^-}{\mu_2 - \mu_3} \;\text{(three intensities)}, \qquad
              v_1 \le \tau_1\,\frac{m_1^+ - m_2^-}{\mu_1 - \mu_2} \;\text{(two)}

    The last two intensities are compared. Where no error was seen at all, :math:`v_1 = 0` exactly. A result below 0
    is no bound but a contradiction: more errors at the fainter intensity than any photon number explains. It is
    returned as it is; :func:`finite_key` makes no key of it.

    Parameters
    ----------
    errors : ndarray, shape (k,)
        Errors among the sifted clicks of each intensity.
    source, security
        As for :func:`vacuum_and_single`.

    Returns
    -------
    float
        Negative where the counts contradict each other.

    Examples
    --------
    >>> from qlearn.communication.photons import LINKS, expected_counts
    >>> seen = expected_counts(1e9, link=LINKS["gys"], transmittance=0.1)
    >>> tuple(round(single_errors(seen.errors[:, 1], Source(), eps)) for eps in (None, 1e-10))
    (10379, 34129)

    References
    ----------
    Lim et al., 2014, arXiv:1311.7129, equation 4; Rusca et al., 2018, arXiv:1801.03443, equation A22.
    """
    brighter, fainter = source.intensities[-2:]
    *_, (_, high), (low, _) = _between(errors, source, security)
    return _tau(1, source) * (high - low) / (brighter - fainter)


def _between(counts: Array, source: Source, security: float | None) -> list[tuple[float, float]]:
    """Return the least and the greatest expected count of each intensity, scaled to all pulses."""
    spread = _spread(float(counts.sum()), source, security)
    scales = [exp(mu) / p for mu, p in zip(source.intensities, source.probabilities, strict=True)]
    found = zip(scales, counts.tolist(), strict=True)
    return [(scale * (count - spread), scale * (count + spread)) for scale, count in found]


def _spread(total: float, source: Source, security: float | None) -> float:
    """Return Hoeffding's allowance for a count among `total`."""
    return 0.0 if security is None else sqrt(total / 2 * log(EVENTS[len(source.intensities)] / security))


def _tau(photons: int, source: Source) -> float:
    """Return the chance of a pulse of 0 or 1 photons, over all intensities."""
    pairs = zip(source.probabilities, source.intensities, strict=True)
    return sum(p * exp(-mu) * mu**photons for p, mu in pairs)


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
    """
    as_failure(false_alarm, "false_alarm")
    check_counts_of_source(counts, source)
    if counts.empty:
        return True
    posterior = _posteriors(source)
    chance = log((8 * len(posterior) + 2 * posterior.shape[1]) / false_alarm)
    pulses = float(counts.sent.sum())
    for basis, p in ((0, 1 - source.p_x), (1, source.p_x)):
        right = counts.sifted[:, basis] - counts.errors[:, basis]
        sent = pulses * p * p * _chances(source, posterior.shape[1]) if pulses else None
        if not _explained(posterior, np.maximum(right, 0.0), counts.errors[:, basis], sent, chance):
            return False
    return True


def check_counts_of_source(counts: Counts, source: Source) -> None:
    """Refuse counts that are none, a source that is none, and a pair that does not belong together."""
    if not isinstance(counts, Counts):
        raise TypeError(f"counts must be Counts, not {type(counts).__name__}")
    if not isinstance(source, Source):
        raise TypeError(f"source must be the Source that made the counts, not {source!r}")
    if len(counts.sent) != len(source.intensities) and not counts.empty:
        raise ValueError(
            f"counts must be of the {len(source.intensities)} intensities of source, not of {len(counts.sent)}"
        )


def _posteriors(source: Source) -> Array:
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


def _explained(posterior: Array, right: Array, wrong: Array, sent: Array | None, chance: float) -> bool:
    """Return whether photon numbers explain right and wrong clicks of one basis within Chernoff's allowance."""
    counted = np.concatenate([right, wrong])
    low = np.maximum(counted - np.sqrt(2 * counted * chance), 0.0)
    high = counted + chance + np.sqrt(chance * (2 * counted + chance))
    columns = posterior.shape[1]
    zero = np.zeros_like(posterior)
    rows = np.block([[posterior, zero], [zero, posterior]]) / high[:, None]
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
