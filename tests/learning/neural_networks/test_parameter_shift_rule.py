"""What has a slope: every gate with an angle, in the order of the circuit.

Three ways to a slope: the same numbers, to 1e-12 and 1e-6, and PennyLane's.
"""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.neural_networks import adjoint, finite_difference, parameter_shift
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.learning.neural_networks.parameter_shift_rule import angle_places, observable_terms, shift_rule
from qlearn.qubits import Circuit, Parameter, gates


def test_finds_the_gates_with_an_angle_and_no_other():
    circuit = Circuit(3).h(0).rx(1, 0).cx(0, 1).cp(2, 1, 2).t(0).p(3, 0).rz(4, 1).ry([5, 6], 2).swap(0, 1)
    places = angle_places(circuit)
    assert [circuit.operations[place].name for place in places] == ["rx", "cp", "p", "rz", "ry"]
    assert len(angle_places(circuit.inverse())) == 5


def test_an_observable_is_weights_of_products():
    circuit = Circuit(2).ry(1, 0)
    assert observable_terms(circuit, "ZZ") == {"ZZ": 1.0}
    assert observable_terms(circuit, {"ZZ": 2, "XI": -1.0}) == {"ZZ": 2, "XI": -1.0}
    with pytest.raises(TypeError, match="the weight of XI must be a number"):
        observable_terms(circuit, {"XI": "2"})


ANGLED, PLAIN, PAIRS = ("rx", "ry", "rz", "p"), ("h", "s", "t", "y"), ("cx", "cz", "swap")
PAIR_TURNS = ("cp", "crx", "cry", "crz", "rxx", "ryy", "rzz")


@st.composite
def circuits(draw, batch=()):
    """Random circuits of every gate with an angle, masked ones too, for a batch."""
    n = draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    circuit = Circuit(n).ry(rng.normal(size=batch), 0)
    for _ in range(draw(st.integers(1, 10))):
        wires = rng.permutation(n)
        kinds = [*ANGLED, *PLAIN] + ([*PAIRS, *PAIR_TURNS] if n > 1 else []) + (["ccx"] if n > 2 else [])
        kind = draw(st.sampled_from(kinds))
        where = {"where": rng.integers(0, 2, batch).astype(bool)} if draw(st.booleans()) else {}
        angle = (
            [rng.uniform(-3, 3, batch if draw(st.booleans()) else ())]
            if kind in (*ANGLED, *PAIR_TURNS)
            else []
        )
        count = {"ccx": 3}.get(kind, 2 if kind in (*PAIRS, *PAIR_TURNS) else 1)
        circuit = getattr(circuit, kind)(*angle, *map(int, wires[:count]), **where)
    return circuit


def observables(n, seed):
    rng = np.random.default_rng(seed)
    strings = {"".join(rng.choice(list("IXYZ"), n)) for _ in range(3)}
    return {string: float(rng.normal()) for string in strings}


@given(
    circuit=st.one_of(circuits(), circuits(batch=(3,)), circuits(batch=(2, 2))), seed=st.integers(0, 10**6)
)
def test_three_ways_agree(circuit, seed):
    observable = observables(circuit.n_qubits, seed)
    swept = adjoint(circuit, observable)
    assert swept.shape == (len(angle_places(circuit)), *circuit.shape)
    np.testing.assert_allclose(parameter_shift(circuit, observable), swept, atol=1e-12)
    np.testing.assert_allclose(finite_difference(circuit, observable), swept, atol=1e-6)


