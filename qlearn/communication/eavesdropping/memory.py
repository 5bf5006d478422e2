"""The attack with a memory: Eve's qubits meet the pulse, wait, and are asked when the bases are out."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_rng, read_only
from qlearn.communication.bb84.eavesdropper import Interception
from qlearn.communication.bb84.pulses import BASES, Bits, Pulses
from qlearn.communication.eavesdropping.post_measurement_information import best_fixed_measurement
from qlearn.qubits import Circuit, ket, partial_trace

# Pulse and memory have met in one unitary, so the memory has at most so many dimensions that are ever filled.
_DIMENSIONS = 4
# The four states of BB84, [basis, bit]; as columns, [basis, :, bit], they are also what Bob asks.
_SENT = np.array([[ket("0"), ket("1")], [ket("+"), ket("-")]])


@dataclass(frozen=True, eq=False)
class Recollection(Interception):
    """Eve's notebook when she has kept a memory: one line a pulse.

    Parameters
    ----------
    touched : ndarray of bool, shape (n,)
        The pulses that met her memory.
    bases : ndarray of uint8, shape (n,)
        Alice's basis, once it is announced.
    bits : ndarray of uint8, shape (n,)
        Her best guess at Alice's bit.
    outcomes : ndarray of uint8, shape (n,)
        Number of the outcome that her memory gave. It says more than the guess: also how good the guess is.

    Taught in :doc:`/communication/eavesdropping`.
    """

    outcomes: Bits


@dataclass(frozen=True, eq=False)
class MemoryAttack:
    r"""Eve lets each pulse meet fresh qubits of hers, sends it on, and asks her qubits when the bases are out.

    .. math:: |\psi\rangle_B |0\cdots0\rangle_E \;\to\; U\,|\psi\rangle_B|0\cdots0\rangle_E

    The same U for every pulse: she does not know what flies by. When Alice's basis is announced, her memory
    holds one of two states :math:`\rho_0, \rho_1`, and she asks whatever tells them apart best: the
    eigenvectors of :math:`\rho_0 - \rho_1` (Helstrom): best for her guess, though another question may yield
    a little more information. Any unitary is allowed; this class is all attacks on single pulses that pass a
    qubit on to Bob.

    How a pulse that is entangled with Eve becomes :class:`~qlearn.communication.bb84.Pulses` again: Bob's
    measurement and hers act on different qubits, so their order does not matter, and in every round that is
    sifted Bob asks in Alice's basis. The simulation draws his outcome and hers together from the joint state
    and lets the pulse carry his, written in Alice's basis. That is exact, with all correlations, for all that
    is sifted. In the rounds that are dropped Bob reads a coin, which is exact for the clones and the entangling
    probe (they shrink all four states alike). For other circuits what he reads there is not simulated, and there
    the dropped rounds may tell of her.

    Parameters
    ----------
    circuit : Circuit
        What happens to the pulse (wire 0) and her memory (the other wires, at first in 0). No measurements,
        no batch, at most 8 wires of memory.
    patient : bool
        False: she has no memory to keep. She asks at once, one fixed question; only what she makes of the
        answer waits for the announcement. It is the question with the highest guess rate, on the mean of both
        bases: :func:`~qlearn.communication.eavesdropping.best_fixed_measurement` finds it, and proves it.

    Raises
    ------
    ValueError, TypeError
        If `circuit` is no such circuit or `patient` no bool.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> spy = MemoryAttack(Circuit(2).cx(0, 1))  # copies Z, and spoils X
    >>> keys = bb84.sift(bb84.exchange(100_000, eavesdropper=spy, rng=1))
    >>> {basis: round(e, 2) for basis, e in keys.qber_by_basis.items()}
    {'Z': 0.0, 'X': 0.5}

    References
    ----------
    Fuchs, Gisin, Griffiths, Niu and Peres, Phys. Rev. A 56, 1163 (1997), arXiv:quant-ph/9701039;
    Ballester, Wehner and Winter, IEEE Trans. Inf. Theory 54, 4183 (2008), arXiv:quant-ph/0608014 (no memory).

    Taught in :doc:`/communication/eavesdropping`.
    """

    circuit: Circuit
    patient: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.circuit, Circuit):
            raise TypeError(f"circuit must be a Circuit, not {type(self.circuit).__name__}")
        if not 2 <= self.circuit.n_qubits <= 9:
            raise ValueError(
                "circuit must have 2 to 9 wires: 0 for the pulse, and 1 to 8 for her memory, "
                f"not {self.circuit.n_qubits}"
            )
        if self.circuit.bits or self.circuit.shape:
            raise ValueError(
                "circuit must be one circuit without measurements: her memory is asked later; "
                "circuit.at(i) takes one out of a batch"
            )
        if not isinstance(self.patient, bool):
            raise TypeError(f"patient must be True or False, not {self.patient!r}")

    @cached_property
    def states(self) -> NDArray[np.complex128]:
        """States of pulse and memory, shape (basis, bit, 2**n), for the four pulses that Alice may send."""
        start = np.zeros((2, 2, 1 << self.circuit.n_qubits), dtype=np.complex128)
        start[..., :: 1 << (self.circuit.n_qubits - 1)] = _SENT
        states: NDArray[np.complex128] = self.circuit.run(start)
        return read_only(states)

    @cached_property
    def memories(self) -> NDArray[np.complex128]:
        """What she is left with, shape (basis, bit, d, d): density matrices of her memory."""
        return read_only(partial_trace(self.states, range(1, self.circuit.n_qubits)))

    @cached_property
    def questions(self) -> NDArray[np.complex128]:
        r"""Her measurement for each announced basis, shape (basis, d, m): columns are what she asks for.

        The chance of the outcome k is :math:`\langle q_k|\rho|q_k\rangle`. With patience the m = d columns are
        a basis; without, up to 16 shorter vectors, the same ones for Z and for X.
        """
        if self.patient:
            return read_only(np.linalg.eigh(self.memories[:, 0] - self.memories[:, 1])[1])
        effects = best_fixed_measurement(self.memories).effects
        values, axes = np.linalg.eigh(effects.reshape(4, *effects.shape[2:]))
        pieces = (axes * np.sqrt(values.clip(0))[:, None])[..., -_DIMENSIONS:]
        return read_only(np.stack([np.concatenate(list(pieces), axis=1)] * 2))

    @cached_property
    def joint(self) -> NDArray[np.float64]:
        """Chances of Bob's bit and her outcome in a sifted round, shape (basis, bit, bob, m)."""
        pulse_and_memory = self.states.reshape(2, 2, 2, -1)
        bob = _SENT.swapaxes(1, 2).conj()
        amplitudes = np.einsum(
            "aik,amj,abij->abkm", bob, self.questions.swapaxes(1, 2).conj(), pulse_and_memory
        )
        chances = np.abs(amplitudes) ** 2
        return read_only(np.asarray(chances / chances.sum(axis=(2, 3), keepdims=True)))  # rounding alone

    @cached_property
    def guesses(self) -> Bits:
        """Her better guess for each announced basis and outcome, shape (basis, m)."""
        return read_only(self.joint.sum(axis=2).argmax(axis=1).astype(np.uint8))

    def intercept(self, pulses: Pulses, rng: np.random.Generator) -> tuple[Pulses, Recollection]:
        """Let the pulses meet her memory.

        Parameters
        ----------
        pulses : Pulses
            What Alice sent, n pulses in Z and X.
        rng : numpy.random.Generator
            Nature's coins.

        Returns
        -------
        Pulses
            What goes on to Bob.
        Recollection
            What her memory says in the end.

        Raises
        ------
        ValueError
            If a pulse is written in another basis than Z and X.
        """
        if pulses.bases.max() > BASES["X"]:
            raise ValueError(
                "pulses must be Alice's own, written in Z (0) or X (1): this Eve waits for one of these two bases "
                f"to be announced; one pulse is in basis {pulses.bases.max()}"
            )
        rng, memory = as_rng(rng), self.joint.shape[-1]
        drawn = np.empty(pulses.bits.size, dtype=np.uint16)
        case = 2 * pulses.bases + pulses.bits
        for number, chances in enumerate(self.joint.reshape(4, -1)):
            here = np.flatnonzero(case == number)
            # The last limit is put to 1, so that rounding leaves no draw beyond the last outcome.
            drawn[here] = np.searchsorted(chances[:-1].cumsum(), rng.random(here.size), side="right")
        outcomes = (drawn % memory).astype(np.uint8)
        flown = Pulses((drawn // memory).astype(np.uint8), pulses.bases)
        guessed = self.guesses[pulses.bases, outcomes]
        touched = np.ones(pulses.bits.size, dtype=bool)
        return flown, Recollection(touched, pulses.bases.copy(), guessed, outcomes)
