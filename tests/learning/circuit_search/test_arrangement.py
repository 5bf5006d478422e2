"""Arrangements: the circuits they make, their depth as Qiskit counts it, and what may be cut off.

The short cut: state for state what the circuit does, wire by wire and gate by gate.
"""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.circuit_search import Arrangement, Gate, GateSet, random_arrangement
from qlearn.learning.circuit_search.arrangement import expectations
from qlearn.qubits import expectation

arrangements = st.builds(
    lambda n, features, gates, seed: random_arrangement(GateSet(n, features), gates=gates, rng=seed),
    n=st.integers(1, 4),
    features=st.integers(1, 3),
    gates=st.integers(1, 16),
    seed=st.integers(0, 2**32 - 1),
)
seeds = st.integers(0, 2**32 - 1)


@given(arrangements, seeds)
def test_answers_are_those_of_the_circuit(one, seed):
    X = np.random.default_rng(seed).uniform(-3, 3, (5, one.n_features))
    seen = expectation(one.circuit(X).run(), "Z" + "I" * (one.n_qubits - 1))
    np.testing.assert_allclose(one.answers(X), np.broadcast_to(seen, 5), atol=1e-13)
    # row by row as well as in a batch
    alone = expectation(one.circuit(X[2]).run(), "Z" + "I" * (one.n_qubits - 1))
    assert one.answers(X)[2] == pytest.approx(float(alone), abs=1e-13)


@given(arrangements)
def test_depth_is_the_one_that_qiskit_counts(one):
    circuit = one.circuit(np.zeros(one.n_features)).to_qiskit()
    assert one.depth == circuit.depth()
    assert one.couplings == circuit.num_nonlocal_gates()


@given(arrangements, seeds)
def test_trimming_changes_no_answer(one, seed):
    X = np.random.default_rng(seed).uniform(-3, 3, (5, one.n_features))
    short = one.trimmed()
    np.testing.assert_allclose(short.answers(X), one.answers(X), atol=1e-13)
    assert len(short.gates) <= len(one.gates)
    assert short.depth <= one.depth
    assert short.trimmed() == short


def test_trimming_drops_what_cannot_be_seen():
    far, last = Gate("ry", (1,), 0.3), Gate("cz", (0, 1))
    near = Gate("ry", (0,), feature=0)
    assert Arrangement(2, 1, (far, near, last, Gate("rz", (0,), 1.0))).trimmed().gates == (near,)
    # at the end a CX that wire 0 controls commutes with Z_0; one that it does not does not
    rows = np.linspace(-3, 3, 7)[:, None]
    for wires, drops in (((0, 1), True), ((1, 0), False)):
        ended = Arrangement(2, 1, (far, near, Gate("cx", wires)))
        assert (ended.trimmed().gates == (near,)) is drops
        np.testing.assert_allclose(ended.trimmed().answers(rows), ended.answers(rows), atol=1e-12)
    reached = Arrangement(2, 1, (far, Gate("cx", (1, 0)), near))
    assert reached.trimmed() == reached


@pytest.mark.parametrize(
    "begin",
    [
        [Gate("rz", (0,), 0.4)],
        [Gate("rz", (0,), 0.4, feature=0)],
        [Gate("cz", (0, 1))],
        [Gate("cx", (1, 0))],
        [Gate("cx", (0, 1)), Gate("cx", (1, 0)), Gate("rz", (1,), 1.0), Gate("cz", (1, 0))],
    ],
)
def test_trimming_drops_what_does_nothing_to_the_start(begin):
    near, rows = Gate("ry", (0,), feature=0), np.linspace(-3, 3, 7)[:, None]
    one = Arrangement(2, 1, (*begin, near))
    assert one.trimmed().gates == (near,)
    assert one.trimmed().depth == 1 < one.depth
    np.testing.assert_allclose(one.answers(rows), np.cos(rows[:, 0]), atol=1e-12)
    assert Arrangement(2, 1, tuple(begin)).trimmed().gates == ()


def test_trimming_keeps_what_meets_a_turned_wire():
    near, far, mid = Gate("ry", (0,), feature=0), Gate("ry", (1,), 0.3), Gate("rz", (0,), 0.7)
    last = Gate("rx", (0,), 0.9)
    for gates in (
        (near, mid, last),
        (far, near, Gate("cz", (0, 1)), last),
        (far, Gate("cx", (1, 0)), mid, last),  # the target of a CX is turned as well
    ):
        assert Arrangement(2, 1, gates).trimmed().gates == gates
    # CZ is symmetric: with either wire at its start it does nothing
    for wires in ((0, 1), (1, 0)):
        for first in (near, far):
            after = (Gate("cz", wires), Gate("rx", first.wires, 0.9), Gate("cx", (1, 0)))
            assert all(gate.name != "cz" for gate in Arrangement(2, 1, (first, *after)).trimmed().gates)