def test_equals_pennylanes_own_parameter_shift():
    import pennylane as qml
    from pennylane import numpy as pnp

    angles = np.random.default_rng(0).uniform(-3, 3, 10)
    ours = Circuit(3).rx(angles[0], 0).ry(angles[1], 1).cx(0, 1).rz(angles[2], 1).p(angles[3], 2).h(2)
    ours = ours.cp(angles[4], 2, 0).ry(angles[5], 0)
    ours = ours.crx(angles[6], 0, 1).cry(angles[7], 1, 2).rxx(angles[8], 2, 0).rzz(angles[9], 0, 1)

    @qml.qnode(qml.device("default.qubit", wires=3), diff_method="parameter-shift")
    def theirs(a):
        qml.RX(a[0], 0)
        qml.RY(a[1], 1)
        qml.CNOT([0, 1])
        qml.RZ(a[2], 1)
        qml.PhaseShift(a[3], 2)
        qml.Hadamard(2)
        qml.ControlledPhaseShift(a[4], [2, 0])
        qml.RY(a[5], 0)
        qml.CRX(a[6], [0, 1])
        qml.CRY(a[7], [1, 2])
        qml.IsingXX(a[8], [2, 0])
        qml.IsingZZ(a[9], [0, 1])
        return qml.expval(0.5 * qml.Z(0) @ qml.X(2) - 2 * qml.Y(1))

    expected = qml.grad(theirs)(pnp.array(angles, requires_grad=True))
    observable = {"ZIX": 0.5, "IYI": -2.0}
    np.testing.assert_allclose(adjoint(ours, observable), expected, atol=1e-12)
    np.testing.assert_allclose(parameter_shift(ours, observable), expected, atol=1e-12)


@pytest.mark.parametrize("observables", ["local", "global", ["ZZI", "IIZ"]])
@pytest.mark.parametrize("reupload", [False, True])
@pytest.mark.parametrize("n_samples", [4, 20])  # fewer and more than the basis states
def test_the_sweeps_of_the_ansatz_are_the_slopes_of_its_circuit(observables, reupload, n_samples):
    # the angles of the features are slopes too: those are what a layer in front of the circuit is trained by
    ansatz = Ansatz(3, 2, reupload=reupload, observables=observables)
    rng = np.random.default_rng(1)
    X, angles = rng.uniform(-3, 3, (n_samples, 3)), rng.uniform(-3, 3, ansatz.shape)
    dz = rng.normal(size=(n_samples, len(ansatz.measured)))
    circuit = ansatz.circuit(angles, X)
    slopes = sum(
        parameter_shift(circuit, string) * column
        for string, column in zip(ansatz.measured, dz.T, strict=True)
    )
    _, tape = ansatz.forward(angles, ansatz.encode(X))
    of_angles, of_features = ansatz.backward_to_features(tape, dz)
    assert np.array_equal(of_angles, ansatz.backward(tape, dz))
    trained = np.zeros(len(slopes), bool)
    # in each layer a wire has RZ of the feature (if it is encoded there), then RZ and RY that are trained
    at, features = 0, np.zeros((n_samples, 3))
    for depth in range(2):
        for wire in range(3):
            if reupload or not depth:
                features[:, wire] += slopes[at]
                at += 1
            trained[at : at + 2] = True
            at += 2
    np.testing.assert_allclose(of_angles.ravel(), slopes[trained].sum(axis=1), atol=1e-12 * n_samples)
    np.testing.assert_allclose(of_features, features, atol=1e-12)


@given(st.floats(-7, 7), *[st.floats(-2, 2)] * 5)
def test_the_rule_of_four_values_is_exact_for_sines_of_both_frequencies(angle, a, b, c, d, e):
    def f(t):
        return a + b * np.cos(t) + c * np.sin(t) + d * np.cos(t / 2) + e * np.sin(t / 2)

    slope = sum(weight * (f(angle + shift) - f(angle - shift)) for shift, weight in shift_rule("crx"))
    exact = -b * np.sin(angle) + c * np.cos(angle) + (e * np.cos(angle / 2) - d * np.sin(angle / 2)) / 2
    assert slope == pytest.approx(exact, abs=1e-12)


def test_a_controlled_turn_takes_four_values_and_no_other_gate():
    assert {name for name in gates.ANGLED if len(shift_rule(name)) == 2} == {"crx", "cry", "crz"}


