"""The monitored link: where drift settles, what it does to the line, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.photons import LINKS, Source
from qlearn.control.eavesdropper_detection import Drift, MonitoredLink

LINE = MonitoredLink(replace(LINKS["gys"], misalignment=0.05), transmittance=0.8)


def test_a_line_that_stands_still_is_exactly_what_was_given():
    state = MonitoredLink(transmittance=0.07).state()
    assert state.misalignment.tolist() == [LINKS["gys"].misalignment]
    assert state.transmittance.tolist() == [0.07]
    assert state.signal == Source().intensities[0]
    assert not Drift().draw(5, np.random.default_rng(1)).any()


def test_transmittance_is_cut_at_one():
    assert LINE.state(np.array([[0.0], [5.0], [0.0]])).transmittance.tolist() == [1.0]


def test_drift_settles_where_it_says():
    # 20,000 blocks, memory .9: about 1050 independent values, so the sd of a sample sd is 2.2 %; 6 sigma (2e-9)
    drift = Drift(angle=0.02, log_transmittance=0.1, timing=0.3, memory=0.9)
    angle, loss, clock = drift.draw(20_000, np.random.default_rng(1))
    for drawn, sd in ((angle, 0.02), (loss, 0.1), (clock, 0.3)):
        assert abs(drawn.std() / sd - 1) < 6 * 0.022
    state = replace(LINE, drift=drift).state(np.array([[0.1], [0.2], [0.0]]))
    assert state.misalignment == pytest.approx(np.sin(np.arcsin(np.sqrt(0.05)) + 0.1) ** 2)
    assert state.transmittance == pytest.approx(0.8 * np.exp(0.2))


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: Drift(angle=-1), ValueError, "angle must be"),
        (lambda: Drift(memory=1.0), ValueError, "never settles"),
        (lambda: MonitoredLink(LINKS["lim2014"]), ValueError, "afterpulse=0"),
        (lambda: MonitoredLink(transmittance=1.5), ValueError, "transmittance must be a probability"),
        (lambda: MonitoredLink(source=Source((0.5, 0.2), (0.7, 0.3))), ValueError, "three intensities"),
        (lambda: MonitoredLink(drift=0.1), TypeError, "drift must be a Drift"),
        (lambda: MonitoredLink(pulses=0), ValueError, "pulses must be at least 1"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
