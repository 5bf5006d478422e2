"""The capacity of a pair: closed forms, the Holevo quantity of what is really sent, and no encoding that does better."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import brentq, minimize

from qlearn.communication.superdense import capacity, error_probabilities
from qlearn.qubits import BELL_NAMES, bell_state, density, partial_trace, random_state
from qlearn.qubits.entanglement import werner
from qlearn.qubits.entropies import shannon
from qlearn.qubits.noise import Channel, amplitude_damping, depolarising, phase_flip

seeds = st.integers(0, 2**32 - 1)
X, Z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
TURNS = np.array([np.eye(2), X, Z, Z @ X])
PHI = bell_state("phi+")
EVEN = np.full(4, 0.25)


def entropies(states):
    """Entropies from the eigenvalues, without the library."""
    values = np.linalg.eigvalsh(states)
    return -(values * np.log2(np.where(values > 1e-15, values, 1))).sum(-1)


def bits(rho):
    return float(entropies(rho))


def h(p):
    return bits(np.diag([p, 1 - p]))


def chi(states, odds):
    """Holevo's quantity of density matrices that come with these odds."""
    mean = np.einsum("m,mij->ij", odds, states)
    of_mean, *each = entropies(np.concatenate([mean[None], states]))
    return float(of_mean - np.dot(odds, each))


def encoded(pair, turns):
    wide = np.array([np.kron(turn, np.eye(2)) for turn in turns])
    return wide @ pair @ wide.conj().swapaxes(-1, -2)


def random_pair(rng, rank=4):
    """Draw a mixed pair of rank at most 4: part of a random pure state of a pair and an environment."""
    amplitudes = np.random.default_rng(rng).normal(size=(2, 4, rank)) * np.array([1, 1j])[:, None, None]
    whole = amplitudes.sum(0)
    rho = whole @ whole.conj().T
    return rho / np.trace(rho)


def bell_diagonal(weights):
    return np.einsum("k,kij->ij", weights, [density(bell_state(name)) for name in BELL_NAMES])


def pure(t):
    return np.array([np.cos(t), 0, 0, np.sin(t)])


WERNER = {
    1: 2, 0.99: 1.903357, 0.95: 1.634355, 0.9: 1.372508, 0.85: 1.152415, 0.8: 0.961079,
    0.75: 0.792481, 0.7: 0.643220, 0.5: 0.207519, 0.25: 0,
}  # fmt: skip
DEPHASED = {0.01: 1.919207, 0.05: 1.713603, 0.1: 1.531004, 0.11: 1.500084, 0.2: 1.278072, 0.5: 1}


@pytest.mark.parametrize(("f", "due"), WERNER.items())
def test_werner_pairs(f, due):
    assert capacity(werner(f)) == pytest.approx(due, abs=1e-6)
    closed = 2 + sum(w * np.log2(w) for w in (f, *[(1 - f) / 3] * 3) if w)
    assert capacity(werner(f)) == pytest.approx(closed, abs=1e-12)


@pytest.mark.parametrize(("q", "due"), DEPHASED.items())
def test_dephased_pairs_keep_a_bit(q, due):
    pair = phase_flip(q).apply(PHI, 0)
    assert capacity(pair) == pytest.approx(due, abs=1e-6)
    assert capacity(pair) == pytest.approx(2 - h(q), abs=1e-12)


@pytest.mark.parametrize(("gamma", "due"), [(0.1, 1.713603), (0.2, 1.531004), (0.5, 1.188722), (1, 1)])
def test_damping_of_the_senders_half_before_encoding(gamma, due):
    pair = amplitude_damping(gamma).apply(PHI, 0)
    assert capacity(pair) == pytest.approx(due, abs=1e-6)
    assert capacity(pair) == pytest.approx(2 - h(gamma / 2), abs=1e-12)


@pytest.mark.parametrize("gamma", [0.1, 0.5, 1])
def test_damping_of_the_other_half_costs_more(gamma):
    pair = amplitude_damping(gamma).apply(PHI, 1)
    closed = 1 + h((1 - gamma) / 2) - h(gamma / 2)
    assert capacity(pair) == pytest.approx(closed, abs=1e-12)
    assert closed < 2 - h(gamma / 2) - 1e-3


