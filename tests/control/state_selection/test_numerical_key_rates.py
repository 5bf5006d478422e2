"""Numerical key rates: closed forms, another minimiser, proofs that lie below every attack, and refusals."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.linalg import logm
from scipy.optimize import minimize

from qlearn.communication.key_rate import binary_entropy, key_rate
from qlearn.control.state_selection import certified_secrecy
from qlearn.qubits.noise import Channel, amplitude_damping, bit_flip, depolarising, pauli_channel, phase_flip

PAULI = {
    "I": np.eye(2),
    "X": np.array([[0, 1], [1, 0]]),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.diag([1, -1]),
}


def turned(angle):
    """A turn about Z."""
    return Channel([np.diag([1, np.exp(1j * angle)])])


def entropy_of(kraus):
    """H(Z|E) of a line written out: the state of pair and Eve, measured, by logarithms of matrices."""
    pair = np.eye(2).reshape(4) / np.sqrt(2)
    rho = sum(np.outer(v, v.conj()) for v in ((np.kron(np.eye(2), k) @ pair) for k in kraus))
    kept = rho.copy()
    kept[:2, 2:] = kept[2:, :2] = 0
    rho, kept = (0.999_999_999 * x + 1e-9 * np.eye(4) / 4 for x in (rho, kept))
    return float(np.trace(rho @ (logm(rho) - logm(kept))).real / np.log(2))


@pytest.mark.parametrize("qber", [0.0, 0.01, 0.05, 0.11, 0.2])
def test_bb84_three_states_and_six_on_a_depolarising_line(qber):
    line = depolarising(2 * qber)
    bb84 = 1 - binary_entropy(qber)
    six = -sum(p * np.log2(p) for p in (1 - 1.5 * qber, *[qber / 2] * 3) if p > 0) - binary_entropy(qber)
    for choice, secret in (
        ({}, bb84),
        ({"mismatched": False}, bb84),
        ({"states": "01+"}, bb84),
        ({"states": "01+-rl", "bases": "ZXY"}, 1 - six),
        ({"states": "01+r", "bases": "ZXY"}, 1 - six),
        ({"states": "01"}, 0.0),
        ({"states": "01", "bases": "ZXY"}, 0.0),
    ):
        found = certified_secrecy(line, **choice)
        assert found.proved <= found.attacked + 1e-15
        assert found.proved <= secret + 1e-12
        assert found.proved == pytest.approx(secret, abs=3e-6)
    rate = max(0.0, float(certified_secrecy(line, states="01+r", bases="ZXY").proved - binary_entropy(qber)))
    assert rate == pytest.approx(float(key_rate(qber, protocol="six-state")), abs=3e-6)


@pytest.mark.parametrize("qber", [0.01, 0.03, 0.05, 0.08])
def test_three_states_without_unequal_bases_equal_a_search_of_two_numbers(qber):
    # by its symmetries the worst line has M = diag(Mx, My, c), t = (c - Mx, 0, 0); its spectra are known in closed form
    c = 1 - 2 * qber

    def secrecy(x):
        t = c - x[0]
        plus, minus = np.hypot(t, c + x[1]), np.hypot(t, c - x[1])
        four = np.array([1 + x[0] + plus, 1 + x[0] - plus, 1 - x[0] + minus, 1 - x[0] - minus]) / 4
        if four.min() < 0:
            return 2 - four.min()
        entropy = -sum(p * np.log2(p) for p in four if p > 0)
        return 1 + float(binary_entropy((1 + np.hypot(t, c)) / 2)) - entropy

    best = min(
        minimize(
            secrecy,
            (c, start),
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 4000},
        ).fun
        for start in (c * 0.9, c)
    )
    found = certified_secrecy(depolarising(2 * qber), states="01+", mismatched=False)
    assert found.proved == pytest.approx(best, abs=3e-6)
    assert found.proved <= best + 1e-9


def test_pauli_lines_by_the_phase_errors_alone():
    # BB84 sees e_Z and e_X; the worst Pauli line of these has independent errors, and leaves 1 - h(e_X)
    for line, e_x in (
        (bit_flip(0.1), 0.0),
        (phase_flip(0.1), 0.1),
        (pauli_channel(x=0.02, y=0.03, z=0.05), 0.08),
    ):
        assert certified_secrecy(line).proved == pytest.approx(1 - float(binary_entropy(e_x)), abs=4e-6)


def test_more_counts_prove_more_on_a_turned_line():
    line = depolarising(0.04).then(turned(np.deg2rad(30)))
    matched = certified_secrecy(line, mismatched=False).proved
    x = 0.96 * np.cos(np.deg2rad(30))
    assert matched == pytest.approx(1 - float(binary_entropy((1 - x) / 2)), abs=3e-6)
    whole = certified_secrecy(line, states="01+r", bases="ZXY").proved
    straight = certified_secrecy(depolarising(0.04), states="01+r", bases="ZXY").proved
    assert whole == pytest.approx(straight, abs=1e-6)
    assert matched < certified_secrecy(line).proved + 1e-9 < whole


@pytest.mark.parametrize("states", ["01+", "01+-"])
def test_who_swallows_states_that_are_not_sent_gains_where_y_is_asked(states):
    # r is swallowed more than l, all states that are sent click equally often: by a search over factors of the pair
    hadamard = Channel([np.array([[1, 1], [1, -1]]) / np.sqrt(2)])
    line = (
        depolarising(0.06).then(turned(np.pi / 3)).then(hadamard).then(amplitude_damping(0.3)).then(hadamard)
    )
    kets = {"0": [1, 0], "1": [0, 1], "+": [2**-0.5, 2**-0.5], "-": [2**-0.5, -(2**-0.5)]}
    asked, counted = [], []
    for name in states:
        sent = np.outer(kets[name], kets[name])
        arrived = sum(k @ sent @ k.conj().T for k in line.kraus)
        for pauli in PAULI.values():
            asked.append(np.kron(sent.T, pauli))
            counted.append(np.trace(arrived @ pauli).real / 2)
    circular = np.kron(PAULI["Y"], PAULI["I"])

    def pair(x):
        root = (x[:16] + 1j * x[16:]).reshape(4, 4)
        return (rho := root @ root.conj().T) / np.trace(rho).real

    def lacks(x):
        rho = pair(x)
        kept = rho.copy()
        kept[:2, 2:] = kept[2:, :2] = 0
        spectra = (np.maximum(np.linalg.eigvalsh(part), 1e-15) for part in (rho, kept))
        return -np.subtract(*(-(w * np.log2(w)).sum() for w in spectra))

    def search(asked, counted):
        held = {"type": "eq", "fun": lambda x: np.einsum("kab,ba->k", asked, pair(x)).real - counted}
        ends = []
        for seed in range(4):  # a search may rest on the way, by the last bits of a processor
            start = np.random.default_rng(seed).normal(size=32)
            found = minimize(
                lacks, start, method="SLSQP", constraints=held, options={"maxiter": 600, "ftol": 1e-10}
            )
            if abs(held["fun"](found.x)).max() < 1e-9:
                ends.append(float(found.fun))
        assert ends
        return min(ends)

    proved = certified_secrecy(line, states=states, bases="ZXY").proved
    swallowing = search(np.array(asked), np.array(counted))
    fair = search(np.array([*asked, circular]), np.array([*counted, 0.0]))
    assert proved - 1e-7 <= swallowing < fair - 5e-3
    assert proved == pytest.approx(0.5216052, abs=1e-6)


def test_amplitude_damping_with_everything_known_is_its_coherent_information():
    # Eve is the environment: H(Z|E) = H(Z) - chi = 1 - h(g/2) + h(g)/2
    for g in (0.1, 0.3):
        secret = 1 - float(binary_entropy(g / 2)) + float(binary_entropy(g)) / 2
        found = certified_secrecy(amplitude_damping(g), states="01+-rl", bases="ZXY")
        assert found.proved == pytest.approx(secret, abs=4e-6)
        # four states do not see Y, which costs a little; three see what four do, if all counts are kept
        four = certified_secrecy(amplitude_damping(g)).proved
        assert secret - 2e-3 < four < secret - 1e-4
        assert certified_secrecy(amplitude_damping(g), states="01+").proved == pytest.approx(four, abs=1e-6)
        assert certified_secrecy(amplitude_damping(g), states="01+", mismatched=False).proved < four - 0.1


@given(seed=st.integers(0, 10**6), choice=st.sampled_from(["01+", "01+-", "01+r", "01r"]), kept=st.booleans())
@settings(max_examples=20, deadline=None)
def test_no_line_leaves_less_than_its_own_counts_prove(seed, choice, kept):
    rng = np.random.default_rng(seed)
    block = rng.uniform(0.05, 0.6) * (rng.normal(size=(6, 2)) + 1j * rng.normal(size=(6, 2)))
    block[:2] += 2 * np.eye(2)
    kraus = np.linalg.qr(block)[0].reshape(3, 2, 2)
    found = certified_secrecy(Channel(kraus), states=choice, mismatched=kept)
    assert 0 <= found.proved <= entropy_of(kraus) + 1e-6
    more = certified_secrecy(Channel(kraus), states="01+-rl", bases="ZXY")
    assert found.proved <= more.proved + 1e-6
    assert more.proved == pytest.approx(entropy_of(kraus), abs=5e-5)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"states": "01x"}, ValueError, "states must be different letters"),
        ({"states": "0+"}, ValueError, "states must hold 0 and 1"),
        ({"states": "001"}, ValueError, "different letters"),
        ({"bases": "XY"}, ValueError, "bases Z"),
        ({"bases": 3}, ValueError, "bases must be"),
        ({"tolerance": 0.0}, ValueError, "tolerance must be above 0"),
        ({"tolerance": 1e-12}, ArithmeticError, "gap"),
    ],
)
def test_refuses(options, error, says):
    with pytest.raises(error, match=says):
        certified_secrecy(depolarising(0.1), **options)


def test_refuses_what_is_no_line_of_one_qubit():
    for line in (0.1, depolarising(0.1, 2), depolarising([0.1, 0.2])):
        with pytest.raises(TypeError, match="line must be one Channel"):
            certified_secrecy(line)
