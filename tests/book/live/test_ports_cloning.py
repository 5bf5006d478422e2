"""The ports of the cloning machines, against the library's circuits."""

from collections.abc import Callable

import numpy as np

from qlearn.qubits import Circuit, bloch_vector, fidelity, ket, partial_trace, random_state
from qlearn.qubits.no_cloning import (
    cloning_bound,
    copy_fidelities,
    phase_covariant_cloner,
    second_fidelity,
    universal_cloner,
)
from qlearn.qubits.paulis import IXYZ

N = 1000
STATES = {"all": [ket(label) for label in "01+-ij"], "circle": [ket(label) for label in "01+-"]}


def copies(circuit: Circuit, states: np.ndarray) -> np.ndarray:
    """Return the arrows of the two copies, shape (n, 2, 3)."""
    start = np.zeros((len(states), 1 << circuit.n_qubits), dtype=complex)
    start[:, :: 1 << (circuit.n_qubits - 1)] = states
    made = circuit.run(start)
    return np.stack(
        [np.einsum("iab,nba->ni", IXYZ[1:], partial_trace(made, wire)).real for wire in (0, 1)], axis=1
    )


def applied(maps: list, arrows: np.ndarray) -> np.ndarray:
    """Return m * r + t for both maps [[m, t], [m, t]] of each cloner."""
    table = np.asarray(maps)
    return table[:, :, 0] * arrows[:, None] + table[:, :, 1]


def test_what_becomes_of_the_ball(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    states, first = random_state(1, size=N, rng=rng), rng.uniform(0.5, 1, N)
    first[:4] = 0.5, 1, 5 / 6, 0.5 + 8**-0.5
    arrows = bloch_vector(states)
    for machine, maps in (
        (universal_cloner, port("qubits/no_cloning", "universal_cloner", first[:, None])),
        (phase_covariant_cloner, port("qubits/no_cloning", "phase_covariant_cloner", first[:, None])),
    ):
        agree(applied(maps, arrows), copies(machine(first), states), scale=1)
        # The mean of a function of the second order is its mean over the six ends of the axes.
        agree(
            port("qubits/no_cloning", "copy_fidelities", list(zip(maps, arrows, strict=True))),
            copy_fidelities(machine(first), states),
            scale=1,
        )
        six = np.mean([copy_fidelities(machine(first), ket(label)) for label in "01+-ij"], axis=0)
        agree(port("qubits/no_cloning", "mean_fidelities", [[one] for one in maps]), six, scale=1)
    maps = port("qubits/no_cloning", "cnot_copier", [[]] * N)
    agree(applied(maps, arrows), copies(Circuit(2).cx(0, 1), states), scale=1)
    # By lot: one of the two cloners that copy nothing, as often as the mean of the first copy asks.
    kept, given = (copies(universal_cloner(f), states) for f in (1, 0.5))
    share = (2 * first - 1)[:, None, None]
    maps = port("qubits/no_cloning", "by_lot", first[:, None])
    agree(applied(maps, arrows), share * kept + (1 - share) * given, scale=1)


def test_the_fidelity_that_is_asked_for_and_what_is_left(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    first = np.append(rng.uniform(0.5, 1, N), [0.5, 1])
    for kind in STATES:
        arguments = [[f, kind] for f in first]
        agree(port("qubits/no_cloning", "second_fidelity", arguments), second_fidelity(first, kind), scale=1)


def test_the_line_that_no_machine_crosses(port: Callable, agree: Callable):
    rng = np.random.default_rng(3)
    first = np.append(rng.uniform(0.5, 1, N), [0.5, 1])
    for kind, states in STATES.items():
        weights = port("qubits/no_cloning", "touching_weight", [[f, kind] for f in first])
        bounds = np.array([cloning_bound(states, (w, 1 - w)) for w in weights])
        agree(port("qubits/no_cloning", "cloning_bound", [[w, kind] for w in weights]), bounds, scale=1)
        w = np.array(weights)
        agree(w * first + (1 - w) * second_fidelity(first, kind), bounds, scale=1)  # it touches there


def test_the_machine_for_all_is_no_worse_in_the_mean_of_all():
    """What the figure says of the cloner for the circle, whatever its share."""
    first = np.linspace(0.5, 1, 501)
    six = np.mean([copy_fidelities(phase_covariant_cloner(first), ket(label)) for label in "01+-ij"], axis=0)
    assert (six[:, 1] <= second_fidelity(six[:, 0].clip(0.5, 1)) + 1e-12).all()
    # And of |i>, copied without a fault, and |-i>, whose copies have 1 together.
    assert np.allclose(copy_fidelities(phase_covariant_cloner(first), ket("i")), 1)
    assert np.allclose(copy_fidelities(phase_covariant_cloner(first), ket("j")).sum(axis=-1), 1)
    assert np.isclose(fidelity(ket("i"), ket("j")), 0)