@pytest.mark.parametrize(("t", "due"), [(np.pi / 6, 1.811278), (np.pi / 8, 1.600876)])
def test_pure_pairs(t, due):
    assert capacity(pure(t)) == pytest.approx(due, abs=1e-6)
    assert capacity(pure(t)) == pytest.approx(1 + h(np.cos(t) ** 2), abs=1e-12)


def test_a_bell_diagonal_pair_in_any_order():
    for weights in ([0.8, 0.1, 0.07, 0.03], [0.03, 0.8, 0.1, 0.07]):
        assert capacity(bell_diagonal(weights)) == pytest.approx(0.989943, abs=1e-6)


@pytest.mark.parametrize(("p", "due"), [(0.05, 1.709854), (0.1, 1.496816), (0.2, 1.152415)])
def test_depolarising_on_the_way_is_a_werner_pair(p, due):
    noise = depolarising(p)
    arrived = np.array([noise.apply(rho, 0) for rho in encoded(density(PHI), TURNS)])
    assert chi(arrived, EVEN) == pytest.approx(due, abs=1e-6)
    assert capacity(werner(1 - 3 * p / 4)) == pytest.approx(due, abs=1e-6)


def test_damping_on_the_way_is_another_matter():
    # the turn and the damping do not change places: the formula is for a noiseless line
    gamma = 0.3
    noise = amplitude_damping(gamma)
    arrived = np.array([noise.apply(rho, 0) for rho in encoded(density(PHI), TURNS)])
    closed = 1 + h((1 + gamma) / 2) - h(gamma / 2)
    assert chi(arrived, EVEN) == pytest.approx(closed, abs=1e-12)
    assert abs(closed - capacity(noise.apply(PHI, 0))) > 0.05


def test_a_bare_qubit_does_as_well_at_the_break_even():
    f = brentq(lambda f: float(capacity(werner(f))) - 1, 0.7, 0.9, xtol=1e-12)
    assert f == pytest.approx(0.8107104, abs=1e-7)
    assert (4 * f - 1) / 3 == pytest.approx(0.7476138, abs=1e-7)
    assert bits(werner(f)) == pytest.approx(1, abs=1e-9)  # the zero of the hashing rate 1 - S


@given(seeds)
def test_it_is_the_holevo_quantity_of_the_four_encoded_pairs(seed):
    pairs = np.array([random_pair(seed, rank) for rank in (1, 2, 4)])
    due = [chi(encoded(pair, TURNS), EVEN) for pair in pairs]
    np.testing.assert_allclose(capacity(pairs), due, rtol=0, atol=1e-9)


def test_qiskit_finds_the_same_entropies():
    from qiskit.quantum_info import DensityMatrix, entropy, partial_trace as trace_out

    for seed in range(10):
        pair = random_pair(seed, 3)
        state = DensityMatrix(
            pair.reshape(2, 2, 2, 2).transpose(1, 0, 3, 2).reshape(4, 4)
        )  # its wire 0 is the last
        due = 1 + entropy(trace_out(state, [0]), 2) - entropy(state, 2)
        assert capacity(pair) == pytest.approx(due, abs=1e-9)


def test_batches_of_vectors_and_matrices():
    pairs = np.array([random_pair(seed) for seed in range(6)]).reshape(2, 3, 4, 4)
    assert capacity(pairs).shape == (2, 3)
    assert capacity(pairs)[1, 0] == pytest.approx(float(capacity(pairs[1, 0])), abs=1e-14)
    kets = random_state(2, size=4, rng=1)  # (4, 4): four vectors, no matrix
    np.testing.assert_allclose(capacity(kets), capacity(density(kets)), atol=1e-12)
    assert capacity(PHI).shape == ()


def unitary(rng):
    """Draw a unitary of one qubit, uniformly."""
    q, r = np.linalg.qr(rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2)))
    return q * (np.diag(r) / np.abs(np.diag(r)))


