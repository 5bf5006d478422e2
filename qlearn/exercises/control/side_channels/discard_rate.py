"""Two honest ways to live with unequal detectors."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="both are safe, and keeping all clicks is ahead at few errors: what is thrown away was worth something.",
    because=r"""
        Throw away a click of the better detector with the chance $1 - \eta$. Of the photons that arrive $\eta$ are left, and the
        detectors are alike: $\eta\,(1 - 2h(e))$. Or keep all: $(1+\eta)/2$ of the photons click, each bit is worth less to
        begin with, $h\bigl(\tfrac1{1+\eta}\bigr)$, as ones are rarer than zeros. Without errors the square root is 1, the second
        term vanishes and Eve has *nothing but* the bias. To use $1 - 2h(e)$ for all the clicks is what this chapter warns of.
    """,
)
def discard_rate(eta, e):
    r"""Bob's detectors have the efficiencies 1 and `eta`, at least 0.01, in both bases; a symmetric line turns each bit with the
    chance `e`, 0 to 0.1. Return the secret bits for each photon that arrives in the right basis, as a tuple, for Bob

    - who discards clicks of the better detector by chance until both are alike, and then counts on $1 - 2h(e)$ a click,
    - who keeps all clicks: $\frac{1+\eta}{2}\bigl[h(\frac1{1+\eta}) - h(\frac{1-\sqrt{x^2+z^2}}{2}) - h(e)\bigr]$ with
      $x = (1-2e)\frac{2\sqrt\eta}{1+\eta}$ and $z = \frac{1-\eta}{1+\eta}$.

    Where no secret bits are left the rate is 0. Given: `np`.
    """
    h = lambda p: -sum(q * np.log2(q) for q in (p, 1 - p) if q > 1e-15)  # noqa: E731
    x, z = (1 - 2 * e) * 2 * np.sqrt(eta) / (1 + eta), (1 - eta) / (1 + eta)
    length = min(1.0, np.hypot(x, z))
    keep = (1 + eta) / 2 * (h(1 / (1 + eta)) - h((1 - length) / 2) - h(e))
    return max(0.0, eta * (1 - 2 * h(e))), max(0.0, keep)


@discard_rate.cases
def detectors(rng):
    """Equal detectors and unequal ones, without errors, with few, and with so many that one way is at its end."""
    yield from ((1.0, 0.0), (0.5, 0.0), (0.5, 0.03), (0.8, 0.1), (0.02, 0.1))
    for eta, e in zip(rng.uniform(0.1, 0.95, 5), rng.uniform(0.005, 0.08, 5), strict=True):
        yield float(eta), float(e)


def _h(p):
    return -sum(q * np.log2(q) for q in (p, 1 - p) if q > 1e-15)


def _keep(eta, e, share=None, z=None):
    x = (1 - 2 * e) * 2 * np.sqrt(eta) / (1 + eta)
    z = (1 - eta) / (1 + eta) if z is None else z
    share = (1 + eta) / 2 if share is None else share
    return share * (_h(1 / (1 + eta)) - _h((1 - min(1.0, np.hypot(x, z))) / 2) - _h(e))


def _discard(eta, e):
    return max(0.0, eta * (1 - 2 * _h(e)))


@discard_rate.mistake("no rate is below 0: where errors cost more than there is, nothing is left.")
def negative(eta, e):
    return eta * (1 - 2 * _h(e)), _keep(eta, e)


@discard_rate.mistake(
    "the first is for each click that came; of the photons that arrive (1 + eta)/2 click: 2 eta/(1 + eta) of these stay, so eta."
)
def a_click_each(eta, e):
    return 2 * eta / (1 + eta) * max(0.0, 1 - 2 * _h(e)), max(0.0, _keep(eta, e))


@discard_rate.mistake(
    "the second is for each click; a photon that arrives clicks with the chance (1 + eta)/2."
)
def each_click(eta, e):
    return _discard(eta, e), max(0.0, _keep(eta, e, share=1.0))


@discard_rate.mistake(
    "your first number keeps all clicks and counts them as if the detectors were alike: that promises too much."
)
def as_if_alike(eta, e):
    return (1 + eta) / 2 * max(0.0, 1 - 2 * _h(e)), max(0.0, _keep(eta, e))


@discard_rate.mistake("the right numbers, exchanged: the one who discards comes first.")
def exchanged(eta, e):
    return max(0.0, _keep(eta, e)), _discard(eta, e)


@discard_rate.mistake("in your second number z is missing under the root.")
def without_z(eta, e):
    return _discard(eta, e), max(0.0, _keep(eta, e, z=0.0))


@discard_rate.mistake(
    "your first number pays h(e) once: it is 1 - 2 h(e), for correction and for what Eve knows."
)
def pays_once(eta, e):
    return max(0.0, eta * (1 - _h(e))), max(0.0, _keep(eta, e))
