"""Purification: circuits, run exactly, and maps are one; reference values; where order and twirl matter."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.repeaters import (
    BELL_ORDER,
    bell_diagonal,
    bell_vector,
    bilateral_cnot,
    purification_circuit,
    purify,
    purify_bell,
    recurrence,
    werner_vector,
)
from qlearn.qubits import Circuit, bell_state, partial_trace

seeds = st.integers(0, 2**32 - 1)


def laws(seed, n):
    return np.random.default_rng(seed).dirichlet(np.ones(4), size=n)


def on_wires(gate, *wires):
    """A gate of one or two of four qubits as a 16x16 matrix, wire 0 leftmost."""
    k = len(wires)
    rest = [w for w in range(4) if w not in wires]
    whole = np.kron(gate, np.eye(2 ** (4 - k))).reshape([2] * 8)
    place = [(list(wires) + rest).index(w) for w in range(4)]
    return whole.transpose(place + [4 + i for i in place]).reshape(16, 16)


CNOT = np.eye(4)[[0, 1, 3, 2]]
TURN = np.array([[1, -1j], [-1j, 1]]) / np.sqrt(2)
LETTERS = np.array([np.eye(2), [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], np.diag([1, -1])])
NOISE = {
    wires: np.array([on_wires(np.kron(a, b), *wires) for a, b in product(LETTERS, repeat=2)])
    for wires in ((0, 2), (1, 3))
}


def by_density_matrices(p1, p2, method, gate=1.0, readout=1.0):
    """The whole experiment in plain NumPy: turns, faulty CNOTs, faulty readout, what is kept where the bits agree."""
    rho = np.kron(bell_diagonal(p1), bell_diagonal(p2))
    if method == "dejmps":
        for wire in range(4):
            turn = on_wires(TURN if wire in (0, 2) else TURN.conj().T, wire)
            rho = turn @ rho @ turn.conj().T
    for wires in ((0, 2), (1, 3)):
        cnot = on_wires(CNOT, *wires)
        noise = NOISE[wires]
        done = cnot @ rho @ cnot.T
        rho = gate * done + (1 - gate) * (noise @ done @ noise.conj().mT).mean(axis=0)
    kept = np.zeros((4, 4), complex)
    for a, b in product((0, 1), repeat=2):
        bra = np.kron(np.eye(4), np.eye(4)[2 * a + b][None])
        same = readout**2 + (1 - readout) ** 2
        kept += (same if a == b else 1 - same) * (bra @ rho @ bra.T)
    chance = np.trace(kept).real
    return kept / chance, chance


@pytest.mark.parametrize("method", ["bbpssw", "dejmps"])
def test_the_circuit_and_the_map_agree_on_every_pair_of_bell_states(method):
    # products of Bell states span all inputs: 16 of them, 8 runs each, and the bits agree in all runs or in none
    for k, m in product(range(4), repeat=2):
        start = np.kron(bell_state(BELL_ORDER[k]), bell_state(BELL_ORDER[m]))
        run = purification_circuit(method).run(np.tile(start, (8, 1)), rng=k)
        agree = run.bits[:, 0] == run.bits[:, 1]
        assert agree.all() or not agree.any()
        p1, p2 = np.eye(4)[[k, m]]
        step = bilateral_cnot if method == "bbpssw" else purify_bell
        if agree.any():
            pair, chance = step(p1, p2)
            assert chance == 1
            left = bell_vector(partial_trace(run.state, keep=[0, 1]))
            np.testing.assert_allclose(left, np.tile(pair, (8, 1)), atol=1e-12)
        else:
            with pytest.raises(ValueError, match="never give equal bits"):
                step(p1, p2)


@settings(max_examples=25)
@given(seeds)
def test_the_map_is_the_experiment(seed):
    p1, p2 = laws(seed, 2)
    gate, readout = np.random.default_rng(seed).uniform(0.5, 1, 2)
    for g, eta in ((1.0, 1.0), (gate, readout)):
        for method in ("bbpssw", "dejmps"):
            step = bilateral_cnot if method == "bbpssw" else purify_bell
            pair, chance = step(p1, p2, gate=g, readout=eta)
            rho, due = by_density_matrices(p1, p2, method, g, eta)
            assert chance == pytest.approx(due, abs=1e-12)
            np.testing.assert_allclose(bell_diagonal(pair), rho, atol=1e-12)


@pytest.mark.parametrize("method", ["bbpssw", "dejmps"])
def test_qiskit_leaves_the_same_pair(method):
    from qiskit.quantum_info import DensityMatrix

    p1, p2 = [0.8, 0.02, 0.05, 0.13], [0.7, 0.1, 0.15, 0.05]
    gates = [op for op in purification_circuit(method).operations if op.name != "measure"]
    unitary = Circuit(4, operations=tuple(gates)).to_qiskit()
    after = DensityMatrix(np.kron(bell_diagonal(p1), bell_diagonal(p2))).evolve(unitary)
    # wires 2 and 3 are Qiskit's 1 and 0
    kept = sum(after.data.reshape([4, 4, 4, 4])[:, both, :, both] for both in (0, 3))
    step = bilateral_cnot if method == "bbpssw" else purify_bell
    pair, chance = step(p1, p2)
    assert np.trace(kept).real == pytest.approx(chance, abs=1e-12)
    np.testing.assert_allclose(kept / chance, bell_diagonal(pair), atol=1e-12)


@settings(max_examples=25)
@given(seeds)
def test_probabilities_stay_probabilities_and_phi_plus_stays(seed):
    p1, p2 = laws(seed, 2)
    for method in ("bbpssw", "dejmps"):
        pair, chance = purify_bell(p1, p2, method)
        assert pair.sum() == pytest.approx(1, abs=1e-13)
        assert (pair >= 0).all()
        assert 0 < chance <= 1 + 1e-15
        pair, chance = purify_bell([1, 0, 0, 0], None, method)
        np.testing.assert_array_equal(pair, [1, 0, 0, 0])
        assert chance == 1


@settings(max_examples=25)
@given(seeds)
def test_the_map_of_deutsch_as_printed(seed):
    (a1, b1, c1, d1), (a2, b2, c2, d2) = p1, p2 = laws(seed, 2)
    n = (a1 + b1) * (a2 + b2) + (c1 + d1) * (c2 + d2)
    due = [a1 * a2 + b1 * b2, c1 * d2 + d1 * c2, c1 * c2 + d1 * d2, a1 * b2 + b1 * a2]
    pair, chance = purify_bell(p1, p2)
    np.testing.assert_allclose(pair, np.array(due) / n, atol=1e-14)
    assert chance == pytest.approx(n, abs=1e-14)


BBPSSW = {
    0.5: (0.5, 0.555556),
    0.55: (0.560345, 0.58),
    0.6: (0.620438, 0.608889),
    0.65: (0.679066, 0.642222),
    0.7: (0.735294, 0.68),
    0.75: (0.788462, 0.722222),
    0.8: (0.838150, 0.768889),
    0.85: (0.884146, 0.82),
    0.9: (0.926396, 0.875556),
    0.95: (0.964964, 0.935556),
    0.99: (0.993266, 0.986756),
}


@pytest.mark.parametrize("method", ["bbpssw", "dejmps"])
def test_reference_values_of_one_round(method):
    fidelity, chance = purify(list(BBPSSW), method=method)
    np.testing.assert_allclose(fidelity, [f for f, _ in BBPSSW.values()], atol=1e-6)
    np.testing.assert_allclose(chance, [p for _, p in BBPSSW.values()], atol=1e-6)


def test_the_printed_formula_exactly():
    for f in map(Fraction, ("1/2", "7/10", "4/5", "9/10", "1")):
        g = (1 - f) / 3
        chance = f**2 + 2 * f * g + 5 * g**2
        fidelity, p = purify(float(f))
        assert p == pytest.approx(float(chance), abs=1e-15)
        assert fidelity == pytest.approx(float((f**2 + g**2) / chance), abs=1e-15)
        # so a round gains between 1/2 and 1, and nowhere else above 1/4
        assert (f**2 + g**2) / chance - f == (1 - f) * (2 * f - 1) * (4 * f - 1) / (9 * chance)


@given(st.floats(0.5, 1), st.floats(0.5, 1))
def test_the_formula_for_unequal_pairs(f1, f2):
    p = f1 * f2 + (f1 * (1 - f2) + (1 - f1) * f2) / 3 + 5 / 9 * (1 - f1) * (1 - f2)
    fidelity, chance = purify(f1, f2)
    assert chance == pytest.approx(p, abs=1e-14)
    assert fidelity == pytest.approx((f1 * f2 + (1 - f1) * (1 - f2) / 9) / p, abs=1e-14)


def test_without_the_twirl_the_result_is_no_werner_pair():
    fidelity, chance = purify(0.8, 0.7)
    assert fidelity == pytest.approx(0.787037, abs=1e-6)
    assert chance == pytest.approx(0.72, abs=1e-12)
    pair = purify_bell(werner_vector(0.8), werner_vector(0.7), "bbpssw").pair
    np.testing.assert_allclose(pair, [0.787037, 0.018519, 0.018519, 0.175926], atol=1e-6)


def test_bilateral_cnots_alone_gather_signs():
    pair = werner_vector(0.7)
    for _ in range(12):
        pair = bilateral_cnot(pair).pair
    np.testing.assert_allclose(pair, [0.5, 0, 0, 0.5], atol=1e-6)


def test_bbpssw_round_by_round():
    due = [0.735294, 0.773171, 0.811938, 0.849472, 0.883680, 0.913016, 0.936785, 0.955122]
    cost = [2.941, 8.293, 22.313, 57.163, 139.52, 325.6, 731.1, 1590.7]  # as printed
    done = recurrence(werner_vector(0.7), 8, "bbpssw")
    np.testing.assert_allclose(done.fidelity[1:], due, atol=1e-6)
    digits = (3, 3, 3, 3, 2, 1, 1, 1)
    assert [round(c, d) for c, d in zip(done.raw_pairs[1:].tolist(), digits, strict=True)] == cost


def test_more_raw_pairs_than_a_float_can_say_are_inf():
    done = recurrence(werner_vector(0.9), 1100)
    assert done.raw_pairs[-1] == np.inf
    assert done.fidelity[-1] == pytest.approx(1, abs=1e-15)


DEJMPS = [
    (
        werner_vector(0.6),
        [0.620438, 0.688616, 0.771930, 0.841271, 0.933588, 0.980277],
        [0.608889, 0.563962, 0.618130, 0.711697, 0.758437, 0.889181],
    ),
    (
        werner_vector(0.75),
        [0.788462, 0.902361, 0.970020, 0.989913],
        [0.722222, 0.689349, 0.839516, 0.950548],
    ),
    ([0.7, 0.3, 0, 0], [0.58, 0.656006, 0.784332, 0.929706, 0.994316], [1.0]),
    ([0.7, 0, 0.3, 0], [0.844828, 0.967365, 0.998863], [0.58, 0.737812, 0.936860]),
    ([0.7, 0, 0, 0.3], [0.844828, 0.967365, 0.998863], [0.58, 0.737812, 0.936860]),
    ([0.6, 0.2, 0.1, 0.1], [0.588235, 0.657377, 0.751115, 0.826444], []),
]


@pytest.mark.parametrize(("start", "fidelity", "chances"), DEJMPS)
def test_dejmps_round_by_round_and_the_order_counts(start, fidelity, chances):
    done = recurrence(start, len(fidelity))
    np.testing.assert_allclose(done.fidelity[1:], fidelity, atol=1e-6)
    np.testing.assert_allclose(done.probability[: len(chances)], chances, atol=1e-6)


def test_two_unequal_bell_diagonal_pairs():
    pair, chance = purify_bell([0.8, 0.02, 0.05, 0.13], [0.7, 0.1, 0.15, 0.05])
    np.testing.assert_allclose(pair, [0.812139, 0.031792, 0.020231, 0.135838], atol=1e-6)
    assert chance == pytest.approx(0.692, abs=1e-12)


@pytest.mark.parametrize(
    ("f", "method", "rounds", "cost"),
    [
        (0.7, "dejmps", 5, "112.69"),
        (0.7, "bbpssw", 12, "29562"),
        (0.9, "dejmps", 3, "10.76"),
        (0.9, "bbpssw", 7, "195.6"),
        (0.6, "dejmps", 7, "1302.6"),
        (0.6, "bbpssw", 16, "2.80e+06"),
    ],
)
def test_rounds_and_raw_pairs_to_a_fidelity_of_99_percent(f, method, rounds, cost):
    done = recurrence(werner_vector(f), rounds, method)
    assert done.fidelity[-1] >= 0.99 > done.fidelity[-2]
    form = ".2e" if "e" in cost else f".{len(cost.partition('.')[2])}f"
    assert format(done.raw_pairs[-1], form) == cost


@pytest.mark.parametrize("method", ["bbpssw", "dejmps"])
def test_the_cost_is_what_a_game_of_chance_spends(method):
    # n = 4000 pairs of two rounds, made by trying; the cost of one has sd < 12, so the mean < 0.2: 6 sd, 2e-9
    chances = recurrence(werner_vector(0.7), 2, method).probability
    rng, n = np.random.default_rng(3), 4000
    second = rng.geometric(chances[1], size=n)  # tries of the second round, each with two pairs of the first
    first = rng.geometric(chances[0], size=2 * second.sum())
    cost = 2 * first.sum() / n
    assert abs(cost - recurrence(werner_vector(0.7), 2, method).raw_pairs[2]) < 6 * 0.2


NOISY = [
    (0.7, 0.98, 0.98, 0.711853, 0.659319),
    (0.8, 0.99, 0.995, 0.828685, 0.758294),
    (0.9, 0.97, 0.97, 0.896113, 0.812229),
]


@pytest.mark.parametrize(("f", "gate", "readout", "fidelity", "chance"), NOISY)
def test_faulty_devices(f, gate, readout, fidelity, chance):
    result = purify(f, gate=gate, readout=readout)
    assert result.fidelity == pytest.approx(fidelity, abs=1e-6)
    assert result.probability == pytest.approx(chance, abs=1e-6)


@given(st.floats(0.5, 1), st.floats(0.5, 1), st.floats(0.5, 1))
def test_faulty_devices_by_the_formula_of_briegel_and_duer(f, p, eta):
    g = (1 - f) / 3
    a, b, x = eta**2 + (1 - eta) ** 2, 2 * eta * (1 - eta), (1 - p**2) / (8 * p**2)
    below = (f**2 + 2 * f * g + 5 * g**2) * a + 4 * (f * g + g**2) * b + 4 * x
    above = (f**2 + g**2) * a + (f * g + g**2) * b + x
    fidelity, chance = purify(f, gate=p, readout=eta)
    assert fidelity == pytest.approx(above / below, abs=1e-12)
    assert chance == pytest.approx(p**2 * below, abs=1e-12)


def test_batches_and_what_is_shown():
    f1, f2 = np.linspace(0.5, 1, 5)[:, None], np.linspace(0.5, 1, 3)
    result = purify(f1, f2, "dejmps")
    assert result.fidelity.shape == result.probability.shape == (5, 3)
    assert result.fidelity[2, 1] == pytest.approx(float(purify(0.75, 0.75).fidelity), abs=1e-15)
    p = laws(1, 6).reshape(2, 3, 4)
    before = p.copy()
    assert purify_bell(p).pair.shape == (2, 3, 4)
    np.testing.assert_array_equal(p, before)
    assert (
        repr(recurrence(werner_vector(0.9), 3))
        == "Recurrence(rounds=3, fidelity=0.999070, raw_pairs=10.7575)"
    )


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: purify(0.4), "f1 must be at least 1/2, not 0.4"),
        (lambda: purify(0.9, 0.3), "f2 must be at least 1/2.*shorter links"),
        (lambda: purify(1.4), "f1 must be fidelities"),
        (lambda: purify(0.9, method="pumping"), "method must be one of bbpssw, dejmps"),
        (lambda: purify([0.9, 0.8], [0.7, 0.7, 0.7]), "broadcast"),
        (lambda: purify(0.9, gate=2), "gate must be a probability"),
        (lambda: purify_bell([0.7, 0.7, 0, 0]), "p must sum to 1"),
        (lambda: purify_bell([1, 0, 0, 0], [0, 0, 1, 0]), "never give equal bits"),
        (lambda: bilateral_cnot([1, 0, 0, 0], [0.5, 0.5]), "p2 must hold four"),
        (lambda: purification_circuit("entanglement"), "method must be one of"),
        (lambda: recurrence([[1, 0, 0, 0]], 3), "p must be one pair"),
        (lambda: recurrence([1, 0, 0, 0], 0), "rounds must be at least 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
