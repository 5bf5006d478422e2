"""Reference frames: the six-state rate on white noise, no change by a turn, the maximum over Eve's states, and refusals."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.special import expit

from qlearn.communication.key_rate import binary_entropy, key_rate, tolerable_qber
from qlearn.control.state_selection import (
    certified_secrecy,
    frame_correlation,
    frame_free_rate,
    frame_information,
)
from qlearn.qubits.noise import Channel, bloch_map, depolarising


def test_white_noise_gives_the_six_state_rate():
    e = np.array([0.0, 0.03, 0.05, 0.1])
    rate = frame_free_rate(e, 2 * (1 - 2 * e) ** 2)
    assert rate == pytest.approx(key_rate(e, protocol="six-state"), abs=1e-9)
    assert rate[1:3] == pytest.approx([0.66391165, 0.49681627], abs=1e-8)
    end = brentq(lambda x: 1 - binary_entropy(x) - frame_information(x, 2 * (1 - 2 * x) ** 2), 0.1, 0.13)
    assert end == pytest.approx(tolerable_qber(protocol="six-state"), abs=1e-9)


@given(st.floats(-np.pi, np.pi), st.integers(0, 10**6))
def test_a_turn_changes_nothing(angle, seed):
    table = np.random.default_rng(seed).uniform(-0.5, 0.5, (2, 2))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    same = pytest.approx(float(frame_correlation(table)), abs=1e-12)
    assert float(frame_correlation(turn @ table)) == same == float(frame_correlation(table @ turn))


def test_a_turned_frame_costs_bb84_and_not_this_protocol():
    # the reference values: 30 degrees at 2 %
    x = 0.96 * np.cos(np.deg2rad(30))
    bb84 = 1 - binary_entropy(0.02) - binary_entropy((1 - x) / 2)
    assert float(bb84) == pytest.approx(0.441380, abs=1e-6)
    assert float(frame_free_rate(0.02, 2 * 0.96**2)) == pytest.approx(0.758059, abs=1e-6)


@pytest.mark.parametrize("e", [0.01, 0.1, 0.15, 0.2, 0.4])
def test_the_maximum_over_bell_diagonal_states(e):
    for half in np.linspace(0.02, (1 - e) ** 2 + e**2 - 1e-6, 7):

        def known(angle, half=half):
            u, v = np.sqrt(half) * np.cos(angle) / (1 - e), np.sqrt(half) * np.sin(angle) / e
            return float((1 - e) * binary_entropy((1 + u) / 2) + e * binary_entropy((1 + v) / 2))

        # the angles at which u and v are at most 1; a net that is fine at its ends, then a bounded search
        least = np.arccos(min(1.0, (1 - e) / np.sqrt(half)))
        net = least + (np.arcsin(min(1.0, e / np.sqrt(half))) - least) * expit(np.linspace(-34, 34, 801))
        best = int(np.argmax([known(angle) for angle in net]))
        inside = (net[max(best - 1, 0)], net[min(best + 1, 800)])
        found = minimize_scalar(
            lambda angle: -known(angle), bounds=inside, method="bounded", options={"xatol": 1e-13}
        )
        assert float(frame_information(e, 2 * half)) == pytest.approx(-found.fun, abs=1e-8)


def laing(e, c):
    """The formula as published."""
    u = min(np.sqrt(c / 2) / (1 - e), 1)
    v = np.sqrt(max(0.0, c / 2 - ((1 - e) * u) ** 2)) / e
    return float((1 - e) * binary_entropy((1 + u) / 2) + e * binary_entropy((1 + min(v, 1.0)) / 2))


def test_the_published_formula_is_close_and_never_above():
    furthest = 0.0
    for e in (0.01, 0.08, 0.12, 0.159):
        for c in np.linspace(0, 2 * ((1 - e) ** 2 + e**2), 40):
            gap = float(frame_information(e, c)) - laing(e, c)
            assert gap > -1e-9
            furthest = max(furthest, gap)
    assert 1e-6 < furthest < 4e-5


@pytest.mark.parametrize(("e", "c"), [(0.05, 1.5), (0.1, 0.9)])
def test_no_line_found_by_a_search_lets_eve_know_more(e, c):
    # 32 free numbers make any line; Eve's information is computed from Kraus operators, Z and C are held by a penalty
    rng = np.random.default_rng(3)
    pair = np.eye(2).reshape(4) / np.sqrt(2)

    def entropy(rho):
        values = np.linalg.eigvalsh(rho).clip(1e-15)
        return -(values * np.log2(values)).sum()

    def numbers(x):
        kraus = np.linalg.qr((x[:16] + 1j * x[16:]).reshape(8, 2))[0].reshape(4, 2, 2)
        vectors = np.einsum("kij,aj->kai", kraus, pair.reshape(2, 2)).reshape(4, 4)
        rho = vectors.T @ vectors.conj()
        kept = rho.copy()
        kept[:2, 2:] = kept[2:, :2] = 0
        ball = bloch_map(Channel(kraus)).matrix
        return 1 - entropy(kept) + entropy(rho), (1 - ball[2, 2]) / 2, (ball[:2, :2] ** 2).sum()

    def loss(x, weight):
        known, wrong, seen = numbers(x)
        return -known + weight * ((wrong - e) ** 2 + (seen - c) ** 2)

    x = rng.normal(size=32) * 0.3
    x[0], x[3] = 2, 2
    for weight in (10, 1e4):
        x = minimize(loss, x, args=(weight,), method="BFGS", options={"maxiter": 150}).x
    known, wrong, seen = numbers(x)
    assert abs(wrong - e) + abs(seen - c) < 1e-2
    assert -1e-6 < float(frame_information(wrong, seen)) - known < 0.02


def test_a_turned_line_by_the_convex_search():
    line = depolarising(0.1).then(Channel([np.diag([1, np.exp(0.7j)])]))
    proved = certified_secrecy(line, states="01+-rl", bases="ZXY").proved
    assert 1 - float(frame_information(0.05, 2 * 0.9**2)) == pytest.approx(proved, abs=2e-6)


def test_edges():
    assert frame_information([0, 0, 0.5, 0.5], [2, 0, 1, 0]) == pytest.approx([0, 1, 0, 1], abs=1e-9)
    assert float(frame_free_rate(0.0, 2.0, efficiency=1.2)) == 1.0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: frame_correlation([0.5, 0.5]), "shape"),
        (lambda: frame_correlation([[1.5, 0], [0, 1]]), "between -1 and 1"),
        (lambda: frame_information(0.6, 0.1), "qber must be"),
        (lambda: frame_information(0.1, 1.9), "must fit the error rate"),
        (lambda: frame_information(0.1, -0.1), "correlation must be"),
        (lambda: frame_free_rate(0.1, 1.0, efficiency=0.5), "efficiency must be"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
