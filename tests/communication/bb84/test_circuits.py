"""BB84 as a circuit: equal to the fast path where physics is certain, of one law where it throws coins."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication import bb84

N = 200_000


def random_bits(rng, n=N):
    return rng.integers(0, 2, n, dtype=np.uint8)


@given(st.integers(1, 50), st.integers(0, 2**32))
def test_same_bits_as_the_fast_path_where_bases_match(n, seed):
    # Certain, so equal bit for bit: whatever the coins are.
    sent = bb84.exchange(n, rng=seed)
    bits = bb84.circuit(sent.alice_bits, sent.alice_bases, sent.bob_bases).run(rng=seed).bits[:, 0]
    same = sent.alice_bases == sent.bob_bases
    np.testing.assert_array_equal(bits[same], sent.bob_bits[same])


def test_same_flips_as_the_fast_path_where_bases_match():
    rng = np.random.default_rng(1)
    bits, bases, flips = (random_bits(rng, 1000) for _ in range(3))
    run = bb84.circuit(bits, bases, bases, flips=flips).run(rng=rng)
    np.testing.assert_array_equal(run.bits[:, 0], bits ^ flips)


def test_where_bases_differ_it_throws_a_fair_coin(within):
    rng = np.random.default_rng(2)
    bits, bases = random_bits(rng), random_bits(rng)
    outcomes = bb84.circuit(bits, bases, 1 - bases).run(rng=rng).bits[:, 0]
    for basis in (0, 1):
        wrong = (outcomes != bits)[bases == basis]
        assert within(wrong.mean(), 0.5, wrong.size)


@pytest.mark.parametrize("noise", [0.0, 0.1])
@pytest.mark.parametrize("basis", ["random", "Z", "X", "breidbart"])
def test_eve_has_one_law_on_both_paths(basis, noise):
    # Errors and guesses in each basis, circuit against fast path: two samples, 6 sigma of their difference
    rng = np.random.default_rng(3)
    fast = bb84.exchange(N, noise=noise, eavesdropper=bb84.InterceptResend(basis=basis), rng=rng)
    bits, bases, read_in = (random_bits(rng) for _ in range(3))
    eve = random_bits(rng) if basis == "random" else np.full(N, bb84.BASES[basis])
    flips = (rng.random(N) < noise).astype(np.uint8)
    run = bb84.circuit(bits, bases, read_in, eve_bases=eve, flips=flips).run(rng=rng)

    for code in (0, 1):
        slow_kept = (bases == read_in) & (bases == code)
        fast_kept = fast.kept & (fast.alice_bases == code)
        for slow, quick in (
            (run.bits[:, 1] != bits, fast.bob_bits != fast.alice_bits),
            (run.bits[:, 0] != bits, fast.eve.bits != fast.alice_bits),
        ):
            p, q = slow[slow_kept].mean(), quick[fast_kept].mean()
            sigma = np.sqrt(p * (1 - p) / slow_kept.sum() + q * (1 - q) / fast_kept.sum())
            assert abs(p - q) <= 6 * sigma


def test_a_fraction_is_two_batches_of_circuits(within):
    rng = np.random.default_rng(4)
    bits, bases, eve = (random_bits(rng) for _ in range(3))
    touched = rng.random(N) < 0.3
    outcomes = np.empty_like(bits)
    for mask, hers in ((touched, eve[touched]), (~touched, None)):
        run = bb84.circuit(bits[mask], bases[mask], bases[mask], eve_bases=hers).run(rng=rng)
        outcomes[mask] = run.bits[:, -1]
    assert within((outcomes != bits).mean(), 0.3 / 4, N)


@pytest.mark.parametrize("bit", [0, 1])
@pytest.mark.parametrize("basis", [0, 1])
@pytest.mark.parametrize("eve", [None, 0, 1, 3])
def test_qiskit_and_pennylane_agree(within, bit, basis, eve):
    # One pulse of each kind, 4000 shots an engine, against the Born rule: 6 sigma, 2e-9 a case
    shots = 4_000
    hers = None if eve is None else [eve]
    one = bb84.circuit([bit], [basis], [basis], eve_bases=hers).at(0)
    wrong = 0.0 if eve in (None, basis) else 2 * np.sin(np.pi / 8) ** 2 * np.cos(np.pi / 8) ** 2
    wrong = 0.5 if eve in (0, 1) and eve != basis else wrong

    from qiskit_aer import AerSimulator

    counts = AerSimulator(seed_simulator=5).run(one.to_qiskit(), shots=shots).result().get_counts()
    qiskit = sum(n for key, n in counts.items() if int(key.replace(" ", "")[-1]) != bit) / shots
    samples = np.asarray(one.to_pennylane(shots=shots)())
    pennylane = np.mean(samples.reshape(shots, -1)[:, -1] != bit)
    assert within(qiskit, wrong, shots)
    assert within(pennylane, wrong, shots)


@pytest.mark.parametrize(
    ("keywords", "says"),
    [
        ({"alice_bits": [0, 2]}, "alice_bits must be an array of 0 and 1"),
        ({"alice_bits": []}, "alice_bits must be a non-empty array"),
        ({"alice_bases": [0]}, "alice_bits and alice_bases must have the same length"),
        ({"bob_bases": [0, 1, 1]}, "alice_bits and bob_bases must have the same length"),
        ({"eve_bases": [0, 2]}, "eve_bases must be one of"),
        ({"eve_bases": [0]}, "alice_bits and eve_bases must have the same length"),
        ({"flips": [0, -1]}, "flips must be an array of 0 and 1"),
    ],
)
def test_refuses(keywords, says):
    with pytest.raises(ValueError, match=says):
        bb84.circuit(**{"alice_bits": [0, 1], "alice_bases": [0, 1], "bob_bases": [0, 1], **keywords})
