"""Measuring is copying: the CNOT in Eve's basis against intercept and resend, pulse by pulse."""

import numpy as np
import pytest

from qlearn.communication.bb84 import BASES, Pulses, read
from qlearn.communication.eavesdropping import MemoryAttack, measuring
from qlearn.qubits import Circuit, bloch, density, measure, partial_trace, random_state

AXES = {"Z": 0, "X": np.pi / 2, "breidbart": np.pi / 4}


@pytest.mark.parametrize("basis", AXES)
def test_leaves_the_pulse_as_a_measurement_does(basis):
    psi = random_state(1, size=20, rng=1)
    start = np.zeros((20, 4), dtype=complex)
    start[:, ::2] = psi
    seen = partial_trace(measuring(basis).run(start), 0)
    zero, one = bloch(AXES[basis], 0), bloch(AXES[basis] + np.pi, 0)
    expected = sum(np.abs(psi @ found.conj())[:, None, None] ** 2 * density(found) for found in (zero, one))
    np.testing.assert_allclose(seen, expected, atol=1e-12)


@pytest.mark.parametrize("basis", AXES)
def test_her_qubit_shows_what_read_reads(basis):
    # 40,000 pulses of the four kinds: each frequency within 6 sigma of the circuit's chance
    bits, bases = (
        np.tile([0, 1, 0, 1], 10_000).astype(np.uint8),
        np.tile([0, 0, 1, 1], 10_000).astype(np.uint8),
    )
    found = read(Pulses(bits, bases), np.full(40_000, BASES[basis], dtype=np.uint8), 2)
    states = measuring(basis).run(Circuit(2).x(0, where=[0, 1, 0, 1]).h(0, where=[0, 0, 1, 1]).run())
    for kind in range(4):
        chance = partial_trace(states[kind], 1)[1, 1].real
        assert abs(found[kind::4].mean() - chance) <= 6 * np.sqrt(chance * (1 - chance) / 10_000) + 1e-9


def test_looking_later_changes_nothing():
    eve = MemoryAttack(measuring("breidbart"))
    asked = measure(eve.states.reshape(4, 4).repeat(2_000, axis=0), wires=1, rng=3).outcomes[:, 0]
    chances = partial_trace(eve.states.reshape(4, 4), 1)[:, 1, 1].real
    for kind, chance in enumerate(chances):
        seen = asked[2_000 * kind : 2_000 * (kind + 1)].mean()
        assert abs(seen - chance) < 6 * np.sqrt(chance * (1 - chance) / 2_000)


@pytest.mark.parametrize("basis", ["Y", "random", None])
def test_refuses(basis):
    with pytest.raises(ValueError, match='basis must be "Z", "X" or "breidbart"'):
        measuring(basis)
