"""Devices: the same circuit on NumPy, Qiskit and PennyLane; exact to 1e-12, counted within what shots allow."""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, settings, strategies as st
from qiskit.primitives import (
    BackendEstimatorV2,
    BackendSamplerV2,
    StatevectorEstimator,
    StatevectorSampler,
)
from qiskit.providers.fake_provider import GenericBackendV2
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, depolarizing_error
from qiskit_aer.primitives import EstimatorV2, SamplerV2

from qlearn.evidence import counts_agree
from qlearn.qubits import Circuit, expectation, expectations, frequencies, gates, probabilities
from qlearn.qubits.devices import measured_expectations

OBSERVABLES = ["ZII", {"XYI": 0.5, "IZX": -1.5, "III": 2.0}, {"ZZZ": 1.0}]


def batched(masks=False):
    """A circuit of every kind of gate with 2 x 3 settings."""
    rng = np.random.default_rng(3)
    turn = lambda *shape: rng.uniform(-3, 3, shape)  # noqa: E731
    circuit = Circuit(3).h(0).rx(turn(2, 3), 0).ry(turn(3), 1).cx(0, 1).rz(turn(2, 1), 1).p(0.7, 2)
    circuit = (
        circuit.cp(turn(2, 3), 2, 0).sdg(1).ry(turn(2, 3), 2, where=[1, 0, 1]).swap(1, 2).t(0).ccx(0, 1, 2)
    )
    if masks:
        unitary = np.linalg.qr(rng.normal(size=(3, 4, 4)) + 1j * rng.normal(size=(3, 4, 4)))[0]
        circuit = circuit.x(1, where=[[1], [0]]).unitary(unitary, 2, 0)
    return circuit


def by_hand(circuit):
    states = circuit.run()
    return np.stack(
        [
            expectation(states, "ZII"),
            0.5 * expectation(states, "XYI") - 1.5 * expectation(states, "IZX") + 2,
            expectation(states, "ZZZ"),
        ],
        axis=-1,
    )


EXACT = {
    "NumPy": lambda: None,
    "Qiskit": StatevectorEstimator,
    "Aer": EstimatorV2,
    "default.qubit": lambda: qml.device("default.qubit"),
    "default.mixed": lambda: qml.device("default.mixed", wires=["a", "b", "c", "d"]),
    "lightning": lambda: qml.device("lightning.qubit", wires=3),
}


@pytest.mark.parametrize("masks", [False, True])
@pytest.mark.parametrize("device", EXACT)
def test_exact_means_are_the_same_on_every_device(device, masks):
    circuit = batched(masks)
    got = expectations(circuit, OBSERVABLES, device=EXACT[device]())
    assert got.shape == (2, 3, 3)
    np.testing.assert_allclose(got, by_hand(circuit), atol=1e-12 if "Aer" not in device else 1e-10)


def one_turn(gate):
    """The gate under two angles, on a state and before a reading that feel it: no wire lies on an axis."""
    wires = (0,) if gate in gates.ROTATIONS else (2, 0)
    circuit = getattr(Circuit(3).ry(0.7, 0).rx(1.1, 1).ry(1.9, 2), gate)([0.4, 2.3], *wires)
    return circuit.ry(0.9, 0).rx(0.5, 0).ry(0.8, 1).rx(-1.2, 2).rz(0.3, 2)


@pytest.mark.parametrize("device", EXACT)
@pytest.mark.parametrize("gate", gates.ANGLED)
def test_each_turn_has_its_exact_means_on_every_device(gate, device):
    # Aer forgets the values of a controlled gate's free angles, without a word: it is never given one
    circuit, words = one_turn(gate), ["XII", "IIY", "ZIZ"]
    states = circuit.run()
    means = np.stack([expectation(states, word) for word in words], axis=-1)
    assert np.abs(means[0] - means[1]).max() > 0.1
    got = expectations(circuit, words, device=EXACT[device]())
    np.testing.assert_allclose(got, means, atol=1e-12 if "Aer" not in device else 1e-10)


COUNTED = {
    "NumPy": lambda: None,
    "Qiskit": lambda: StatevectorSampler(seed=4),
    "Aer": lambda: SamplerV2(seed=4),
    "default.qubit": lambda: qml.device("default.qubit", seed=4),
    "default.mixed": lambda: qml.device("default.mixed", wires=3, seed=4),
    "lightning": lambda: qml.device("lightning.qubit", wires=3, seed=4),
}


