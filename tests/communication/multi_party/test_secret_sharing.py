"""Secret sharing: its law against matrices written out here, who knows what, an outsider, noise, and an insider."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from qiskit.quantum_info import Statevector

from qlearn.communication.multi_party import (
    combine_shares,
    insider,
    reconstruct,
    share,
    sharing_circuit,
    split_secret,
)
from qlearn.evidence import counts_agree
from qlearn.qubits import density
from qlearn.qubits.entanglement import ghz

N = 20_000
# Eigenvectors of X and Y, +1 first: the oracle, which shares no code with the library.
EYES = {"X": np.array([[1, 1], [1, -1]]) / np.sqrt(2), "Y": np.array([[1, 1j], [1, -1j]]) / np.sqrt(2)}


def law(rho, setting):
    """The chance of every outcome, from projectors: shape (2,) * n."""
    n = len(setting)
    chances = np.empty([2] * n)
    for outcome in product((0, 1), repeat=n):
        vector = np.ones(1)
        for letter, bit in zip(setting, outcome, strict=True):
            vector = np.kron(vector, EYES[letter][bit])
        chances[outcome] = (vector.conj() @ rho @ vector).real
    return chances


def ghz_by_hand(n):
    state = np.zeros(2**n)
    state[0] = state[-1] = 2**-0.5
    return np.outer(state, state)


def expected(chances):
    signs = (-1.0) ** np.indices(chances.shape).sum(0)
    return (signs * chances).sum()


def bases_of(setting):
    return np.array(["?XY".index(letter) for letter in setting], dtype=np.uint8)


def test_the_products_of_the_reference():
    """XXX +1; XYY, YXY, YYX -1; all others 0; useful 4 of 8, half for 3, 4, 5 parties."""
    due = {"XXX": 1, "XYY": -1, "YXY": -1, "YYX": -1}
    for setting in map("".join, product("XY", repeat=3)):
        assert expected(law(ghz_by_hand(3), setting)) == pytest.approx(due.get(setting, 0), abs=1e-12)
    for n in (3, 4, 5):
        useful = [
            setting
            for setting in product("XY", repeat=n)
            if abs(expected(law(ghz_by_hand(n), setting))) > 0.5
        ]
        assert len(useful) == 2 ** (n - 1)


@pytest.mark.parametrize("n", [3, 4])
def test_the_circuit_has_the_law_of_the_projectors(n):
    rows = []
    for setting in product("XY", repeat=n):
        bits = sharing_circuit(np.tile(bases_of(setting), (2000, 1))).run(rng=n).bits
        counted = np.bincount(bits @ (1 << np.arange(n - 1, -1, -1)), minlength=2**n) / 2000
        rows.append((counted, np.clip(law(ghz_by_hand(n), setting).ravel(), 0, 1).round(12), 2000))
    assert counts_agree(*rows, failure=1e-6)


def test_the_circuit_has_the_chances_of_qiskit():
    bits = sharing_circuit([[1, 2, 2]])
    states = bits.at(0)
    measured = [step for step in states.operations if step.bit is None]
    quantum = type(states)(3, operations=tuple(measured))
    seen = Statevector(quantum.to_qiskit()).probabilities(qargs=[2, 1, 0])
    np.testing.assert_allclose(seen, law(ghz_by_hand(3), "XYY").ravel(), atol=1e-12)


@pytest.mark.parametrize("setting", ["XXX", "XYY", "YXY", "YYX"])
def test_one_bit_and_two_bits_are_uniform(setting):
    chances = law(ghz_by_hand(3), setting)
    for party in range(3):
        others = tuple(axis for axis in range(3) if axis != party)
        np.testing.assert_allclose(chances.sum(others), 1 / 2, atol=1e-12)
        np.testing.assert_allclose(chances.sum(party), 1 / 4, atol=1e-12)


@pytest.mark.parametrize("n", [3, 4, 5])
def test_all_others_find_the_dealers_bit_in_half_of_the_rounds(n):
    rounds = share(N, n, rng=n)
    assert rounds.error == 0
    assert counts_agree(
        (rounds.useful.mean(), 1 / 2, N),
        (rounds.bits.mean(0), 1 / 2, N),
        (rounds.bases.mean(0) - 1, 1 / 2, N),
    )
    with_one_missing = rounds.bits[rounds.useful][:, 1:-1].sum(1) % 2 == rounds.bits[rounds.useful][:, 0]
    assert counts_agree((with_one_missing.mean(), 1 / 2, with_one_missing.size))
    assert "useful" in repr(rounds)


@pytest.mark.parametrize("party", [0, 1, 2])
def test_an_outsider_makes_a_quarter_wrong_in_every_useful_setting(party):
    seen = share(N, outsider=party, rng=party).error_by_setting()
    assert set(seen) == {"XXX", "XYY", "YXY", "YYX"}
    assert counts_agree(*[(error, 1 / 4, n) for error, n in seen.values()])


@pytest.mark.parametrize("v", [1.0, 0.9, 0.6, 0.0])
def test_white_noise_makes_half_of_what_it_takes_wrong(v):
    """(1 - V) / 2, from the law and from rounds; F = V + (1 - V) / 8 and Mermin 4 V."""
    noisy = v * density(ghz(3)) + (1 - v) * np.eye(8) / 8
    by_hand = v * ghz_by_hand(3) + (1 - v) * np.eye(8) / 8
    for setting, sign in {"XXX": 1, "XYY": -1, "YXY": -1, "YYX": -1}.items():
        assert (1 - sign * expected(law(by_hand, setting))) / 2 == pytest.approx((1 - v) / 2, abs=1e-12)
    mermin = expected(law(by_hand, "XXX")) - sum(
        expected(law(by_hand, setting)) for setting in ("XYY", "YXY", "YYX")
    )
    assert mermin == pytest.approx(4 * v)
    fidelity = (ghz_by_hand(3) @ by_hand).trace().real
    assert fidelity == pytest.approx(v + (1 - v) / 8)
    seen = share(N, state=noisy, rng=3).error_by_setting()
    assert counts_agree(*[(error, (1 - v) / 2, n) for error, n in seen.values()])


@pytest.mark.parametrize("n", [3, 4])
def test_a_source_of_plus_states_passes_where_all_measure_x_and_nowhere_else(n):
    plus = np.full(2**n, 2.0 ** (-n / 2))
    seen = share(N, n, state=plus, rng=9).error_by_setting()
    assert counts_agree(
        *[(error, 0 if setting == "X" * n else 1 / 2, count) for setting, (error, count) in seen.items()]
    )


def test_who_reconstructs_is_given_shares_and_announced_bases_alone():
    """The dealer's bit is no argument: another one changes nothing."""
    rounds = share(200, 4, rng=1)
    bases, bits = rounds.bases[rounds.useful], rounds.bits[rounds.useful]
    np.testing.assert_array_equal(reconstruct(bits[:, 1:], bases), bits[:, 0])
    k = (bases == 2).sum(1)
    np.testing.assert_array_equal(reconstruct(bits[:, 1:], bases), (bits[:, 1:].sum(1) + k // 2) % 2)


@pytest.mark.parametrize(
    ("order", "n", "error"),
    [
        ("last", 3, 0),
        ("last", 4, 0),
        ("after the dealer", 3, 0),
        ("after the dealer", 4, 1 / 4),
        ("after the dealer", 5, 3 / 8),
        ("first", 3, 1 / 4),
        ("first", 4, 3 / 8),
    ],
)
def test_an_insider_is_seen_only_if_he_speaks_early(order, n, error):
    attack = insider(N, n, speaks=order, rng=11)
    wrong = attack.rounds.wrong
    assert counts_agree((wrong.mean(), error, wrong.size), (attack.rounds.bits.mean(0), 1 / 2, N))
    if order != "first":
        assert attack.knows == 1
    assert repr(attack).startswith("Insider(error")


@pytest.mark.parametrize(("order", "error"), [("last", 0), ("after the dealer", 0), ("first", 1 / 4)])
@pytest.mark.parametrize("n", [3, 4, 5])
def test_entangled_fakes_show_nothing_of_an_insider_who_hears_the_dealer(order, error, n):
    """Nor do the letters: of every party, and of the useful settings, they are coins."""
    attack = insider(N, n, speaks=order, fakes="entangled", rng=n)
    rounds = attack.rounds
    settings = rounds.error_by_setting()
    assert len(settings) == 2 ** (n - 1)
    assert counts_agree(
        (rounds.wrong.mean(), error, rounds.wrong.size),
        (rounds.bits.mean(0), 1 / 2, N),
        (rounds.bases.mean(0) - 1, 1 / 2, N),
        (rounds.useful.mean(), 1 / 2, N),
    )
    if order != "first":
        assert attack.knows == 1
        np.testing.assert_array_equal(attack.guesses, rounds.bits[:, 0])


@pytest.mark.parametrize("n", [3, 4, 5])
def test_of_what_was_said_entangled_fakes_need_the_dealers_letter_alone(n):
    """His own letters are coins that hang on nothing: he could have said them before, as all do in BB84."""
    rounds = insider(N, n, speaks="after the dealer", fakes="entangled", rng=n).rounds
    word = 4 * (rounds.bases[:, 0] - 1) + 2 * (rounds.bases[:, 1] - 1) + rounds.bases[:, 2] - 1
    assert counts_agree(
        (np.bincount(word, minlength=8) / N, 1 / 8, N),
        ((rounds.bits[:, 1] == rounds.bits[:, 0]).mean(), 1 / 2, N),
        (rounds.wrong.mean(), 0, rounds.wrong.size),
    )


@pytest.mark.parametrize("n", [3, 4, 5])
def test_no_fakes_make_less_than_a_quarter_wrong_if_he_speaks_first(n):
    """The mean over the useful settings is |0..0><1..1| + h.c., up to a phase: half of 1/2 x rho is out of its reach."""
    pauli = {"X": np.array([[0, 1], [1, 0]]), "Y": np.array([[0, -1j], [1j, 0]])}
    rng, m = np.random.default_rng(n), n - 1
    scores = {}
    for his in "XY":
        score, count = np.zeros((2**m, 2**m), dtype=complex), 0
        for others in product("XY", repeat=m):
            k = (his + "".join(others)).count("Y")
            if k % 2 == 0:
                matrix = np.ones((1, 1))
                for letter in others:
                    matrix = np.kron(matrix, pauli[letter])
                score, count = score + (-1) ** (k // 2) * matrix, count + 1
        scores[his] = score / count
        corner = np.zeros((2**m, 2**m), dtype=complex)
        corner[0, -1], corner[-1, 0] = (
            (1, 1) if his == "X" else (scores[his][0, -1], scores[his][0, -1].conj())
        )
        assert abs(corner[0, -1]) == pytest.approx(1)
        np.testing.assert_allclose(scores[his], corner, atol=1e-12)
    for _ in range(
        50
    ):  # any fakes, entangled with a memory, and any measurement with the four words as outcomes
        d = 2 ** (m - 1)
        fakes = rng.normal(size=(d, 4)) + 1j * rng.normal(size=(d, 4))
        pair = np.eye(2) / np.sqrt(2)
        held = np.einsum("ab,fe->afbe", pair, fakes / np.linalg.norm(fakes)).reshape(2 * d, 8)
        basis = np.linalg.qr(rng.normal(size=(8, 8)) + 1j * rng.normal(size=(8, 8)))[0]
        mean = 0.0
        for outcome in range(8):
            left = held @ basis[:, outcome].conj()
            seen = (left.conj() @ scores["XY"[outcome % 2]] @ left).real
            mean += abs(seen)  # the better of his two bits
        assert (1 - mean) / 2 >= 1 / 4 - 1e-12


def test_one_useless_round_is_nan_without_a_warning():
    seeds = [
        seed for seed in range(8) if not insider(1, speaks="after the dealer", rng=seed).rounds.useful.any()
    ]
    assert seeds
    assert np.isnan(insider(1, speaks="after the dealer", rng=seeds[0]).knows)


def test_an_insider_who_speaks_first_guesses_the_rest_of_the_test():
    """Of the dealer's bit he reads X: he has it where the dealer measured X, and a coin elsewhere."""
    attack = insider(N, speaks="first", rng=5)
    in_x = attack.rounds.bases[:, 0] == 1
    hit = attack.guesses == attack.rounds.bits[:, 0]
    assert hit[in_x].all()
    assert counts_agree((hit[~in_x].mean(), 1 / 2, int((~in_x).sum())))
    assert (attack.rounds.bases[:, 1] == 1).all()


def test_an_insider_who_hears_the_dealer_chooses_which_rounds_count():
    attack = insider(N, speaks="after the dealer", rng=6)
    others = attack.rounds.bases[attack.rounds.useful][:, 2]
    assert (others == 1).all()
    assert insider(N, speaks="last", rng=6).rounds.useful.all()


@given(st.lists(st.integers(0, 1), min_size=1, max_size=40), st.integers(2, 9), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_shares_come_together(secret, n, seed):
    shares = split_secret(secret, n, rng=seed)
    assert shares.shape == (n, len(secret))
    assert combine_shares(shares).tolist() == secret
    assert combine_shares(shares[::-1]).tolist() == secret


def test_all_shares_but_one_are_uniform_whatever_the_secret():
    for bit in (0, 1):
        shares = split_secret(np.full(N, bit), 3, rng=bit)
        for pair in ((0, 1), (0, 2), (1, 2)):
            counted = np.bincount(2 * shares[pair[0]] + shares[pair[1]], minlength=4) / N
            assert counts_agree((counted, 1 / 4, N))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: share(10, 2), "at least 3, not 2"),
        (lambda: share(10, 11), "at most 10"),
        (lambda: share(0), "n_rounds must be at least 1"),
        (lambda: share(10, outsider=3), "outsider must be one of the parties 0 to 2, not 3"),
        (lambda: share(10, state=ghz(4)), "one state of 3 qubits"),
        (lambda: share(10, state=np.array([ghz(3), ghz(3)])), "one state of 3 qubits"),
        (lambda: insider(10, speaks="never"), "speaks must be one of last, after the dealer, first"),
        (lambda: insider(10, fakes="none"), "fakes must be one of single, entangled"),
        (lambda: sharing_circuit([0, 1, 2]), "1 for X and 2 for Y"),
        (lambda: sharing_circuit([1, 2]), "at least 3"),
        (lambda: reconstruct([0, 1], [1, 1, 2]), "even number of Y"),
        (lambda: reconstruct([0, 1, 1], [1, 1, 1]), "one bit for each party but the dealer"),
        (lambda: split_secret([0, 2], 3), "secret must be an array of 0 and 1"),
        (lambda: split_secret([0, 1], 1), "n_parties must be at least 2"),
        (lambda: combine_shares([0, 1]), "shares must be"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@given(st.integers(0, 10**6), st.floats(0.05, 0.95))
@settings(max_examples=25, deadline=None)
def test_an_insider_who_makes_no_error_when_he_speaks_first_has_no_bit(seed, weight):
    """|00>|u> + |11>|v> is what no error leaves of Alice, Charlie and Bob: his state is one for all her outcomes."""
    rng = np.random.default_rng(seed)
    u, v = rng.normal(size=(2, 4)) + 1j * rng.normal(size=(2, 4))
    u, v = np.sqrt(weight) * u / np.linalg.norm(u), np.sqrt(1 - weight) * v / np.linalg.norm(v)
    held = np.zeros((2, 2, 4), dtype=complex)
    held[0, 0], held[1, 1] = u, v
    for letter in "XY":
        for vector in EYES[letter]:
            rest = np.tensordot(vector.conj(), held, axes=1)
            his = rest.T @ rest.conj()
            np.testing.assert_allclose(his, (np.outer(u, u.conj()) + np.outer(v, v.conj())) / 2, atol=1e-12)


@pytest.mark.parametrize("bob", ["X", "Y"])
def test_certain_parities_leave_one_state_in_the_span_of_00_and_11(bob):
    """The four words of an insider: for each, one state only, and all of them a|00> + b|11>."""
    pauli = {"X": np.array([[0, 1], [1, 0]]), "Y": np.array([[0, -1j], [1j, 0]])}
    pairs = ("XX", "YY") if bob == "X" else ("XY", "YX")
    for bit in (0, 1):
        both = np.eye(4, dtype=complex)
        for pair in pairs:
            k = (bob + pair).count("Y")
            sign = (-1) ** (bit + k // 2)
            both = both @ (np.eye(4) + sign * np.kron(pauli[pair[0]], pauli[pair[1]])) / 2
        assert np.trace(both).real == pytest.approx(1)
        np.testing.assert_allclose(both[1:3], 0, atol=1e-12)
