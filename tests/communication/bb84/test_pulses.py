"""Reading a pulse: the Born rule, from an oracle that knows only states."""

import numpy as np
import pytest

from qlearn.communication.bb84 import BASES, Pulses, measure_pulses
from qlearn.communication.bb84.pulses import TURNS
from qlearn.qubits import Circuit, bloch, probabilities

N = 400_000
# |0_b> and |1_b> of each basis, as columns: bit 0 and bit 1
STATES = {
    "Z": bloch([0, np.pi], 0).T,
    "X": bloch([np.pi / 2, np.pi / 2], [0, np.pi]).T,
    "Y": bloch([np.pi / 2, np.pi / 2], [np.pi / 2, -np.pi / 2]).T,
    "breidbart": bloch([np.pi / 4, np.pi + np.pi / 4], 0).T,
}


def full(value):
    return np.full(N, value, dtype=np.uint8)


@pytest.mark.parametrize("bit", [0, 1])
@pytest.mark.parametrize("read_in", BASES)
@pytest.mark.parametrize("written_in", BASES)
def test_born_rule(written_in, read_in, bit):
    # The frequency of outcome 1 against the states themselves: n = 4e5, 6 sigma, 2e-9 a case
    expected = probabilities(STATES[written_in][:, bit], basis=STATES[read_in])[1]
    outcomes = measure_pulses(Pulses(full(bit), full(BASES[written_in])), full(BASES[read_in]), rng=4)
    sigma = np.sqrt(expected * (1 - expected) / N)
    assert abs(outcomes.mean() - expected) <= 6 * sigma + 1e-12
    assert outcomes.dtype == np.uint8


def test_a_mixture_of_bases_reads_like_its_parts():
    # Half Breidbart, half X pulses carrying 1, read in Z: 1 with cos^2(pi/8), and a fair coin; 6 sigma
    rng = np.random.default_rng(8)
    bases = rng.choice(np.array([1, 3], dtype=np.uint8), N)
    outcomes = measure_pulses(Pulses(full(1), bases), full(0), rng)
    for code, expected in ((3, np.cos(np.pi / 8) ** 2), (1, 0.5)):
        seen = outcomes[bases == code]
        assert abs(seen.mean() - expected) < 6 * np.sqrt(expected * (1 - expected) / seen.size)


def test_the_written_bit_leaves_no_trace_in_the_other_basis():
    # no-signalling of the bit: read in X, Z pulses of 0 and of 1 give the same outcomes from the same coins, flipped
    coins_seen = [measure_pulses(Pulses(full(bit), full(0)), full(1), rng=2) for bit in (0, 1)]
    np.testing.assert_array_equal(coins_seen[0], 1 - coins_seen[1])
    assert abs(coins_seen[0].mean() - 0.5) < 6 * 0.5 / np.sqrt(N)


def test_one_basis_a_pulse():
    with pytest.raises(ValueError, match="same length"):
        measure_pulses(Pulses(full(0), full(0)), np.zeros(3, dtype=np.uint8))


@pytest.mark.parametrize(
    ("bits", "bases", "error", "says"),
    [
        ([0, 1], full(0), TypeError, "bits must be a uint8 array"),
        (full(0).astype(float), full(0), TypeError, "bits must be a uint8 array"),
        (full(2), full(0), ValueError, "bits must be numbers from 0 to 1"),
        (full(0), full(4), ValueError, "bases must be numbers from 0 to 3"),
        (full(0)[:0], full(0)[:0], ValueError, "one for each pulse"),
        (full(0), full(0)[1:], ValueError, "bits and bases must have the same length"),
    ],
)
def test_refuses_what_are_no_pulses(bits, bases, error, says):
    with pytest.raises(error, match=says):
        Pulses(bits, bases)


def test_reads_in_known_bases_only():
    with pytest.raises(ValueError, match="bases must be numbers from 0 to 3"):
        measure_pulses(Pulses(full(0), full(0)), full(9))


def test_a_basis_is_z_turned_about_the_y_axis():
    for basis, angle in TURNS.items():
        np.testing.assert_allclose(Circuit(1).ry(angle, 0).run(), STATES[basis][:, 0], atol=1e-15)
    assert set(BASES) - set(TURNS) == {"Y"}
