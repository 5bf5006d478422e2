"""Break-even: the published table, the definition, and what is refused."""

from math import inf, log

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.applications.routing_6g import break_even, needed_success, time_to_solution

HOUR, DAY = 3600, 86400


@given(st.floats(1e-6, 10), st.floats(1e-9, 1e-7), st.floats(1.5, 6), st.integers(1, 10**6))
def test_there_both_take_the_same_time(quantum, classical, degree, cores):
    at = break_even(quantum, classical, degree=degree, cores=cores)
    assert at.seconds == pytest.approx(at.calls * quantum)
    if at.calls > 1:
        assert at.seconds == pytest.approx(at.calls**degree * classical / cores)


def test_a_square_root_pays_after_the_square_of_the_slowdown():
    # t_Q^2 / t_C, and a thousand cores make it a thousand times later
    assert break_even(2.0, 0.5).seconds == pytest.approx(8.0)
    assert break_even(2.0, 0.5, cores=1000).seconds == pytest.approx(8000.0)


def test_where_the_quantum_call_is_no_slower_it_pays_at_once():
    assert break_even(1e-9, 1e-6).calls == 1


@given(st.floats(1e-4, 0.5), st.floats(0.5, 0.999999))
def test_time_and_chance_are_inverse(success, confidence):
    time = time_to_solution(1.0, success, confidence=confidence)
    if time > 1:
        assert (1 - success) ** time == pytest.approx(1 - confidence)
        shots = int(np.ceil(time))
        assert needed_success(1.0, shots + 0.5, confidence=confidence) <= success + 1e-9


def test_by_counting_shots():
    # 100 shots at 4.5 %: the chance to miss it in all is 1 %
    p = needed_success(1.0, 100.0)
    assert (1 - p) ** 100 == pytest.approx(0.01)
    assert time_to_solution(1.0, p) == pytest.approx(100)
    assert time_to_solution(2.0, 0.5) == pytest.approx(2 * log(0.01) / log(0.5))
    assert time_to_solution(2.0, 1.0) == 2.0
    assert time_to_solution(2.0, 0.0) == inf


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: break_even(1, 1, degree=1), "degree must be above 1, not 1"),
        (lambda: break_even(0, 1), "quantum_s must be above 0"),
        (lambda: break_even(1, 0), "classical_s must be above 0"),
        (lambda: break_even(1, 1, cores=0), "cores must be at least 1"),
        (lambda: needed_success(1, 1, confidence=1), "confidence must lie between 0 and 1"),
        (lambda: needed_success(0, 1), "shot_s must be above 0"),
        (lambda: time_to_solution(1, 2), "success must be"),
        (lambda: time_to_solution(1, 0.5, confidence=0), "confidence must lie between 0 and 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
