"""Pulse accounts: nothing is lost in the books, an independent count, and refusals."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.photons import LINKS, Counts, Source, exchange, expected_counts, finite_key
from qlearn.control.state_selection import pulse_account, sifted_share

LIM = LINKS["lim2014"]


@given(st.floats(0.05, 0.9), st.floats(0.3, 0.7), st.floats(0.001, 0.5), st.floats(6, 12))
@settings(max_examples=25, deadline=None)
def test_every_pulse_is_somewhere_once(p_x, signal, transmittance, digits):
    source = Source((signal, signal * 0.3, 2e-4), (0.5, 0.3, 0.2), p_x)
    account = pulse_account(10**digits, link=LIM, transmittance=transmittance, source=source)
    shares = dict(account)
    assert min(shares.values()) >= -1e-15
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
    counts = expected_counts(10**digits, link=LIM, transmittance=transmittance, source=source)
    proved = finite_key(counts, source=source, efficiency=LIM.error_correction)
    assert account.key == pytest.approx(
        max(0.0, proved.bits if proved.length else 0.0) / counts.sent.sum(), abs=1e-12
    )


def test_against_pulses_one_by_one():
    # 400,000 pulses through a receiver without afterpulses: shares within 5 binomial standard errors, four of them: 3e-6
    # would be chance; the seed is fixed
    n, source = 400_000, Source(p_x=0.3)
    gys = LINKS["gys"]
    account = pulse_account(1e9, link=gys, transmittance=1.0, source=source)
    laser = exchange(n, link=gys, transmittance=1.0, source=source, rng=4)
    sent, counts = laser.transmission, Counts.from_transmission(laser)
    seen = {
        "lost": 1 - sent.detected.mean(),
        "unequal": (sent.detected & ~sent.kept).mean(),
        "tested": counts.sifted[:, 1].sum() / n,
    }
    seen["key basis"] = 1 - sum(seen.values())
    due = dict(account) | {"key basis": 1 - account.lost - account.unequal - account.tested}
    for name, share in seen.items():
        assert abs(share - due[name]) < 6 * np.sqrt(due[name] * (1 - due[name]) / n)


def test_sifted_shares():
    assert sifted_share([0.5, 0.5]) == pytest.approx(0.5)
    assert sifted_share([0.9, 0.1]) == pytest.approx(0.82)
    assert sifted_share([1 / 3, 1 / 3, 1 / 3]) == pytest.approx(1 / 3)
    assert sifted_share([0.9, 0.1], [0.5, 0.5]) == pytest.approx(0.5)
    chosen = np.random.default_rng(1).random((2, 200_000)) < 0.2
    assert sifted_share([0.8, 0.2]) == pytest.approx(
        (chosen[0] == chosen[1]).mean(), abs=0.006
    )  # 5 standard errors


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: sifted_share([0.5, 0.6]), "rows that sum to 1"),
        (lambda: sifted_share(1.0), "rows that sum to 1"),
        (lambda: sifted_share([0.5, 0.5], [1 / 3] * 3), "same bases"),
        (lambda: sifted_share([1.5, -0.5]), "alice must be"),
        (lambda: pulse_account(-1, link=LIM, transmittance=0.1, source=Source()), "n_pulses must be"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