@pytest.mark.parametrize("masks", [False, True])
@pytest.mark.parametrize("device", COUNTED)
def test_counted_means_and_outcomes_lie_where_shots_allow(device, masks):
    """Six sd of each of 18 means and 48 shares: a false alarm in less than one of 10 million for each device."""
    circuit, shots = batched(masks), 4000
    got = expectations(circuit, OBSERVABLES, shots=shots, device=COUNTED[device](), rng=5)
    states = circuit.run()
    sd = {
        word: np.sqrt((1 - expectation(states, word) ** 2) / shots) for word in ("ZII", "XYI", "IZX", "ZZZ")
    }
    widest = np.stack([sd["ZII"], 0.5 * sd["XYI"] + 1.5 * sd["IZX"], sd["ZZZ"]], axis=-1)
    # where a sd is 0 the answer is certain; one count of room for rounding
    assert (np.abs(got - by_hand(circuit)) <= 6 * widest + 2 / shots).all()
    share = frequencies(circuit, shots=shots, device=COUNTED[device](), rng=5)
    assert share.shape == (2, 3, 8)
    np.testing.assert_allclose(share.sum(axis=-1), 1, atol=1e-12)
    np.testing.assert_allclose(share * shots, np.rint(share * shots), atol=1e-9)
    p = probabilities(states)
    # a binomial of small mean has a long tail: one more count for each sd allows for it (Bernstein: t^2/2(v+t/3) > 18)
    assert (np.abs(share - p) <= 6 * np.sqrt(p * (1 - p) / shots) + 12 / shots).all()


@pytest.mark.parametrize("device", COUNTED)
def test_each_turn_is_counted_as_it_is_turned(device):
    """Exact binomial bands around 176 shares: one false alarm in a million runs for each device."""
    rows = []
    for gate in gates.ANGLED:
        circuit = one_turn(gate)
        share = frequencies(circuit, shots=2000, device=COUNTED[device](), rng=7)
        rows.append((share, probabilities(circuit.run()), 2000))
    assert counts_agree(*rows, failure=1e-6)


@pytest.mark.parametrize("device", [*COUNTED, "estimator"])
def test_a_batch_of_none_runs_nothing(device):
    none, made = Circuit(2).rx(np.zeros((3, 0)), 0), (COUNTED | {"estimator": StatevectorEstimator})[device]()
    assert expectations(none, ["ZI", "XX", "II"], shots=5, device=made).shape == (3, 0, 3)
    if device != "estimator":
        assert frequencies(none, shots=5, device=made).shape == (3, 0, 4)


@pytest.mark.parametrize("device", COUNTED)
def test_a_single_circuit_and_a_batch_of_one_axis(device):
    circuit = Circuit(2).x(1)
    assert frequencies(
        circuit, shots=7, device=COUNTED[device]() if "light" not in device else None
    ).tolist() == [0, 1, 0, 0]
    assert expectations(circuit, ["ZI", "IZ"], shots=7, device=COUNTED[device]()).tolist() == [1, -1]
    turned = Circuit(2).rx([0, np.pi], 1)
    assert expectations(turned, {"IZ": 2.0}, shots=7, device=COUNTED[device]()).tolist() == [[2], [-2]]


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
@settings(max_examples=15)
def test_random_circuits_have_the_same_means_in_qiskit_and_pennylane(seed, n):
    rng = np.random.default_rng(seed)
    circuit = Circuit(n).ry(rng.normal(size=2), 0)
    for _ in range(8):
        wires = [int(w) for w in rng.permutation(n)]
        kind = rng.choice(["rx", "ry", "rz", "p", "h", "s", "t", "y"] + ["cx", "cz", "swap", "cp"] * (n > 1))
        angle = [rng.uniform(-3, 3, size=2)] if kind in ("rx", "ry", "rz", "p", "cp") else []
        circuit = getattr(circuit, kind)(*angle, *wires[: 2 if kind in ("cx", "cz", "swap", "cp") else 1])
    words = {"".join(rng.choice(list("IXYZ"), n)): float(rng.normal()) for _ in range(3)}
    ours = expectations(circuit, words)
    np.testing.assert_allclose(expectations(circuit, words, device=StatevectorEstimator()), ours, atol=1e-12)
    np.testing.assert_allclose(
        expectations(circuit, words, device=qml.device("default.qubit")), ours, atol=1e-12
    )


class Jobs(StatevectorSampler):
    """Counts how often it is asked, and for what."""

    def run(self, pubs, *, shots=None):
        self.seen = [*getattr(self, "seen", []), len(list(pubs))]
        return super().run(pubs, shots=shots)


def test_a_batch_is_one_job_of_one_circuit_a_basis():
    sampler = Jobs(seed=1)
    frequencies(batched(), shots=5, device=sampler)
    expectations(batched(), ["XII", "IXI", "ZII", "IIZ"], shots=5, device=sampler)
    assert sampler.seen == [1, 2]


