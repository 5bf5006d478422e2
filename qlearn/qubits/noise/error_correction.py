"""Error correction: stabiliser codes, their syndromes and recovery, and the noise that is left on the logical qubit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_rng, as_states
from qlearn.qubits.circuit import Circuit, Run
from qlearn.qubits.measurement import expectation
from qlearn.qubits.noise.choi_matrix import from_choi
from qlearn.qubits.noise.kraus import Channel, evolve
from qlearn.qubits.paulis import anticommute, as_pauli_word

_TOLERANCE = 1e-8


class Recovery(NamedTuple):
    """What a round of error correction gives."""

    state: NDArray[np.complex128]
    """The corrected states, shape (..., 2**n)."""
    syndrome: NDArray[np.uint8]
    """The answers that named the error, shape (..., r): all 0 where none was seen."""


@dataclass(frozen=True, eq=False)
class Code:
    r"""A stabiliser code that keeps one qubit in n, with its circuits.

    .. math:: S_i\,|\bar\psi\rangle = +|\bar\psi\rangle \qquad\text{for every encoded state and every stabiliser } S_i

    An error P that anticommutes with :math:`S_i` turns the answer to :math:`S_i` into -1: the answers, as
    bits, are the *syndrome*. It depends on the error and not on the data, so measuring it disturbs nothing.
    The lightest error with that syndrome is then undone (of equally light ones X before Z before Y).

    Parameters
    ----------
    stabilisers : sequence of str
        The r = n - 1 questions, one letter of I, X, Y, Z for each wire.
    encoder : Circuit
        On n wires: takes the qubit on wire 0 and 0 on the others to the encoded state.

    Examples
    --------
    >>> code = Code(["ZZI", "IZZ"], Circuit(3).cx(0, 1).cx(0, 2))
    >>> hit = Circuit(3).x(1).run(code.encode([0.6, 0.8]))
    >>> state, syndrome = code.recover(hit)
    >>> syndrome, code.decode(state).real.round(3)
    (array([1, 1], dtype=uint8), array([0.6, 0.8]))

    References
    ----------
    Gottesman, *Stabilizer codes and quantum error correction* (1997), arXiv:quant-ph/9705052, chapter 3.
    """

    stabilisers: Sequence[str]
    encoder: Circuit
    corrections: tuple[str, ...] = field(init=False)
    """The Pauli word that undoes each syndrome, by the syndrome read as a binary number."""

    def __post_init__(self) -> None:
        n, words = self.encoder.n_qubits, tuple(self.stabilisers)
        if n < 2 or self.encoder.bits or self.encoder.shape:
            raise ValueError("encoder must be a single circuit on 2 or more wires, without classical bits")
        for place, word in enumerate(words):
            as_pauli_word(word, n, f"stabilisers[{place}]")
        for a, b in combinations(words, 2):
            if anticommute(a, b):
                raise ValueError(
                    f"stabilisers must commute, and {a} and {b} do not: no state answers +1 to both"
                )
        if len(words) != n - 1:
            raise ValueError(f"stabilisers must be {n - 1} to leave one qubit of {n}, not {len(words)}")
        object.__setattr__(self, "stabilisers", words)
        for data in ([1, 0], [0, 1]):
            for word in words:
                answer = float(expectation(self.encode(data), word))
                if abs(answer - 1) > _TOLERANCE:
                    raise ValueError(
                        f"encoder must make states with {word} = +1; it makes one of {answer:.3g} from the data {data}"
                    )
        object.__setattr__(self, "corrections", _lightest(words, n))

    @property
    def n_qubits(self) -> int:
        """Number of physical qubits."""
        return self.encoder.n_qubits

    def encode(self, states: ArrayLike) -> NDArray[np.complex128]:
        """Return the encoded states, shape (..., 2**n), of qubits of shape (..., 2)."""
        data = as_states(states, "states", 1)
        wide = np.zeros((*data.shape[:-1], 2, 1 << (self.n_qubits - 1)), dtype=np.complex128)
        wide[..., 0] = data
        return self.encoder.run(wide.reshape(*data.shape[:-1], -1))

    def decode(self, states: ArrayLike) -> NDArray[np.complex128]:
        """Return the qubits of shape (..., 2) that were encoded; refuse states outside the code."""
        back = self.encoder.inverse().run(as_states(states, "states", self.n_qubits))
        parts = back.reshape(*back.shape[:-1], 2, -1)
        outside = 1 - (np.abs(parts[..., 0]) ** 2).sum(-1)
        if outside.max(initial=0) > _TOLERANCE:
            raise ValueError(
                f"states must lie in the code; one has a part of weight {outside.max():.3g} outside. Run .recover first"
            )
        return parts[..., 0]

    def syndrome(self) -> Circuit[Run]:
        """Return the circuit that asks every stabiliser, by one more wire that is measured, reset and used again.

        Bit i answers stabiliser i: 0 for +1, 1 for -1. Wire n must start in 0 and ends in 0.
        """
        n = self.n_qubits
        circuit = Circuit(n + 1, bits=len(self.stabilisers))
        for bit, word in enumerate(self.stabilisers):
            circuit = circuit.h(n)
            for wire, letter in enumerate(word):
                if letter == "X":
                    circuit = circuit.cx(n, wire)
                elif letter == "Z":
                    circuit = circuit.cz(n, wire)
                elif letter == "Y":
                    circuit = circuit.sdg(wire).cx(n, wire).s(wire)
            circuit = circuit.h(n).measure(n, bit).x(n, where=bit)
        return circuit

    def correction(self, syndrome: ArrayLike) -> Circuit:
        """Return the circuit that undoes the error of each syndrome, shape (..., r): a batch of Pauli words."""
        bits = as_bits(syndrome, "syndrome", ndim=None)
        if bits.shape[-1] != len(self.stabilisers):
            raise ValueError(
                f"syndrome must have {len(self.stabilisers)} bits on its last axis, not shape {bits.shape}"
            )
        number = bits @ (1 << np.arange(bits.shape[-1])[::-1])
        words = np.array([list(word) for word in self.corrections])[number]
        circuit = Circuit(self.n_qubits)
        for wire in range(self.n_qubits):
            letters = words[..., wire]
            circuit = (
                circuit.x(wire, where=letters == "X")
                .y(wire, where=letters == "Y")
                .z(wire, where=letters == "Z")
            )
        return circuit

    def recover(self, states: ArrayLike, rng: Any = None) -> Recovery:
        """Measure the syndrome of each state and undo the error that it names.

        Parameters
        ----------
        states : array_like, shape (..., 2**n)
            Encoded states with errors on them; each is one run.
        rng : optional
            Anything that :func:`numpy.random.default_rng` takes. An error that is no Pauli word leaves the
            syndrome to chance, and the measurement makes it one.

        Returns
        -------
        Recovery
            ``state``, complex128 of shape (..., 2**n), and ``syndrome``, uint8 of shape (..., r).
        """
        data = as_states(states, "states", self.n_qubits)
        wide = np.stack([data, np.zeros_like(data)], axis=-1).reshape(*data.shape[:-1], -1)
        run = self.syndrome().run(wide, as_rng(rng))
        after = run.state.reshape(*data.shape, 2)[..., 0]
        return Recovery(self.correction(run.bits).run(after), run.bits)


def _lightest(stabilisers: Sequence[str], n: int) -> tuple[str, ...]:
    """Return the lightest Pauli word of each syndrome."""
    told_apart = 2 ** _rank(stabilisers)
    if told_apart < 1 << len(stabilisers):
        raise ValueError(
            f"stabilisers must be independent, and one of {', '.join(stabilisers)} is a product of others: "
            f"they tell {told_apart} errors apart instead of {1 << len(stabilisers)}"
        )
    found: dict[int, str] = {}
    for weight in range(n + 1):
        for wires in combinations(range(n), weight):
            for letters in product("XZY", repeat=weight):
                chosen = dict(zip(wires, letters, strict=True))
                word = "".join(chosen.get(wire, "I") for wire in range(n))
                bits = [anticommute(word, stabiliser) for stabiliser in stabilisers]
                found.setdefault(sum(bit << place for place, bit in enumerate(reversed(bits))), word)
        if len(found) == told_apart:
            break
    return tuple(found[number] for number in range(told_apart))


def _rank(stabilisers: Sequence[str]) -> int:
    """Return how many of the words are no product of others, phases aside."""
    rows: list[int] = []
    for word in stabilisers:
        row = sum("IXZY".index(letter) << 2 * wire for wire, letter in enumerate(word))
        for other in rows:
            row = min(row, row ^ other)
        if row:
            rows.append(row)
    return len(rows)


@cache
def bit_flip_code() -> Code:
    r"""Return the three-qubit code that corrects one flip.

    .. math:: a|0\rangle + b|1\rangle \;\to\; a|000\rangle + b|111\rangle, \qquad S = ZZI,\ IZZ

    Nothing is copied: the three qubits share one qubit. The questions ask whether neighbours agree, and
    never what they are.

    Returns
    -------
    Code

    Examples
    --------
    >>> bit_flip_code().corrections
    ('III', 'IIX', 'XII', 'IXI')

    References
    ----------
    Peres, Phys. Rev. A 32, 3266 (1985), doi:10.1103/PhysRevA.32.3266; Nielsen and Chuang, *Quantum
    Computation and Quantum Information* (2010), section 10.1.1.
    """
    return Code(("ZZI", "IZZ"), Circuit(3).cx(0, 1).cx(0, 2))


@cache
def phase_flip_code() -> Code:
    r"""Return the three-qubit code that corrects one phase flip.

    .. math:: a|0\rangle + b|1\rangle \;\to\; a|{+}{+}{+}\rangle + b|{-}{-}{-}\rangle, \qquad S = XXI,\ IXX

    :func:`bit_flip_code` in the other basis: a phase flip exchanges + and -.

    Returns
    -------
    Code

    Examples
    --------
    >>> phase_flip_code().corrections
    ('III', 'IIZ', 'ZII', 'IZI')

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 10.1.2.
    """
    return Code(("XXI", "IXX"), Circuit(3).cx(0, 1).cx(0, 2).h(0).h(1).h(2))


@cache
def five_qubit_code() -> Code:
    r"""Return the smallest code that corrects any error of any one qubit.

    .. math:: S = XZZXI,\ IXZZX,\ XIXZZ,\ ZXIXZ

    Five qubits can suffer 15 single Pauli errors, or none; four bits of syndrome name 16 cases. Nothing is
    left over, so the code is called perfect. The encoder repeats the qubit, changes to the other basis, and
    ties neighbours on a ring by CZ.

    Returns
    -------
    Code

    Examples
    --------
    >>> code = five_qubit_code()
    >>> sorted(len(word) - word.count("I") for word in code.corrections) == [0] + [1] * 15
    True

    References
    ----------
    Laflamme, Miquel, Paz and Zurek, Phys. Rev. Lett. 77, 198 (1996), arXiv:quant-ph/9602019; that fewer do not suffice:
    Knill and Laflamme, Phys. Rev. A 55, 900 (1997), arXiv:quant-ph/9604034; as a ring:
    Schlingemann and Werner, Phys. Rev. A 65, 012308 (2001), arXiv:quant-ph/0012111.
    """
    encoder = Circuit(5).cx(0, 1).cx(0, 2).cx(0, 3).cx(0, 4)
    for wire in range(5):
        encoder = encoder.h(wire)
    for wire in range(5):
        encoder = encoder.cz(wire, (wire + 1) % 5)
    return Code(("XZZXI", "IXZZX", "XIXZZ", "ZXIXZ"), encoder)


def logical_channel(code: Code, noise: Channel) -> Channel:
    r"""Return the channel of the encoded qubit: encode, noise on every wire, correct, decode.

    .. math:: \mathcal E_L(\rho) = \sum_s V^\dagger C_s\, \mathcal E^{\otimes n}\bigl(V\rho V^\dagger\bigr)\,
              C_s^\dagger V

    V is the encoder and :math:`C_s` the correction for the syndrome s. Exact: no shots and no trajectories.
    The code pays where this channel is better than `noise` itself. The correction is taken to be perfect;
    in a machine its own gates make errors too.

    Parameters
    ----------
    code : Code
        On n qubits.
    noise : Channel
        On one qubit; it hits each of the n independently. A batch, for example of strengths, stays one.

    Returns
    -------
    Channel
        On one qubit.

    Examples
    --------
    >>> from qlearn.qubits.noise import bit_flip, bit_flip_code
    >>> logical_channel(bit_flip_code(), bit_flip(0.1)).apply([1, 0]).real.round(6)
    array([[0.972, 0.   ],
           [0.   , 0.028]])

    References
    ----------
    Rahn, Doherty and Mabuchi, Phys. Rev. A 66, 032304 (2002), arXiv:quant-ph/0111003.
    """
    if noise.n_qubits != 1:
        raise ValueError(
            f"noise must act on one qubit, and hits each of the code's; this one acts on {noise.n_qubits}"
        )
    n = code.n_qubits
    encoded = code.encode(np.eye(2))  # row i is V|i>
    units = np.einsum("ia,jb->ijab", encoded, encoded.conj())  # V|i><j|V^dagger
    units = units.reshape(4, *[1] * len(noise.shape), 1 << n, 1 << n)
    hit = noise.superoperator()
    for wire in range(n):
        units = evolve(units, hit, (wire,))
    r = len(code.stabilisers)
    syndromes = np.arange(1 << r)[:, None, None] >> np.arange(r)[::-1] & 1
    back = code.correction(syndromes).run(encoded).conj()  # [s, i] is the row <i|V^dagger C_s
    blocks = np.einsum("sax,...xy,sby->...ab", back, units, back.conj(), optimize=True)
    blocks = np.moveaxis(
        blocks.reshape(2, 2, *noise.shape, 2, 2), (0, 1), (-4, -3)
    )  # input i, j; output a, b
    return from_choi(np.einsum("...ijab->...iajb", blocks).reshape(*noise.shape, 4, 4))
