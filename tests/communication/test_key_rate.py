"""The rate: published values, the limits, and no key from certainty alone.

The asymptotic rate: published thresholds, and the older function of the BB84 chapter as its special case.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats
from scipy.optimize import brentq
from scipy.stats import entropy

from qlearn.communication import bb84
from qlearn.communication.key_rate import clip_error_rates, one_way_rate
from qlearn.communication.secret_key import key_rate, tolerable_qber


def test_error_rates_beyond_one_half_are_no_better():
    assert clip_error_rates([0, 0.4, 0.5, 0.9, 1], "qber").tolist() == [0, 0.4, 0.5, 0.5, 0.5]
    with pytest.raises(ValueError, match="qber must be error rates between 0 and 1, not 2"):
        clip_error_rates([0.1, 2], "qber")


def test_published_values():
    np.testing.assert_allclose(bb84.asymptotic_rate([0.01, 0.05]), [0.838414, 0.427206], atol=5e-7)
    assert bb84.threshold() == pytest.approx(0.110028, abs=5e-7)


def test_zero_at_and_beyond_the_threshold_positive_below():
    e = bb84.threshold()
    assert bb84.asymptotic_rate(e - 1e-9) > 0
    assert not bb84.asymptotic_rate([e + 1e-9, 0.25, 0.5, 0.75, 1.0]).any()
    assert bb84.asymptotic_rate(0) == 1


def left_by_blocks(size, weights):
    """Secret bits of a block: Alice names its parities with the first bit, and keeps that bit.

    `weights` are the chances of (bit error, phase error) of a pulse. What Eve holds of all of it is the entropy of
    what the parities leave open: the first bit's error and the parity of the phase errors.
    """
    ends, parities = {}, {}
    for errors in product(weights, repeat=size):
        chance = np.prod([weights[one] for one in errors])
        bits, phases = zip(*errors, strict=True)
        said = tuple(bit ^ bits[0] for bit in bits[1:])
        end = said, bits[0], sum(phases) % 2
        ends[end] = ends.get(end, 0) + chance
        parities[said] = parities.get(said, 0) + chance
    return 1 - entropy(list(ends.values()), base=2) + entropy(list(parities.values()), base=2)


def of_two_bases(e):
    return {(0, 0): (1 - e) ** 2, (1, 0): e * (1 - e), (0, 1): e * (1 - e), (1, 1): e * e}


def of_three_bases(e):
    return {(0, 0): 1 - 1.5 * e, (1, 0): e / 2, (0, 1): e / 2, (1, 1): e / 2}


def test_the_threshold_is_of_this_way_of_paying_and_blocks_of_three_go_beyond():
    for e in (0.02, 0.08, 0.11):  # a block of one is the plain rate
        assert left_by_blocks(1, of_two_bases(e)) == pytest.approx(float(bb84.asymptotic_rate(e)), abs=1e-12)
    assert bb84.asymptotic_rate(0.1101) == 0
    assert left_by_blocks(3, of_two_bases(0.1101)) == pytest.approx(0.00787, abs=1e-5)
    assert left_by_blocks(3, of_two_bases(0.111)) == pytest.approx(0.00330, abs=1e-5)


@pytest.mark.parametrize(
    ("model", "size", "root"),
    [
        (of_two_bases, 1, 0.110028),
        (of_two_bases, 3, 0.111652),
        (of_two_bases, 5, 0.112104),
        (of_three_bases, 1, 0.126193),
        (of_three_bases, 3, 0.126753),
        (of_three_bases, 5, 0.126904),
    ],
)
def test_where_blocks_leave_nothing(model, size, root):
    # 12.690 % is the known threshold 0.19056 = 3e/2 of blocks of five (DiVincenzo, Shor and Smolin, 1998)
    assert brentq(lambda e: left_by_blocks(size, model(e)), 0.1, 0.14) == pytest.approx(root, abs=1e-6)


def test_never_rises_with_the_errors():
    rate = bb84.asymptotic_rate(np.linspace(0, 1, 1001))
    assert (np.diff(rate) <= 0).all()


def test_the_other_basis_pays_for_eve():
    # Eve reads Z and is silent there: her price stands in X. Both prices are symmetric.
    assert bb84.asymptotic_rate(0.0, phase=0.5) == 0
    assert bb84.asymptotic_rate(0.02, phase=0.05) == pytest.approx(bb84.asymptotic_rate(0.05, phase=0.02))
    assert bb84.asymptotic_rate(0.03, phase=0.03) == bb84.asymptotic_rate(0.03)
    assert bb84.asymptotic_rate(0.0, phase=0.11) == pytest.approx(0.500084, abs=1e-6)


def test_broadcasts():
    assert bb84.asymptotic_rate(np.zeros((4, 1)), phase=np.zeros(3)).shape == (4, 3)


@pytest.mark.parametrize("bad", [-0.01, 5, float("nan")])
def test_refuses(bad):
    with pytest.raises(ValueError, match="qber must be error rates between 0 and 1"):
        bb84.asymptotic_rate(bad)
    with pytest.raises(ValueError, match="phase must be error rates"):
        bb84.asymptotic_rate(0.01, phase=bad)


@pytest.mark.parametrize("wrong", [None, "5%", 1j])
def test_refuses_what_is_no_number_rate(wrong):
    with pytest.raises(TypeError, match="qber must be error rates, numbers between 0 and 1"):
        bb84.asymptotic_rate(wrong)


def test_the_two_rates_must_broadcast():
    with pytest.raises(
        ValueError, match=r"must broadcast against each other, not: qber \(2,\), phase \(3,\)"
    ):
        bb84.asymptotic_rate([0.1, 0.2], phase=[0.1, 0.2, 0.3])


@pytest.mark.parametrize(
    ("qber", "expected"), [(0.0, 1.0), (0.01, 0.838414), (0.05, 0.427206), (0.12, 0), (0.5, 0), (1, 0)]
)
def test_bb84(qber, expected):
    assert key_rate(qber) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, 0.110028), ({"efficiency": 1.16}, 0.098106), ({"protocol": "six-state"}, 0.126193)],
)
def test_published_thresholds(options, expected):
    assert tolerable_qber(**options) == pytest.approx(expected, abs=5e-7)
    assert key_rate(expected - 1e-5, **options) > 0 == key_rate(expected + 1e-5, **options)


def test_six_states_is_the_entropy_of_the_depolarising_lines_pauli_errors():
    e = 0.07
    pauli = np.array([1 - 1.5 * e, e / 2, e / 2, e / 2])
    assert key_rate(e, protocol="six-state") == pytest.approx(1 + (pauli * np.log2(pauli)).sum(), abs=1e-12)


@given(st.floats(0, 1), st.floats(1, 3))
def test_never_negative_falls_with_inefficiency_and_six_states_bear_more(qber, f):
    two, three = key_rate(qber, efficiency=f), key_rate(qber, efficiency=f, protocol="six-state")
    assert 0 <= two <= three + 1e-12 <= 1 + 1e-12
    assert two <= key_rate(qber) == bb84.asymptotic_rate(qber)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(1, 3))
def test_one_way_rate_is_what_bob_gains_less_what_eve_knows(qber, known, f):
    e = min(qber, 0.5)
    due = max(0.0, 1 - f * stats.entropy([e, 1 - e], base=2) - known)
    assert one_way_rate(qber, known, efficiency=f) == pytest.approx(due, abs=1e-12)


def test_broadcasts_rate():
    assert key_rate(np.zeros((2, 3))).shape == (2, 3)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: key_rate(1.5), ValueError, "qber must be"),
        (lambda: one_way_rate(0.1, 1.5), ValueError, "known must be bits of information between 0 and 1"),
        (lambda: one_way_rate(0.1, 0.1, efficiency=0.5), ValueError, "efficiency must be"),
        (lambda: key_rate("5 %"), TypeError, "qber must be"),
        (lambda: key_rate(0.05, efficiency=0.9), ValueError, "efficiency must be"),
        (lambda: key_rate(0.05, protocol="e91"), ValueError, "protocol must be one of bb84, six-state"),
        (lambda: tolerable_qber(protocol="e91"), ValueError, "protocol must be one of"),
    ],
)
def test_refuses_rate(call, error, says):
    with pytest.raises(error, match=says):
        call()