def test_counts_scatter_as_binomials_do():
    # 2000 repetitions of 50 runs at <Z> = 0.6: mean within 6 sd (2e-9), variance within 6 of its sd, sqrt(2/n) of it
    shots, n = 50, 2000
    got = expectations(Circuit(1).ry(np.full(n, np.arccos(0.6)), 0), "Z", shots=shots, rng=6)[:, 0]
    sd = np.sqrt((1 - 0.36) / shots)
    assert abs(got.mean() - 0.6) < 6 * sd / np.sqrt(n)
    assert abs(got.var() / sd**2 - 1) < 6 * np.sqrt(2 / n)


def test_strings_of_one_basis_come_from_the_same_runs():
    # a product of two outcomes of one run: Z1 Z2 of a Bell pair is 1 in every run, so the two means are equal
    bell = Circuit(2).h(0).cx(0, 1)
    for device in (None, StatevectorSampler(seed=1), qml.device("default.qubit", seed=1)):
        one, other, both = expectations(bell, ["ZI", "IZ", "ZZ"], shots=101, device=device, rng=2)
        assert one == other
        assert both == 1


def test_noise_is_a_run_that_ends_anywhere():
    circuit, p = batched(), 0.3
    exact = expectations(circuit, OBSERVABLES, noise=p)
    offset = np.array([0, 2.0, 0])  # the identity does not feel noise
    np.testing.assert_allclose(exact, (1 - p) * (by_hand(circuit) - offset) + offset, atol=1e-12)
    share = frequencies(circuit, shots=None, noise=p)
    np.testing.assert_allclose(share, 0.7 * probabilities(circuit.run()) + 0.3 / 8, atol=1e-12)
    # a Bell pair, 100,000 runs: ZZ is 0.7 within 6 sd of sqrt(0.51 / 100,000), false alarm 2e-9
    bell = Circuit(2).h(0).cx(0, 1)
    counted = expectations(bell, "ZZ", shots=100_000, noise=p, rng=1)
    assert abs(counted[0] - 0.7) < 6 * np.sqrt(0.51 / 100_000)


def test_a_noisy_aer_sampler_brings_its_own_noise():
    # depolarising with p on both wires after one CX leaves 1 - p of ZZ; 6 sd of 20,000 shots, false alarm 2e-9
    p, model = 0.2, NoiseModel()
    model.add_all_qubit_quantum_error(depolarizing_error(p, 2), ["cx"])
    sampler = SamplerV2(seed=2, options={"backend_options": {"noise_model": model}})
    got = expectations(Circuit(2).x(0).cx(0, 1), "ZZ", shots=20_000, device=sampler)
    assert abs(got[0] - (1 - p)) < 6 * np.sqrt((1 - (1 - p) ** 2) / 20_000)


def test_noise_is_the_same_for_a_batch_and_its_elements():
    # a controlled turn is two CNOTs: after depolarising p at each, ZZ of the exact state is left with (1 - p)^2
    p, model = 0.2, NoiseModel()
    model.add_all_qubit_quantum_error(depolarizing_error(p, 2), ["cx"])
    batch, shots = Circuit(2).x(0).crx([0.0, np.pi], 0, 1), 20_000
    rows = []
    for circuit, exact in ((batch, np.array([-1, 1])), (batch.at(0), -1), (batch.at(1), 1)):
        sampler = SamplerV2(seed=2, options={"backend_options": {"noise_model": model}})
        zz = expectations(circuit, "ZZ", shots=shots, device=sampler)[..., 0]
        rows.append(((1 + zz) / 2, (1 + (1 - p) ** 2 * exact) / 2, shots))
    assert counts_agree(*rows, failure=1e-6)


@pytest.mark.filterwarnings(
    "ignore:Qiskit backend .* has no QubitProperties"
)  # of the made-up backend: no decay times
def test_a_backend_gets_the_circuit_in_its_own_gates():
    backend = GenericBackendV2(4, seed=1, noise_info=False)
    sampler = BackendSamplerV2(backend=backend, options={"seed_simulator": 3})
    circuit = Circuit(3).x(0).cp(np.pi, 0, 2).ry([0.0, np.pi], 1).swap(1, 2)
    share = frequencies(circuit, shots=20, device=sampler)
    np.testing.assert_array_equal(share, probabilities(circuit.run()).round(9))
    with pytest.raises(ValueError, match="device must have at least the circuit's 5 wires, not 4"):
        frequencies(Circuit(5).x(0), shots=20, device=sampler)


@pytest.mark.filterwarnings("ignore:Qiskit backend .* has no QubitProperties")
def test_an_estimator_on_a_backend_reads_the_wires_that_it_chose():
    # certain answers: a wrong wire would give another sign. 256 runs of a noiseless backend
    estimator = BackendEstimatorV2(
        backend=GenericBackendV2(5, seed=1, noise_info=False), options={"seed_simulator": 3}
    )
    circuit = Circuit(3).x(0).cx(0, 2).rx([0.0, np.pi], 1).swap(0, 1)
    observables = ["ZII", "IZI", {"IIZ": 2.0}]
    got = expectations(circuit, observables, shots=256, device=estimator)
    np.testing.assert_allclose(got, expectations(circuit, observables), atol=1e-9)