@given(seeds)
def test_no_random_ensemble_of_unitaries_does_better(seed):
    rng = np.random.default_rng(seed)
    pair = random_pair(rng, int(rng.integers(1, 5)))
    m = int(rng.integers(2, 9))
    held = chi(encoded(pair, [unitary(rng) for _ in range(m)]), rng.dirichlet(np.ones(m)))
    assert held <= capacity(pair) + 1e-9


@settings(max_examples=4)
@given(seeds)
def test_a_search_over_four_turns_and_their_odds_ends_at_the_capacity(seed):
    pair, rng = random_pair(seed, 2), np.random.default_rng(seed)

    def held(x):
        a, b, c = x[:12].reshape(3, 4)
        turns = np.array([[np.cos(a) * np.exp(1j * b), np.sin(a) * np.exp(1j * c)],
                          [-np.sin(a) * np.exp(-1j * c), np.cos(a) * np.exp(-1j * b)]]).transpose(2, 0, 1)  # fmt: skip
        odds = np.exp(x[12:] - x[12:].max())
        return chi(encoded(pair, turns), odds / odds.sum())

    found = minimize(
        lambda x: -held(x), np.r_[rng.uniform(0, np.pi, 12), np.zeros(4)], options={"maxiter": 40}
    )
    assert -found.fun <= capacity(pair) + 1e-9
    assert -found.fun >= capacity(pair) - 0.05


def random_channel(rng, operators=2):
    """Draw a channel of one qubit: a random isometry into the qubit and an environment."""
    q, _ = np.linalg.qr(rng.normal(size=(2 * operators, 2)) + 1j * rng.normal(size=(2 * operators, 2)))
    return Channel(q.reshape(operators, 2, 2))


@given(seeds)
def test_encodings_by_any_channel_never_pass_two_bits_and_unital_ones_not_the_capacity(seed):
    rng = np.random.default_rng(seed)
    pair = random_pair(rng, int(rng.integers(1, 5)))
    odds = rng.dirichlet(np.ones(4))
    anyhow = np.array([random_channel(rng).apply(pair, 0) for _ in range(4)])
    assert chi(anyhow, odds) <= 2 + 1e-9
    mixtures = [encoded(pair, [unitary(rng), unitary(rng)]) for _ in range(4)]
    unital = np.array([w * a + (1 - w) * b for (a, b), w in zip(mixtures, rng.random(4), strict=True)])
    assert chi(unital, odds) <= capacity(pair) + 1e-9


def test_who_throws_the_half_away_gets_one_bit_where_the_formula_says_less():
    pair = werner(0.6)
    reset = [np.kron(density(fresh), partial_trace(pair, keep=1)) for fresh in np.eye(2)]
    assert chi(np.array(reset), np.full(2, 0.5)) == pytest.approx(1, abs=1e-12)
    assert capacity(pair) < 0.41


@given(seeds)
def test_a_third_party_with_the_rest_of_the_pair_and_the_qubit_has_what_is_missing_to_two(seed):
    pair = random_pair(seed)
    values, vectors = np.linalg.eigh(pair)
    whole = (np.sqrt(values.clip(0)) * vectors).reshape(2, 2, 4)  # Alice, Bob, Eve
    eve = np.einsum("abe,cbf->aecf", whole, whole.conj()).reshape(8, 8)
    wide = np.array([np.kron(turn, np.eye(4)) for turn in TURNS])
    assert chi(wide @ eve @ wide.conj().swapaxes(-1, -2), EVEN) == pytest.approx(
        2 - float(capacity(pair)), abs=1e-9
    )


@given(seeds)
def test_the_line_alone_tells_what_an_uneven_half_tells(seed):
    pair = random_pair(seed)
    half = partial_trace(pair, keep=0)
    alone = np.array([turn @ half @ turn.conj().T for turn in TURNS])
    assert chi(alone, EVEN) == pytest.approx(1 - bits(half), abs=1e-9)


@given(seeds)
def test_bell_measurements_reach_it_for_bell_diagonal_pairs_and_never_pass_it(seed):
    mixture = bell_diagonal(np.random.default_rng(seed).dirichlet(np.ones(4)))
    pairs = np.array([mixture, random_pair(seed)])
    read, held = 2 - shannon(error_probabilities(pairs)), capacity(pairs)
    assert read[0] == pytest.approx(held[0], abs=1e-9)
    assert read[1] <= held[1] + 1e-9