def test_no_gates_answer_one_for_all():
    nothing = Arrangement(2, 3)
    assert nothing.answers(np.zeros((4, 3))).tolist() == [1, 1, 1, 1]
    assert nothing.depth == nothing.couplings == 0
    assert nothing.score(np.zeros((4, 3)), [1, -1, -1, -1]) == 0.25


def test_a_weighted_feature_turns():
    gate = Gate("ry", (0,), 0.4, feature=1, weight=-2.0)
    X = np.random.default_rng(1).normal(size=(6, 2))
    np.testing.assert_allclose(Arrangement(1, 2, (gate,)).answers(X), np.cos(0.4 - 2 * X[:, 1]), atol=1e-14)


@pytest.mark.parametrize(
    ("gate", "says"),
    [
        (Gate("h", (0,)), "gates must be rx, ry, rz, cx, cz, not 'h'"),
        (Gate("cx", (0,)), "wires of cx must be 2"),
        (Gate("ry", (0, 1)), "wires of ry must be 1"),
        (Gate("ry", (2,)), "wires of ry must lie in 0 to 1"),
        (Gate("cz", (1, 1)), "wires of cz must be different"),
        (Gate("ry", (0,), feature=3), "feature of ry must be one of the 3 features"),
        (Gate("ry", (0,), feature=-1), "feature of ry must be one of the 3 features"),
    ],
)
def test_refuses_gates(gate, says):
    with pytest.raises(ValueError, match=says):
        Arrangement(2, 3, (gate,))


@pytest.mark.parametrize(
    ("how", "says"),
    [
        (
            {"name": "rx", "wires": (0,), "angle": np.nan},
            "angle and weight of rx must be finite, not nan and 1.0",
        ),
        ({"name": "rz", "wires": (0,), "angle": np.inf}, "must be finite"),
        ({"name": "ry", "wires": (0,), "feature": 0, "weight": -np.inf}, "must be finite, not 0.0 and -inf"),
        ({"name": "cx", "wires": (0, 1), "angle": 0.3}, "cx couples two wires and does not turn"),
        ({"name": "cz", "wires": (0, 1), "feature": 0}, "must have no angle, feature or weight"),
        ({"name": "cx", "wires": (0, 1), "weight": 2.0}, "must have no angle, feature or weight"),
    ],
)
def test_a_gate_refuses_what_would_be_no_answer_or_be_ignored(how, says):
    with pytest.raises(ValueError, match=says):
        Gate(**how)


def test_refuses_an_angle_that_overflows():
    steep = Arrangement(1, 1, (Gate("ry", (0,), feature=0, weight=1e300),))
    assert np.isfinite(steep.answers([[1.0]])).all()
    with pytest.raises(ValueError, match="an angle overflows"):
        steep.answers([[1.0], [1e300]])


def test_refuses_rows_and_labels():
    one = Arrangement(1, 2, (Gate("ry", (0,), feature=1),))
    with pytest.raises(ValueError, match="X must have 2 features"):
        one.circuit([1.0])
    with pytest.raises(ValueError, match="X must be finite"):
        one.answers([[1.0, np.nan]])
    rows = np.zeros((3, 2))
    for labels, says in [
        ([1, -1], "one label for each of the 3 rows"),
        ([0, 1, 1], "-1 and 1"),
        ([1, 1, 1], "both"),
    ]:
        with pytest.raises(ValueError, match=says):
            one.score(rows, labels)
    with pytest.raises(ValueError, match="n_qubits must be at least 1"):
        Arrangement(0, 1)


@pytest.mark.parametrize("name", ["rx", "ry", "rz", "cx", "cz"])
@pytest.mark.parametrize("wires", [(0, 2), (2, 0), (1, 2), (2, 1)])
def test_every_gate_on_every_wire(name, wires):
    # turns before and behind, so that each gate meets and leaves states without symmetry
    rng = np.random.default_rng(5)
    around = [
        Gate(axis, (w,), float(rng.uniform(0, 6)), w % 2) for w in range(3) for axis in ("ry", "rx", "rz")
    ]
    mixing = (Gate("cx", (2, 1)), Gate("cx", (1, 0)), Gate("ry", (0,), 0.7))
    gate = Gate(name, wires) if name.startswith("c") else Gate(name, wires[:1], 0.3, feature=1, weight=-1.4)
    one = Arrangement(3, 2, (*around, gate, *around, *mixing))
    X = rng.normal(size=(7, 2))
    np.testing.assert_allclose(
        expectations(one.gates, 3, X), expectation(one.circuit(X).run(), "ZII"), atol=1e-14
    )


def test_no_row_hears_of_another():
    one = random_arrangement(GateSet(3, 2), gates=14, rng=3)
    X = np.random.default_rng(1).normal(size=(9, 2))
    alone = [expectations(one.gates, 3, row[None])[0] for row in X]
    np.testing.assert_allclose(expectations(one.gates, 3, X), alone, atol=1e-15)
    assert expectations((), 3, X).tolist() == [1] * 9
