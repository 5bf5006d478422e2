"""Single-click links: one photon announces a pair, and how bright the ends shine trades rate for fidelity."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, as_probability, as_reals, broadcast


class SingleClick(NamedTuple):
    """Result of :func:`single_click`."""

    success: NDArray[np.float64]
    """Probability that an attempt is announced as a pair."""
    fidelity: NDArray[np.float64]
    """Fidelity of an announced pair with the Bell state that it is taken for."""
    one_excited: NDArray[np.float64]
    """Share of announced attempts in which exactly one end was bright: the fidelity if dark counts were as good as photons."""


def single_click(alpha: ArrayLike, detection: ArrayLike, dark: ArrayLike = 0.0) -> SingleClick:
    r"""Return how often a single-click link announces a pair, and how good it is.

    .. math:: p \approx 2\alpha\,\eta, \qquad F \approx 1 - \alpha \qquad (\eta,\ d/\eta \ll 1)

    Each end puts its qubit into :math:`\sqrt{1-\alpha}\,|\text{dark}\rangle + \sqrt{\alpha}\,|\text{bright}\rangle`,
    and a bright one emits a photon. Halfway, a beam splitter hides which end a photon came from; exactly one click of its two
    detectors announces a pair. It is none if both ends were bright and one photon was lost or both left by the same port, or
    if the click was a dark count. Detectors tell no number of photons; photons of the two ends do not differ; phases are
    stable.

    Parameters
    ----------
    alpha : array_like of float, shape (...)
        :math:`\alpha`, share of bright in each end's qubit, 0 to 1.
    detection : array_like of float, shape (...)
        :math:`\eta`, chance that an emitted photon is detected, from emission on.
    dark : array_like of float, shape (...)
        :math:`d`, chance of a dark count per detector and attempt.

    Returns
    -------
    SingleClick
        Arrays of the broadcast shape. Where nothing is ever announced the fidelity is 0.

    Examples
    --------
    >>> success, fidelity, _ = single_click([0.1, 0.3], 1e-3)
    >>> success
    array([0.00019999, 0.00059991])
    >>> fidelity.round(6)
    array([0.900045, 0.700105])

    References
    ----------
    Cabrillo, Cirac, Garcia-Fernandez and Zoller, Phys. Rev. A 59, 1025 (1999), arXiv:quant-ph/9810013; Humphreys et al.,
    Nature 558, 268 (2018), arXiv:1712.07567.
    """
    a, eta, d = broadcast(
        alpha=as_probabilities(alpha, "alpha"),
        detection=as_probabilities(detection, "detection"),
        dark=as_probabilities(dark, "dark"),
    )
    only_dark = 2 * d * (1 - d)  # one of two detectors, and no photon seen
    photon = eta * (1 - d)  # the other detector is silent
    one = 2 * a * (1 - a)
    # two photons leave by the same port, and are one click unless both are lost
    both = a**2 * ((1 - (1 - eta) ** 2) * (1 - d) + (1 - eta) ** 2 * only_dark)
    success = one * (photon + (1 - eta) * only_dark) + both + (1 - a) ** 2 * only_dark
    safe = np.where(success > 0, success, 1.0)
    # a photon that is lost has told the fibre which end it came from: of the coherence half is left to chance
    fidelity = one * (photon + (1 - eta) * only_dark / 2) / safe
    return SingleClick(success, fidelity, one * (photon + (1 - eta) * only_dark) / safe)


def brightest(fidelity: float, detection: float, dark: float = 0.0) -> float:
    r"""Return the largest :math:`\alpha` whose pairs have at least this fidelity: what a link layer sets for a request.

    Parameters
    ----------
    fidelity : float
        What is asked, 1/2 to 1.
    detection, dark : float
        As in :func:`single_click`.

    Returns
    -------
    float
        :math:`\alpha`, above 0 and below 1.

    Raises
    ------
    ValueError
        Also if no :math:`\alpha` reaches it: bright ends spoil pairs by second photons, dim ones by dark counts.

    Examples
    --------
    >>> round(brightest(0.9, 1e-3), 6)
    0.100045

    References
    ----------
    Dahlberg et al., SIGCOMM 2019, arXiv:1903.09778: a *fidelity estimation unit* chooses it.
    """
    from scipy.optimize import brentq, minimize_scalar

    asked = as_probability(fidelity, "fidelity")
    eta, d = as_probability(detection, "detection"), as_probability(dark, "dark")
    if asked < 0.5:
        raise ValueError(
            f"fidelity must be at least 1/2, not {asked:g}: below it a link need make no entanglement"
        )
    if eta == 0:
        raise ValueError("detection must be above 0: a link that sees no photon announces no pair")

    def missing(log_alpha: float) -> float:
        return asked - float(single_click(np.exp(log_alpha), eta, d).fidelity)

    # with dark counts the fidelity has one maximum in alpha; without, it rises to 1 as alpha falls to 0
    peak = minimize_scalar(missing, bounds=(-40.0, 0.0), method="bounded", options={"xatol": 1e-9})
    if peak.fun > 0 or asked == 1:
        reach = f"does {asked - peak.fun:.6g} at most" if d else "comes near to 1, ever more slowly"
        raise ValueError(f"no alpha reaches fidelity {asked:g}: this link {reach}. Ask for less")
    return float(np.exp(brentq(missing, peak.x, 0.0, xtol=1e-14)))


def deterministic_fidelity(link_efficiency: ArrayLike) -> NDArray[np.float64]:
    r"""Return the fidelity of a link with one memory at each end that must deliver a pair at a fixed time, made or not.

    .. math:: F_\text{max} = \frac14\Bigl(1 + 3\,\eta_\ell^{1/(1-\eta_\ell)}\Bigr), \qquad
              \eta_\ell = \frac{\text{rate of pairs}}{\text{rate of decay}}

    Pairs come at random and then decay towards noise; if none has come by the time, noise is delivered. The link keeps
    the first pair and stops trying, for want of a second memory. Starting earlier makes a pair likelier and older; this
    is the best moment to start. New pairs are perfect here. Above 1/2 from :math:`\eta_\ell \approx 0.83` on: "faster
    than it dies" is about enough. With a second memory the link can go on and hand over the freshest pair, which has
    :math:`F = \frac14\bigl(1 + 3\,\eta_\ell/(1+\eta_\ell)\bigr)`, more than this for every :math:`\eta_\ell`.

    Parameters
    ----------
    link_efficiency : array_like of float, shape (...)
        :math:`\eta_\ell`, above 0.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> deterministic_fidelity([0.5, 1, 2, 8]).round(6)
    array([0.4375  , 0.52591 , 0.625   , 0.807248])

    References
    ----------
    Humphreys et al., Nature 558, 268 (2018), arXiv:1712.07567, equations 1 and 2.
    """
    eta = as_reals(link_efficiency, "link_efficiency", least=0)
    if not (eta > 0).all():
        raise ValueError("link_efficiency must be above 0: without pairs only noise is delivered")
    near = np.abs(eta - 1) < 1e-9
    power = np.where(near, -1.0, np.log(eta) / np.where(near, 1.0, 1 - eta))
    return np.asarray((1 + 3 * np.exp(power)) / 4)
