"""Three states: linearity on any line, with any loss; the worst phase error against a search over lines; refusals."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import brentq, minimize

from qlearn.communication.key_rate import binary_entropy, key_rate, tolerable_qber
from qlearn.control.state_selection import (
    certified_secrecy,
    fourth_state,
    phase_error_of_three,
    three_state_rate,
    worst_phase_error,
)
from qlearn.qubits.noise import depolarising

STATES = [np.array(v) for v in ([1, 0], [0, 1], [2**-0.5, 2**-0.5], [2**-0.5, -(2**-0.5)])]


def lossy_yields(seed):
    """Yields of 0, 1, +, - for X asked, on a random line that also loses photons, which ones being up to the state."""
    rng = np.random.default_rng(seed)
    kraus = np.linalg.qr(rng.normal(size=(8, 2)) + 1j * rng.normal(size=(8, 2)))[0].reshape(4, 2, 2)[:3]
    return np.array([[sum(abs(b @ k @ s) ** 2 for k in kraus) for b in STATES[2:]] for s in STATES])


@given(st.integers(0, 10**6))
def test_the_fourth_state_is_a_sum_of_the_others_also_with_loss(seed):
    seen = lossy_yields(seed)
    assert fourth_state(seen[:3]) == pytest.approx(seen[3], abs=1e-12)
    wrong = (seen[2, 1] + seen[3, 0]) / seen[2:].sum()
    assert float(phase_error_of_three(seen[:3])) == pytest.approx(wrong, abs=1e-12)


def test_chances_among_clicks_do_not_sum():
    # Eve lets every + pass and half of the -: by pulses sent the phase error is 0, as it is
    keep = np.diag([1.0, np.sqrt(0.5)])  # in the basis of X
    turn = np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    kraus = turn @ keep @ turn
    seen = np.array([[abs(b @ kraus @ s) ** 2 for b in STATES[2:]] for s in STATES])
    assert float(phase_error_of_three(seen[:3])) == pytest.approx(0.0, abs=1e-12)
    among_clicks = seen / seen.sum(axis=1, keepdims=True)
    assert fourth_state(among_clicks[:3])[0] == pytest.approx(1 / 3)  # + 1/3 where there is none


def test_rates_are_those_of_bb84():
    e = np.linspace(0, 0.12, 7)
    assert three_state_rate(e) == pytest.approx(key_rate(e))
    assert float(three_state_rate(tolerable_qber() - 1e-6)) > 0 == float(three_state_rate(0.1101))
    assert three_state_rate(e, efficiency=1.16) == pytest.approx(key_rate(e, efficiency=1.16))


def test_without_unequal_bases_the_bound_is_safe_and_not_tight():
    for e in (0.01, 0.03, 0.05):
        exact = certified_secrecy(depolarising(2 * e), states="01+", mismatched=False)
        bound = 1 - float(binary_entropy(worst_phase_error(e, e)))
        assert bound < exact.proved < 1 - float(binary_entropy(e))
        assert float(three_state_rate(e, mismatched=False)) == pytest.approx(
            max(0, bound - float(binary_entropy(e)))
        )
    ends = brentq(lambda e: 1 - binary_entropy(e) - binary_entropy(worst_phase_error(e, e)), 0.01, 0.1)
    assert (
        float(three_state_rate(ends - 1e-6, mismatched=False))
        > 0
        == float(three_state_rate(ends + 1e-6, mismatched=False))
    )


@pytest.mark.parametrize(("e_z", "e_plus"), [(0.02, 0.05), (0.05, 0.01), (0.1, 0.1), (0.3, 0.2)])
def test_worst_phase_error_against_a_search_over_all_lines(e_z, e_plus):
    # Kraus operators from 32 free real numbers by a QR decomposition; counts held by a penalty
    rng = np.random.default_rng(5)

    def numbers(x):
        g = (x[:16] + 1j * x[16:]).reshape(8, 2)
        kraus = np.linalg.qr(g)[0].reshape(4, 2, 2)
        chance = (abs(np.einsum("bi,kij,sj->ksb", STATES, kraus, STATES)) ** 2).sum(axis=0)
        return (chance[0, 1] + chance[1, 0]) / 2, chance[2, 3], (chance[2, 3] + chance[3, 2]) / 2

    def loss(x, weight):
        z, plus, phase = numbers(x)
        return -phase + weight * ((z - e_z) ** 2 + (plus - e_plus) ** 2)

    gaps = []
    for _ in range(2):
        x = rng.normal(size=32) * 0.3
        x[0], x[3] = 2, 2
        for weight in (10, 1e3, 1e5):
            x = minimize(loss, x, args=(weight,), method="BFGS").x
        z, plus, phase = numbers(x)
        assert abs(z - e_z) + abs(plus - e_plus) < 1e-3
        gaps.append(float(worst_phase_error(z, plus)) - min(phase, 0.5))
    assert -1e-6 < min(gaps) < 1e-3


def test_an_eve_who_swallows_states_unequally_passes_the_bound_and_shows_in_the_clicks():
    # found by a search over all lines that may lose a state; two Kraus operators
    eve = np.array([[[0.6632, 0.072], [-0.0167, 0.8353]], [[0.2368, -0.1915], [0.1823, -0.4887]]])
    assert np.linalg.eigvalsh((eve.transpose(0, 2, 1) @ eve).sum(axis=0)).max() < 1 + 1e-3
    to_x = np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    zeros_and_ones = (eve**2).sum(axis=0).T  # sent, found
    plus_and_minus = ((to_x @ eve @ to_x) ** 2).sum(axis=0).T
    e_z = (zeros_and_ones[0, 1] + zeros_and_ones[1, 0]) / zeros_and_ones.sum()
    e_plus = plus_and_minus[0, 1] / plus_and_minus[0].sum()
    e_x = (plus_and_minus[0, 1] + plus_and_minus[1, 0]) / plus_and_minus.sum()
    assert e_z == pytest.approx(0.05, abs=1e-3)
    assert e_plus == pytest.approx(0.05, abs=1e-3)
    assert e_x == pytest.approx(0.2333, abs=1e-3)
    assert e_x > float(worst_phase_error(e_z, e_plus)) + 0.01
    # the clicks per pulse give her away: those of + are not the mean of those of 0 and 1
    assert abs(plus_and_minus[0].sum() - zeros_and_ones.sum() / 2) > 0.05
    # all counts kept, the fourth row is what it is
    x_of_all = ((to_x @ eve) ** 2).sum(axis=0).T
    yields = np.vstack([x_of_all, plus_and_minus[:1]]) / 1.001
    assert float(phase_error_of_three(yields)) == pytest.approx(e_x, abs=1e-9)


@given(st.floats(0, 0.5), st.floats(0, 0.5))
@settings(max_examples=50)
def test_worst_phase_error_is_never_below_what_was_seen(e_z, e_plus):
    worst = float(worst_phase_error(e_z, e_plus))
    assert e_plus - 1e-12 <= worst <= 0.5
    assert worst <= float(worst_phase_error(min(0.5, e_z + 0.01), e_plus)) + 1e-12


def test_closed_forms_at_the_edges():
    assert worst_phase_error(0.0, 0.1) == pytest.approx(0.1)
    assert worst_phase_error(0.1, 0.0) == pytest.approx(2 * 0.1 * 0.9)
    assert worst_phase_error(1e-7, 1e-7) == pytest.approx(5e-7, rel=1e-5)  # five times the error rate


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: fourth_state([[0.1, 0.1], [0.1, 0.1]]), "one row for each"),
        (lambda: fourth_state([0.1, 0.1, 0.1]), "one row for each"),
        (lambda: fourth_state([[60, 50], [50, 50], [90, 1]]), "per pulse sent"),
        (lambda: fourth_state([[-0.1, 0.1], [0.1, 0.1], [0.1, 0.1]]), "at least 0"),
        (lambda: phase_error_of_three([[0.1], [0.1], [0.1]]), "two outcomes"),
        (lambda: phase_error_of_three([[0, 0], [0, 0], [0.1, 0.1]]), "must hold clicks"),
        (lambda: worst_phase_error(1.2, 0.1), "qber must be"),
        (lambda: worst_phase_error([0.1, 0.2], [0.1, 0.2, 0.3]), "broadcast"),
        (lambda: three_state_rate(0.1, efficiency=0.9), "efficiency must be"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
