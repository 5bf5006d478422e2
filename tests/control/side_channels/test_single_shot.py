"""Single shots: the circuit climbs to Helstrom's bound, by an SDP's other name, and never over it."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.exceptions import NotFittedError

from qlearn.control.side_channels import FrequencyLeak, PhaseLeak, SingleShotClassifier, leak_test
from qlearn.learning import QNNClassifier
from qlearn.qubits import Circuit


def best(zero, one):
    """Helstrom by the singular values of the difference."""
    apart = np.outer(zero, zero.conj()) - np.outer(one, one.conj())
    return 0.5 + np.linalg.svd(apart, compute_uv=False).sum() / 4


@pytest.mark.parametrize("leak", [FrequencyLeak(0.5), FrequencyLeak(2.0), PhaseLeak(0.1, 2.0)])
def test_one_copy_reaches_the_bound(leak):
    bits = np.tile([0, 1], 500)
    states = leak.states(bits)
    model = SingleShotClassifier(random_state=3).fit(states, bits)
    assert model.chance(states, bits) == pytest.approx(best(*leak.states([0, 1])), abs=1e-4)
    assert model.curve_[-1] > model.curve_[0]


def test_two_copies_need_their_cnot():
    leak, bits = FrequencyLeak(0.8), np.tile([0, 1], 200)
    states = leak.states(bits, copies=2)
    together = SingleShotClassifier(3, random_state=1).fit(states, bits).chance(states, bits)
    alone = SingleShotClassifier(3, "none", random_state=1).fit(states, bits).chance(states, bits)
    assert together == pytest.approx(best(*leak.states([0, 1], copies=2)), abs=2e-3)
    assert alone == pytest.approx(leak.guess, abs=1e-3)
    assert alone < together - 0.03


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 3.0))
def test_no_angles_beat_helstrom(seed, shift):
    leak, bits = FrequencyLeak(shift), np.tile([0, 1], 10)
    model = SingleShotClassifier(2, epochs=3, random_state=seed).fit(leak.states(bits, copies=2), bits)
    assert model.chance(leak.states(bits, copies=2), bits) <= best(*leak.states([0, 1], copies=2)) + 1e-9


def test_the_chances_are_those_of_the_circuit():
    bits = np.tile([0, 1], 20)
    states = FrequencyLeak(1.0).states(bits, copies=2)
    model = SingleShotClassifier(random_state=4, epochs=5).fit(states, bits)
    out = model._ansatz(2, 2).circuit(model.angles_).run(states)
    one = (np.abs(out[:, 2:]) ** 2).sum(axis=1)
    assert model.outcome_chances(states)[:, 1] == pytest.approx(one)
    assert isinstance(model._ansatz(2, 2).circuit(model.angles_), Circuit)


def test_dice_are_thrown_for_each_pulse():
    leak, bits = FrequencyLeak(1.0), np.random.default_rng(5).integers(0, 2, 20_000)
    states = leak.states(bits)
    found = leak_test(SingleShotClassifier(random_state=5), states, bits, rng=6)
    assert abs(found.rate - leak.guess) < 6 * 0.0045  # binomial of 10,000: 6 sd
    model = SingleShotClassifier(random_state=5).fit(states[:100], bits[:100])
    assert (model.predict(states, rng=1) != model.predict(states, rng=2)).any()
    assert (model.predict(states, rng=1) == model.predict(states, rng=1)).all()


def test_expectation_values_are_not_single_shots():
    leak, bits = FrequencyLeak(0.5), np.random.default_rng(1).integers(0, 2, 400)
    many = QNNClassifier(encoding="state", layers=1, epochs=30, random_state=0).fit(leak.states(bits), bits)
    assert many.score(leak.states(bits), bits) == 1 > leak.guess + 0.3


def test_refuses():
    bits, leak = np.tile([0, 1], 10), FrequencyLeak(1.0)
    with pytest.raises(ValueError, match="y must hold both 0 and 1"):
        SingleShotClassifier().fit(leak.states(np.zeros(4, int)), np.zeros(4, int))
    with pytest.raises(ValueError, match="must be normalised"):
        SingleShotClassifier().fit(2 * leak.states(bits), bits)
    with pytest.raises(ValueError, match="same length"):
        SingleShotClassifier().fit(leak.states(bits), bits[:5])
    with pytest.raises(ValueError, match="epochs must be at least 1"):
        SingleShotClassifier(epochs=0).fit(leak.states(bits), bits)
    with pytest.raises(NotFittedError):
        SingleShotClassifier().predict(leak.states(bits))
    fitted = SingleShotClassifier(epochs=1).fit(leak.states(bits), bits)
    with pytest.raises(ValueError, match="2 amplitudes for 1 qubits"):
        fitted.predict(leak.states(bits, copies=2))
