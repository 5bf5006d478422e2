"""Energy: watts over bits a second, and the processor's time at an assumed power."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.applications.standards import ComputingEnergy, LinkPower, computing_energy, joules_per_bit
from qlearn.communication.photons import LINKS, decoy_rate

positive = st.floats(1e-6, 1e9)


@given(st.lists(positive, min_size=1, max_size=20), st.floats(0, 1e5))
def test_energy_times_rate_is_power(rates, watts):
    assert np.allclose(joules_per_bit(rates, watts) * rates, watts)


def test_without_a_key_a_bit_has_no_price():
    assert joules_per_bit([0, 1, 0], [5, 5, 0]).tolist() == [np.inf, 5, np.inf]
    assert joules_per_bit(np.ones((2, 3)), 4).shape == (2, 3)
    assert joules_per_bit([1e-320], 1e300).tolist() == [np.inf]  # without a warning


def test_ten_decibels_cost_ten_times_where_background_does_not_matter():
    """An oracle by logarithms: the slope of the energy over length is that of the loss."""
    km = np.array([10.0, 60.0])
    rate = decoy_rate(km, link=LINKS["lim2014"])
    short, long = joules_per_bit(1e9 * rate, 200)
    assert np.log10(long / short) == pytest.approx(0.2 * 50 / 10, rel=0.05)


def test_a_link_draws_the_sum():
    assert LinkPower(1, 20, 300, 4000).watts == 4321
    assert LinkPower(0, 0, 0, 0).watts == 0


def test_work_is_run_once_more_than_counted_and_paid_by_time():
    runs = []
    spent = computing_energy(lambda: runs.append(sum(range(20_000))), watts=12.5, repeats=30)
    assert len(runs) == 31
    assert spent.cpu_seconds > 0
    assert spent.joules == 12.5 * spent.cpu_seconds
    assert ComputingEnergy(2.0, 15.0).joules == 30


def test_the_energy_of_a_run_is_a_mean_over_its_repeats(monkeypatch):
    now = [0.0]  # a clock that each run moves on by two seconds
    monkeypatch.setattr("time.process_time", lambda: now[0])
    spent = computing_energy(lambda: now.__setitem__(0, now[0] + 2.0), watts=3.0, repeats=5)
    assert (spent.cpu_seconds, spent.joules) == (2.0, 6.0)


def test_what_the_work_raises_comes_through():
    def breaks():
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        computing_energy(breaks, watts=1)


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (
            lambda: joules_per_bit([-1], 5),
            ValueError,
            "bits_per_second must be finite and at least 0, not -1",
        ),
        (lambda: joules_per_bit([np.nan], 5), ValueError, "bits_per_second"),
        (lambda: joules_per_bit([1], -5), ValueError, "watts must be"),
        (lambda: LinkPower(1, 2, -3, 4), ValueError, "cooling_w must be"),
        (lambda: LinkPower(1, 2, 3, "4"), TypeError, "management_w must be a number"),
        (lambda: computing_energy(7, watts=1), TypeError, "work must be a function"),
        (lambda: computing_energy(list, watts=0), ValueError, "watts must be above 0"),
        (lambda: computing_energy(list, watts=1, repeats=0), ValueError, "repeats must be at least 1"),
    ],
)
def test_refuses(call, kind, says):
    with pytest.raises(kind, match=says):
        call()