def test_of_an_uneven_pair_bell_measurements_leave_a_tenth_of_a_bit_and_more():
    assert 2 - shannon(error_probabilities(pure(np.pi / 6))) < capacity(pure(np.pi / 6)) - 0.1


def test_a_product_has_cross_terms_and_bell_measurements_still_reach_its_capacity():
    # so "less, if there are cross terms" would be false
    assert shannon(error_probabilities([1, 0, 0, 0])) == pytest.approx(1, abs=1e-12)
    assert capacity([1, 0, 0, 0]) == pytest.approx(1, abs=1e-12)


def test_no_question_to_one_uneven_pair_tells_more_of_the_four_messages_than_bells():
    # any finest measurement of k answers: vectors v with sum |v><v| = 1, searched from random starts
    pair = density(pure(np.pi / 6))
    states, by_bell = encoded(pair, TURNS), 2 - shannon(error_probabilities(pair))

    def told(x, k):
        rows = x[: 4 * k].reshape(k, 4) + 1j * x[4 * k :].reshape(k, 4)
        values, vectors = np.linalg.eigh(rows.T @ rows.conj())
        rows = rows @ ((vectors / np.sqrt(values)) @ vectors.conj().T).T
        joint = np.einsum("ki,mij,kj->mk", rows.conj(), states, rows, optimize=False).real.clip(1e-300) / 4
        return float((joint * np.log2(joint / joint.sum(0) * 4)).sum())

    rng, found = np.random.default_rng(1), []
    for k in (4, 6):
        end = minimize(lambda x, k=k: -told(x, k), rng.normal(size=8 * k), options={"maxiter": 60})
        found.append(-end.fun)
    assert max(found) <= by_bell + 1e-9
    assert max(found) >= by_bell - 1e-3  # the search is able to find what there is
    assert capacity(pair) > by_bell + 0.16


def test_decay_on_the_way_costs_as_much_as_decay_of_bobs_half():
    for gamma in (0.1, 0.5, 0.9):
        noise = amplitude_damping(gamma)
        way = chi(np.array([noise.apply(rho, 0) for rho in encoded(density(PHI), TURNS)]), EVEN)
        assert way == pytest.approx(float(capacity(noise.apply(PHI, 1))), abs=1e-9)
        assert capacity(noise.apply(PHI, 0)) > way + 1e-3


def test_white_noise_on_the_line_a_perfect_pair_is_worth_two_to_three_bare_qubits():
    p = np.linspace(1e-6, 0.999, 500)
    ratio = capacity(werner(1 - 3 * p / 4)) / (1 - np.array([h(x / 2) for x in p]))
    assert (np.diff(ratio) > -1e-9).all()
    assert ratio[0] == pytest.approx(2, abs=1e-4)
    assert 2.99 < ratio[-1] < 3


@given(seeds)
def test_a_pair_without_entanglement_is_worth_at_most_the_bare_qubit(seed):
    rng = np.random.default_rng(seed)
    a, b = random_state(1, size=(2, 6), rng=rng)
    products = density(np.einsum("ni,nj->nij", a, b).reshape(6, 4))
    assert capacity(np.einsum("n,nij->ij", rng.dirichlet(np.ones(6)), products)) <= 1 + 1e-9


@given(seeds)
def test_it_lies_between_zero_and_two(seed):
    held = capacity(np.array([random_pair(seed, rank) for rank in (1, 2, 3, 4)]))
    assert ((held >= 0) & (held <= 2)).all()


def test_pure_noise_is_worth_nothing():
    assert capacity(np.eye(4) / 4) == 0


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        ([1, 0], "rho must be of two qubits"),
        (np.eye(8) / 8, "rho must be of two qubits"),
        ([0.5, 0.5, 0.5, 0.6], "rho must be normalised"),
        (np.diag([2, -1, 0, 0]), "lowest eigenvalue is -1"),
        (np.full(4, np.nan), "finite"),
    ],
)
def test_refuses_what_is_no_pair(pair, says):
    with pytest.raises(ValueError, match=says):
        capacity(pair)