def test_an_estimator_is_asked_for_one_over_the_root_of_the_shots():
    # 600 estimates of <Z> = 0.6 with the standard error 0.1: their spread within 6 of its own sd, 1/sqrt(2 * 600)
    circuit = Circuit(1).ry(np.full(600, np.arccos(0.6)), 0)
    got = expectations(circuit, "Z", shots=100, device=StatevectorEstimator(seed=1))
    assert abs(got.mean() - 0.6) < 6 * 0.1 / np.sqrt(600)
    assert got.std() == pytest.approx(0.1, rel=6 / np.sqrt(1200))


def test_the_same_seed_counts_the_same_and_the_identity_needs_no_run():
    circuit = batched()
    first = expectations(circuit, OBSERVABLES, shots=50, rng=9)
    np.testing.assert_array_equal(first, expectations(circuit, OBSERVABLES, shots=50, rng=9))
    assert (expectations(circuit, {"III": -2}, shots=1) == -2).all()
    assert (expectations(circuit, {"III": -2}, shots=1, device=StatevectorSampler()) == -2).all()


def test_states_are_read_as_circuits_are():
    states = batched().run()
    np.testing.assert_allclose(measured_expectations(states, OBSERVABLES), by_hand(batched()), atol=1e-12)
    counted = measured_expectations(states, OBSERVABLES, shots=30, noise=0.1, rng=3)
    np.testing.assert_array_equal(counted, expectations(batched(), OBSERVABLES, shots=30, noise=0.1, rng=3))


def with_shots():
    with pytest.warns(qml.exceptions.PennyLaneDeprecationWarning):
        return qml.device("default.qubit", wires=1, shots=10)


ONE = Circuit(1).h(0)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: expectations("H", "Z"), TypeError, "circuit must be a Circuit, not str"),
        (lambda: expectations(Circuit(1, bits=1), "Z"), ValueError, "circuit must be without classical bits"),
        (lambda: expectations(ONE, "Z", shots=0), ValueError, "shots must be at least 1, not 0"),
        (
            lambda: frequencies(ONE, shots=0, device=StatevectorSampler()),
            ValueError,
            "shots must be at least 1",
        ),
        (lambda: frequencies(ONE, shots=True), TypeError, "shots must be a whole number"),
        (lambda: expectations(ONE, "Z", noise=1.5), ValueError, "noise must be a probability"),
        (
            lambda: expectations(ONE, "Z", noise=0.1, device=StatevectorSampler()),
            ValueError,
            "noise must be 0 with a device",
        ),
        (lambda: expectations(ONE, "ZZ"), ValueError, "one letter of I, X, Y, Z"),
        (lambda: expectations(ONE, {"Z": 1j}), ValueError, "must be Hermitian"),
        (lambda: expectations(ONE, "Z", device="aer"), TypeError, "device must be None"),
        (lambda: expectations(ONE, "Z", device=StatevectorSampler), TypeError, "device must be None"),
        (lambda: expectations(ONE, "Z", device=AerSimulator()), TypeError, "a backend becomes one by"),
        (lambda: expectations(ONE, "Z", device=qml.numpy), TypeError, "device must be None"),
        (lambda: expectations(ONE, "Z", device=qml.PauliX(0)), TypeError, "must be a device of PennyLane"),
        (
            lambda: frequencies(ONE, shots=5, device=StatevectorEstimator()),
            TypeError,
            "an estimator gives mean values",
        ),
        (
            lambda: frequencies(ONE, shots=5, device=with_shots()),
            ValueError,
            "shots must be given once: the device has 10",
        ),
        (
            lambda: expectations(Circuit(2).h(0), "ZZ", device=qml.device("default.qubit", wires=1)),
            ValueError,
            "device must have at least the circuit's 2 wires, not 1",
        ),
        (lambda: frequencies(Circuit(40), shots=1), ValueError, "n_qubits must be at most 30"),
        (
            lambda: expectations(Circuit(40), "Z" * 40, shots=1, device=StatevectorSampler()),
            ValueError,
            "n_qubits must be at most 30",
        ),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_shots_of_the_device_count():
    share = frequencies(ONE, shots=None, device=with_shots())
    np.testing.assert_allclose(share * 10, np.rint(share * 10), atol=1e-12)
    assert frequencies(ONE, shots=None, device=StatevectorSampler(default_shots=3, seed=1))[
        0
    ] * 3 % 1 == pytest.approx(0)