@pytest.mark.parametrize("name", ["h", "cx", "unitary", "u", "", None])
def test_a_gate_without_an_angle_has_no_rule(name):
    with pytest.raises(ValueError, match=r"gate must be one of rx, ry, rz, p, .*, not"):
        shift_rule(name)


@pytest.mark.parametrize("slope", [parameter_shift, adjoint, finite_difference])
def test_a_free_circuit_has_no_slope_in_numbers(slope):
    with pytest.raises(ValueError, match=r"free parameters \(t\) cannot .*: bind it first"):
        slope(Circuit(1).ry(Parameter("t"), 0), "Z")


def test_shots_scatter_about_the_slope_as_binomials_do():
    # f = cos: f(angle +- pi/2) = -+ sin; each of 4000 repetitions has variance (1 - sin^2) / (2 shots).
    # Mean within 6 sigma: false alarm 2e-9. Of a small step h the spread is 1/h times as wide, sin(h) apart.
    angle, shots, n = 0.3, 100, 4000
    batch = Circuit(1).ry(np.full(n, angle), 0)
    got = parameter_shift(batch, "Z", shots=shots, rng=0)[0]
    sigma = np.cos(angle) / np.sqrt(2 * shots)
    assert abs(got.mean() + np.sin(angle)) < 6 * sigma / np.sqrt(n)
    # the relative error of a standard deviation of n draws is 1/sqrt(2n) = 0.011; 6 of them
    assert got.std() == pytest.approx(sigma, rel=0.07)
    small = finite_difference(batch, "Z", step=0.1, shots=shots, rng=0)[0]
    near = np.sqrt((np.sin(angle + 0.1) ** 2 + np.sin(angle - 0.1) ** 2) / shots) / 0.2
    assert small.std() == pytest.approx(near, rel=0.07)


def test_an_angle_that_a_mask_keeps_off_has_no_slope():
    circuit = Circuit(1).ry([0.4, 0.4], 0, where=[1, 0])
    np.testing.assert_allclose(adjoint(circuit, "Z"), [[-np.sin(0.4), 0]], atol=1e-14)


@pytest.mark.parametrize("slope", [parameter_shift, adjoint, finite_difference])
@pytest.mark.parametrize(
    ("circuit", "observable", "error", "says"),
    [
        ("H", "Z", TypeError, "circuit must be a Circuit, not str"),
        (Circuit(1, bits=1).ry(1, 0), "Z", ValueError, "without classical bits"),
        (Circuit(1).h(0), "Z", ValueError, "a gate with an angle"),
        (Circuit(1).ry(1, 0), ["Z", "X"], TypeError, "observable must be one, .* not a list of 2"),
        (Circuit(2).ry(1, 0), "Z", ValueError, "one letter of I, X, Y, Z for each qubit"),
        (Circuit(1).ry(1, 0), {"Z": np.nan}, ValueError, "the weight of Z must be a finite number"),
        (Circuit(1).ry(1, 0), {}, ValueError, "at least one product"),
    ],
)
def test_refuses(slope, circuit, observable, error, says):
    with pytest.raises(error, match=says):
        slope(circuit, observable)


def test_refuses_steps_and_shots():
    circuit = Circuit(1).ry(1, 0)
    with pytest.raises(ValueError, match="step must be above 0"):
        finite_difference(circuit, "Z", step=0)
    with pytest.raises(ValueError, match="shots must be at least 1, not -5"):
        parameter_shift(circuit, "Z", shots=-5)


def test_a_list_of_observables_is_asked_one_by_one():
    for gradient in (parameter_shift, adjoint):
        with pytest.raises(
            TypeError, match=r"observable must be one.* not a list of 2: .* call this for each"
        ):
            gradient(Circuit(2).ry(0.1, 0), ["ZI", "IZ"])
