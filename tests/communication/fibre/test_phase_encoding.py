"""Visibility: amplitudes added by hand, phases drawn at random, a qubit's circuit.

The system: parts that make an error rate, sheets that say where their numbers come from.
"""

from dataclasses import fields, replace

import numpy as np
import pytest

from qlearn.communication.fibre import SYSTEMS, interferometer_error, time_bin_error
from qlearn.communication.fibre.phase_encoding import arm_visibility
from qlearn.qubits import Circuit


def ports(first, second, phase):
    """Intensities behind a balanced beam splitter."""
    a, b = np.sqrt(first), np.sqrt(second) * np.exp(1j * phase)
    return np.abs(a + b) ** 2 / 2, np.abs(a - b) ** 2 / 2


def test_fringes_from_amplitudes():
    for db in (0.0, 0.5, 3.0, 20.0):
        right, _ = ports(1.0, 10 ** (-db / 10), np.linspace(0, 2 * np.pi, 721))
        assert arm_visibility(db) == pytest.approx((right.max() - right.min()) / (right.max() + right.min()))


def test_error_from_amplitudes():
    for phase in (0.0, 0.3, 2.0, -1.0):
        right, wrong = ports(1.0, 0.5, phase)
        v = float(arm_visibility(10 * np.log10(2)))
        assert interferometer_error(v, offset_rad=phase) == pytest.approx(wrong / (right + wrong))


def test_drift_photon_by_photon():
    # 400,000 photons, each with a phase of its own; sigma from the binomial, 6 sigma: 2e-9
    rng, n, drift, offset, v = np.random.default_rng(1), 400_000, 0.6, 0.3, 0.95
    phase = rng.normal(offset, drift, n)
    wrong = (rng.random(n) < (1 - v * np.cos(phase)) / 2).mean()
    theory = float(interferometer_error(v, offset_rad=offset, drift_rad=drift))
    assert abs(wrong - theory) < 6 * np.sqrt(theory * (1 - theory) / n)


def test_a_phase_between_two_beam_splitters_is_a_circuit():
    phase = np.linspace(-3, 3, 13)
    state = Circuit(1).h(0).rz(phase, 0).h(0).run()
    np.testing.assert_allclose(
        np.abs(state[:, 1]) ** 2, interferometer_error(1.0, offset_rad=phase), atol=1e-12
    )


def test_limits():
    assert interferometer_error(1.0) == 0
    assert interferometer_error(0.0) == 0.5
    assert interferometer_error(0.98) == pytest.approx(0.01)
    assert interferometer_error(1.0, offset_rad=np.pi) == 1
    assert interferometer_error(1.0, drift_rad=50.0) == pytest.approx(0.5)
    small = 0.05
    assert interferometer_error(1.0, drift_rad=small) == pytest.approx(small**2 / 4, rel=1e-3)
    assert time_bin_error(0.0) == 0.5
    np.testing.assert_allclose(time_bin_error([20, 30]), [1 / 101, 1 / 1001])
    assert time_bin_error(1e5) == arm_visibility(1e5) == 0
    assert arm_visibility(0.0) == 1


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: interferometer_error(1.2), ValueError, "visibility must be"),
        (lambda: interferometer_error(0.9, drift_rad=-0.1), ValueError, "drift_rad must be"),
        (lambda: interferometer_error(0.9, offset_rad=np.inf), ValueError, "offset_rad must be"),
        (lambda: arm_visibility(-1.0), ValueError, "imbalance_db must be"),
        (lambda: time_bin_error(-1.0), ValueError, "extinction_db must be"),
        (lambda: time_bin_error("high"), TypeError, "extinction_db must be"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


GATED = SYSTEMS["gated"]


def test_optical_error_of_the_parts():
    good = replace(GATED, visibility=1.0, imbalance_db=0.0, drift_rad=0.0)
    assert good.optical_error == 0
    assert replace(good, visibility=0.96).optical_error == pytest.approx(0.02)
    assert replace(good, drift_rad=0.2).optical_error == pytest.approx(0.01, rel=0.02)


def test_systems_say_where_their_numbers_come_from():
    for system in SYSTEMS.values():
        assert system.source
        assert set(system.provenance) == {f.name for f in fields(system)} - {"name", "source", "provenance"}
        assert all(
            how.split()[0].strip(":,") in ("assumed", "derived", "without")
            for how in system.provenance.values()
        )


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: replace(GATED, efficiency=2.0), ValueError, "efficiency must be"),
        (lambda: replace(GATED, visibility=2.0), ValueError, "visibility must be"),
        (lambda: replace(GATED, afterpulse=1.0), ValueError, "total must be below 1"),
        (lambda: replace(GATED, filter_db=-1.0), ValueError, "filter_db must be"),
        (lambda: replace(GATED, error_correction=0.5), ValueError, "error_correction must be"),
        (lambda: replace(GATED, gate_s="long"), TypeError, "gate_s must be"),
    ],
)
def test_refuses_system(call, error, says):
    with pytest.raises(error, match=says):
        call()
