"""The ports of secret sharing with GHZ states: the laws of the bits, against the library's states and its drawn rounds."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from qlearn.communication.multi_party import insider, reconstruct, share, sharing_circuit
from qlearn.qubits import Circuit, density
from qlearn.qubits.entanglement import ghz

SETTINGS = list(product((1, 2), repeat=3))
VISIBILITIES = np.random.default_rng(1).uniform(0, 1, 130).round(6).tolist()
STATES = {"ghz": ghz(3), "plus": np.full(8, 8**-0.5)}
X, Y = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]])


def read_on_the_way(rho: np.ndarray, party: int) -> np.ndarray:
    """The state behind somebody who measured one particle in X or Y, by a coin, and told nobody."""
    out = np.zeros_like(rho, dtype=complex)
    for letter, sign in product((X, Y), (1, -1)):
        ways = [np.eye(2)] * 3
        ways[party] = (np.eye(2) + sign * letter) / 2
        whole = np.kron(np.kron(*ways[:2]), ways[2])
        out += whole @ rho @ whole / 2
    return out


def chances(rho: np.ndarray, bases: tuple[int, ...]) -> np.ndarray:
    """The chances of the bits 000 to 111: <b|rho|b> for the products b of eigenvectors."""
    found = []
    for bits in product((0, 1), repeat=3):
        vectors = [
            np.array([1, (1, 1j)[base - 1] * (-1) ** bit]) for base, bit in zip(bases, bits, strict=True)
        ]
        whole = np.kron(np.kron(*vectors[:2]), vectors[2]) / np.sqrt(8)
        found.append((whole.conj() @ rho @ whole).real)
    return np.array(found)


@pytest.mark.parametrize("source", ["ghz", "plus"])
@pytest.mark.parametrize("outsider", [None, 0, 1, 2])
def test_the_law_of_a_setting(port: Callable, agree: Callable, source: str, outsider: int | None):
    sent, ours = [], []
    for bases, v in product(SETTINGS, VISIBILITIES):
        rho = v * density(STATES[source]) + (1 - v) * np.eye(8) / 8
        rho = rho if outsider is None else read_on_the_way(rho, outsider)
        sent.append([bases, v, source, outsider])
        ours.append(chances(rho, bases))
    agree(port("communication/multi_party", "share", sent), ours, scale=1)


def test_drawn_rounds_have_that_law(port: Callable):
    """Errors of each setting, 40,000 rounds: within 5.5 standard errors, a false alarm of 4e-8 each."""
    for source, outsider, v in (("ghz", None, 0.6), ("ghz", 2, 1), ("plus", None, 1)):
        rho = v * density(STATES[source]) + (1 - v) * np.eye(8) / 8
        seen = share(40_000, state=rho, outsider=outsider, rng=5).error_by_setting()
        for bases in SETTINGS:
            name = "".join("?XY"[one] for one in bases)
            if name not in seen:
                continue
            law = port("communication/multi_party", "share", [[bases, v, source, outsider]])[0]
            wrong = sum(p for bits, p in zip(product((0, 1), repeat=3), law, strict=True) if odd(bits, bases))
            error, rounds = seen[name]
            assert abs(error - wrong) <= 5.5 * np.sqrt(max(wrong * (1 - wrong), 1e-12) / rounds) + 1e-9


def odd(bits: tuple[int, ...], bases: tuple[int, ...]) -> bool:
    """Whether the others do not find the dealer's bit."""
    return bool(reconstruct(np.array(bits[1:]), np.array(bases)) != bits[0])


def test_what_bob_keeps_and_says(port: Callable, agree: Callable):
    """The library's gates without its measurements; then its own drawn rounds beside that law."""
    for speaks in ("after the dealer", "first"):
        ours = []
        for dealer, own, third in SETTINGS:
            circuit = Circuit(4).h(0).cx(0, 1).h(2).cx(2, 3)
            y = [one == 2 for one in (dealer, own, third)]
            if speaks == "first":
                circuit, wires = circuit.cx(1, 2), ((1, [y[1]]), (0, [y[0]]), (3, [y[2]]))
                axes = (0, 1, 3, 1)
            else:
                circuit = circuit.sdg(0) if y[0] else circuit
                circuit = circuit.h(0)
                circuit = (circuit.s(1) if y[0] else circuit).h(1).cz(1, 2)
                wires, axes = ((2, [y[0], y[1]]), (3, [y[2]])), (0, 2, 3, 1)
            for wire, turns in wires:
                for turn in turns:
                    circuit = circuit.sdg(wire) if turn else circuit
                circuit = circuit.h(wire)
            chance = np.abs(circuit.run()) ** 2
            law = np.zeros((2, 2, 2, 2))
            for bits, p in zip(product((0, 1), repeat=4), chance, strict=True):
                law[tuple(bits[axis] for axis in axes)] += p
            ours.append(law.ravel())
        theirs = port("communication/multi_party", "insider", [[one, speaks] for one in SETTINGS] * 130)
        agree(theirs, ours * 130, scale=1)
        drawn = insider(40_000, speaks=speaks, fakes="entangled", rng=7)
        for bases, law in zip(SETTINGS, ours, strict=True):
            here = (drawn.rounds.bases == bases).all(axis=1)
            rows = np.column_stack([drawn.rounds.bits, drawn.guesses])[here]
            seen = np.bincount(rows @ [8, 4, 2, 1], minlength=16) / here.sum()
            assert (np.abs(seen - law) <= 6 * np.sqrt(law * (1 - law) / here.sum()) + 1e-9).all()


def test_bits_put_together(port: Callable, agree: Callable):
    useful = [one for one in SETTINGS if one.count(2) % 2 == 0]
    sent = [(shares, bases) for bases in useful for shares in product((0, 1), repeat=2)] * 70
    ours = [int(reconstruct(np.array(shares), np.array(bases))) for shares, bases in sent]
    agree(port("communication/multi_party", "reconstruct", sent), ours)
    # as gates: the library's circuit has the same, and measures after them
    steps = port("communication/multi_party", "sharing_circuit", [[bases] for bases in SETTINGS])
    for bases, told in zip(SETTINGS, steps, strict=True):
        theirs = Circuit(3)
        for name, (wire,), *angle in told:
            theirs = theirs.sdg(wire) if angle == [-np.pi / 2] else getattr(theirs, name)(wire)
        start = np.arange(1, 9) / np.sqrt(204)
        bits = sharing_circuit([bases] * 4000, prepare=False).run(np.tile(start, (4000, 1)), 3).bits
        law, seen = np.abs(theirs.run(start)) ** 2, np.bincount(bits @ [4, 2, 1], minlength=8) / 4000
        assert (np.abs(seen - law) <= 6 * np.sqrt(law * (1 - law) / 4000) + 1e-9).all()
