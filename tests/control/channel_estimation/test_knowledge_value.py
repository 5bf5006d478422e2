"""What knowing is worth: Malus on circuits, means by quadrature, pooled rates by hand, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication.key_rate import binary_entropy
from qlearn.communication.photons import LINKS, error_gain, gain, rate_at
from qlearn.control.channel_estimation import average_qber, kept_rate, misaligned_qber
from qlearn.qubits import Circuit

LINK = LINKS["gys"]


@given(st.floats(-1.5, 1.5))
def test_both_linear_bases_err_as_malus_says(angle):
    # a turn by theta in space is RY(2 theta) on the sphere; in X the second H undoes the first
    for circuit in (Circuit(1).ry(2 * angle, 0), Circuit(1).h(0).ry(2 * angle, 0).h(0)):
        assert abs(circuit.run()[1]) ** 2 == pytest.approx(float(misaligned_qber(angle)), abs=1e-12)


@given(st.floats(0, 2), st.floats(0, 0.5))
def test_the_average_is_the_mean_over_a_gaussian_angle(variance, qber):
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    due = weights @ misaligned_qber(np.sqrt(variance) * nodes, qber) / weights.sum()
    assert average_qber(variance, qber) == pytest.approx(due, abs=1e-9)


@given(st.floats(1e-3, 1), st.floats(0.1, 0.9))
def test_an_even_line_has_the_rate_of_the_line(eta, mu):
    told = kept_rate([eta, eta], [True, True], link=LINK, mu=mu)
    assert told == pytest.approx(float(rate_at(eta, link=LINK, mu=mu)), rel=1e-9, abs=1e-18)
    assert kept_rate([eta, eta], [True, False], link=LINK, mu=mu) == pytest.approx(
        told / 2, rel=1e-9, abs=1e-18
    )


def test_pooled_blocks_by_hand():
    eta, mu = np.array([0.01, 0.002, 0.03]), 0.5
    kept = np.array([True, False, True])
    at = eta[kept]
    y1 = LINK.background + at * LINK.receiver_efficiency * (1 - LINK.background)
    wrong = 0.5 * LINK.background + LINK.misalignment * at * LINK.receiver_efficiency * (1 - LINK.background)
    clicks, errors = gain(mu, at, link=LINK).mean(), error_gain(mu, at, link=LINK).mean()
    secret = mu * np.exp(-mu) * y1.mean() * (1 - binary_entropy(wrong.mean() / y1.mean()))
    due = 2 / 3 * 0.5 * (secret - clicks * LINK.error_correction * binary_entropy(errors / clicks))
    assert kept_rate(eta, kept, link=LINK, mu=mu) == pytest.approx(float(due), rel=2e-3)


@given(st.lists(st.floats(1e-4, 1e-2), min_size=2, max_size=8))
def test_knowing_each_block_is_never_worse_than_pooling(etas):
    # by the concavity of entropy; the best of all choices is at least the pool, and at most the sum of single blocks
    eta = np.array(etas)
    everything = kept_rate(eta, np.ones(len(eta), bool), link=LINK, mu=0.48)
    each = rate_at(eta, link=LINK, mu=0.48).mean()
    assert everything <= each + 1e-15


def test_nothing_kept_is_no_key():
    assert kept_rate([0.1], [False], link=LINK, mu=0.5) == 0.0


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: misaligned_qber(0.1, 0.6), ValueError, "qber must be at most 1/2"),
        (lambda: misaligned_qber(np.nan), ValueError, "angle"),
        (lambda: average_qber(-0.1), ValueError, "variance must"),
        (lambda: kept_rate([], [], link=LINK, mu=0.5), ValueError, "at least one block"),
        (lambda: kept_rate([0.1], [1], link=LINK, mu=0.5), TypeError, "True and False"),
        (lambda: kept_rate([0.1, 0.2], [True], link=LINK, mu=0.5), ValueError, "same length"),
        (lambda: kept_rate([1.1], [True], link=LINK, mu=0.5), ValueError, "transmittance"),
        (lambda: kept_rate([0.1], [True], link="gys", mu=0.5), TypeError, "link"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
