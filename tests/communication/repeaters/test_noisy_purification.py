"""Faulty devices: the two fixed points between which purification gains."""

import numpy as np
import pytest

from qlearn.communication.repeaters import purify, recurrence, werner_vector, working_range


@pytest.mark.parametrize(
    ("q", "low", "high"),
    [
        (0.995, 0.522256, 0.987896),
        (0.99, 0.546860, 0.973757),
        (0.98, 0.606488, 0.936046),
        (0.97, 0.698485, 0.867382),
    ],
)
def test_reference_values_of_bbpssw(q, low, high):
    found = working_range(q, q)
    assert found.lowest == pytest.approx(low, abs=1e-6)
    assert found.highest == pytest.approx(high, abs=1e-6)
    fixed = [found.lowest, found.highest]
    np.testing.assert_allclose(purify(fixed, gate=q, readout=q).fidelity, fixed, atol=1e-8)


@pytest.mark.parametrize(
    ("q", "high"), [(0.99, 0.985962), (0.98, 0.967987), (0.96, 0.909064), (0.95, 0.842171)]
)
def test_reference_limits_of_dejmps(q, high):
    found = working_range(q, q, "dejmps")
    assert found.highest == pytest.approx(high, abs=1e-6)
    # from just above the lower point the recurrence climbs, from just below it dies
    for shift, climbs in ((1e-4, True), (-1e-4, False)):
        done = recurrence(werner_vector(found.lowest + shift), 150, gate=q, readout=q)
        assert (abs(done.fidelity[-1] - high) < 1e-3) == climbs


def test_nothing_works_below():
    assert working_range(0.94, 0.94, "dejmps") is None
    assert working_range(0.96, 0.96, "bbpssw") is None
    assert working_range(0, 1) is None


def test_perfect_devices_work_from_one_half_to_one():
    for method in ("bbpssw", "dejmps"):
        assert working_range(1, 1, method) == pytest.approx((0.5, 1), abs=1e-6)


def gains_by_the_formula(f, eta):
    """Tell whether BBPSSW gains with perfect gates, by the formula of Briegel and Duer."""
    g, a, b = (1 - f) / 3, eta**2 + (1 - eta) ** 2, 2 * eta * (1 - eta)
    after = (f**2 + g**2) * a + (f * g + g**2) * b
    return after / ((f**2 + 2 * f * g + 5 * g**2) * a + 4 * (f * g + g**2) * b) > f


@pytest.mark.parametrize("eta", [0.5, 0.7, 0.8, 0.85])
def test_perfect_gates_do_not_help_where_the_readout_is_poor(eta):
    # near 1 what is missing is multiplied by 2/3 + 2 eta (1 - eta) / (eta^2 + (1 - eta)^2): above 1 for eta < 0.8536
    assert not any(gains_by_the_formula(f, eta) for f in np.linspace(0.5, 0.99999, 60))
    assert working_range(1, eta) is None
    assert working_range(1, eta, "dejmps") is None


@pytest.mark.parametrize("eta", [0.9, 0.95])
def test_perfect_gates_lead_to_one_where_the_readout_is_good(eta):
    low, high = working_range(1, eta)
    assert high == pytest.approx(1, abs=1e-9)
    assert [gains_by_the_formula(low + shift, eta) for shift in (-1e-4, 1e-4)] == [False, True]


def test_the_readout_counts_too():
    assert working_range(0.98, 1).highest > working_range(0.98, 0.98).highest


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: working_range(1.1), "gate must be a probability"),
        (lambda: working_range(1, -0.1), "readout must be a probability"),
        (lambda: working_range(1, 1, "both"), "method must be one of"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
