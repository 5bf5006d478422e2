"""Attacks with a memory of qubits: cloning, the entangling probe, the weak measurement; and attacks on part of the pulses."""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_probability, as_real, as_rng, read_only
from qlearn._types import Bits
from qlearn.communication.bb84.intercept_resend import partial_joint
from qlearn.communication.bb84.transmission import (
    BASES,
    TURNS,
    Attack,
    EavesdropperRecord,
    Pulses,
    is_attack,
    joint_of,
)
from qlearn.communication.eavesdropping.post_measurement_information import best_fixed_measurement
from qlearn.communication.randomness import random_bits
from qlearn.qubits import Circuit, ket, partial_trace
from qlearn.qubits.measurement import draw_outcomes
from qlearn.qubits.no_cloning import phase_covariant_cloner, universal_cloner

# Pulse and memory have met in one unitary, so the memory has at most so many dimensions that are ever filled.
_DIMENSIONS = 4
# The four states of BB84, [basis, bit]; as columns, [basis, :, bit], they are also what Bob asks.
_SENT = np.array([[ket("0"), ket("1")], [ket("+"), ket("-")]])


@dataclass(frozen=True, eq=False)
class MemoryAttack:
    r"""An attack by any circuit on pulse and fresh qubits of Eve, which she measures when the bases are out.

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
    waits_for_bases : bool
        False: she has no memory to keep. She asks at once, one fixed question; only what she makes of the
        answer waits for the announcement. It is the question with the highest guess rate, on the mean of both
        bases: :func:`~qlearn.communication.eavesdropping.best_fixed_measurement` finds it, and proves it.

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
    """

    circuit: Circuit
    waits_for_bases: bool = True

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
        if not isinstance(self.waits_for_bases, bool):
            raise TypeError(f"waits_for_bases must be True or False, not {self.waits_for_bases!r}")

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
    def measurements(self) -> NDArray[np.complex128]:
        r"""Her measurement for each announced basis, shape (basis, d, m): columns are what she asks for.

        The chance of the outcome k is :math:`\langle q_k|\rho|q_k\rangle`. If she waits the m = d columns are
        a basis; without, up to 16 shorter vectors, the same ones for Z and for X.
        """
        if self.waits_for_bases:
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
            "aik,amj,abij->abkm", bob, self.measurements.swapaxes(1, 2).conj(), pulse_and_memory
        )
        chances = np.abs(amplitudes) ** 2
        return read_only(np.asarray(chances / chances.sum(axis=(2, 3), keepdims=True)))  # rounding alone

    @cached_property
    def guesses(self) -> Bits:
        """Her better guess for each announced basis and outcome, shape (basis, m)."""
        return read_only(self.joint.sum(axis=2).argmax(axis=1).astype(np.uint8))

    def intercept(self, pulses: Pulses, rng: np.random.Generator) -> tuple[Pulses, EavesdropperRecord]:
        """Let the pulses, written in Z and X, meet her memory; her record is what it says in the end."""
        if pulses.bases.max() > BASES["X"]:
            raise ValueError(
                "pulses must be Alice's own, written in Z (0) or X (1): this Eve waits for one of these two bases "
                f"to be announced; one pulse is in basis {pulses.bases.max()}"
            )
        rng, memory = as_rng(rng), self.joint.shape[-1]
        drawn = np.empty(pulses.bits.size, dtype=np.uint16)
        case = 2 * pulses.bases + pulses.bits
        for number, chances in enumerate(self.joint.reshape(4, 1, -1)):
            here = np.flatnonzero(case == number)
            drawn[here] = draw_outcomes(chances, here.size, rng)[0]
        outcomes = (drawn % memory).astype(np.uint8)
        flown = Pulses((drawn // memory).astype(np.uint8), pulses.bases)
        guessed = self.guesses[pulses.bases, outcomes]
        touched = np.ones(pulses.bits.size, dtype=bool)
        return flown, EavesdropperRecord(touched, pulses.bases.copy(), guessed, outcomes=outcomes)


def cloning_attack(
    disturbance: float,
    cloner: Literal["phase-covariant", "universal"] = "phase-covariant",
    *,
    waits_for_bases: bool = True,
) -> MemoryAttack:
    r"""Return the attack that clones each pulse, sends one copy on and keeps the other.

    Bob's copy has the fidelity :math:`1 - D`, so she causes an error rate D in both bases. The cloner of the
    circle (four states, all that BB84 uses) leaves her with

    .. math:: P = \tfrac12 + \sqrt{D(1-D)},

    the bound of :func:`~qlearn.communication.eavesdropping.individual_guess`; the universal one, which would
    copy Y as well, with less: :math:`P = \tfrac12 + \tfrac D2 + \sqrt{\tfrac D2 (1 - \tfrac{3D}{2})}`. Asked at
    once, the first one's single qubit has no better question than the one halfway between Z and X:
    :math:`P = \tfrac12 + \sqrt{D(1-D)/2}`.

    Parameters
    ----------
    disturbance : float, 0 to 1/2
        Error rate D that she allows herself, in Z and in X alike.
    cloner : {"phase-covariant", "universal"}
        Which machine. The universal one leaves her its third wire too.
    waits_for_bases : bool
        As in :class:`MemoryAttack`.

    Returns
    -------
    MemoryAttack

    Examples
    --------
    >>> from qlearn.communication.eavesdropping import predict
    >>> {basis: round(p, 4) for basis, p in predict(cloning_attack(0.1)).guess.items()}
    {'Z': 0.8, 'X': 0.8}

    References
    ----------
    Niu and Griffiths, Phys. Rev. A 60, 2764 (1999), arXiv:quant-ph/9810008;
    Bechmann-Pasquinucci and Gisin, Phys. Rev. A 59, 4238 (1999), arXiv:quant-ph/9807041 (the universal one).
    """
    machines = {"phase-covariant": phase_covariant_cloner, "universal": universal_cloner}
    if cloner not in machines:
        raise ValueError(f'cloner must be "phase-covariant" or "universal", not {cloner!r}')
    return MemoryAttack(machines[cloner](1 - _as_disturbance(disturbance)), waits_for_bases)


def entangling_probe(disturbance: float, *, waits_for_bases: bool = True) -> MemoryAttack:
    r"""Return the attack that lets two qubits of Eve decide about an X and a Z error of each pulse, and keeps them.

    Two qubits of hers, each in :math:`\sqrt{1-D}\,|0\rangle + \sqrt{D}\,|1\rangle`, decide whether the pulse
    suffers an X, and whether it suffers a Z:

    .. math:: |\psi\rangle \;\to\; \sum_{x,z} \sqrt{p_x p_z}\; Z^z X^x |\psi\rangle\, |x z\rangle,
              \qquad p_1 = D .

    Alice and Bob see error rates D in Z and in X, as from dust on a lens. Eve guesses with
    :math:`\tfrac12 + \sqrt{D(1-D)}`, which no attack on single pulses exceeds (Fuchs et al.); and all that she
    holds together is worth :math:`h(D)` bits a pulse, which no attack at all exceeds (Shor and Preskill).
    Asked at once, her two coins tell nearly as much: 0.707 instead of 0.718 at D = 5 %.

    Parameters
    ----------
    disturbance : float, 0 to 1/2
        Error rate D in both bases.
    waits_for_bases : bool
        As in :class:`MemoryAttack`.

    Returns
    -------
    MemoryAttack

    Examples
    --------
    >>> from qlearn.communication.eavesdropping import holevo, predict
    >>> {basis: round(p, 4) for basis, p in predict(entangling_probe(0.1)).guess.items()}
    {'Z': 0.8, 'X': 0.8}
    >>> round(holevo(entangling_probe(0.11))["Z"], 4)
    0.4999

    References
    ----------
    Fuchs, Gisin, Griffiths, Niu and Peres, Phys. Rev. A 56, 1163 (1997), arXiv:quant-ph/9701039 (the bound);
    Griffiths and Niu, Phys. Rev. A 56, 1173 (1997), arXiv:quant-ph/9702015 (circuits that reach it);
    Shor and Preskill, Phys. Rev. Lett. 85, 441 (2000), arXiv:quant-ph/0003004.
    """
    coin = 2 * np.arcsin(np.sqrt(_as_disturbance(disturbance)))
    return MemoryAttack(Circuit(3).ry(coin, 1).ry(coin, 2).cx(1, 0).cz(2, 0), waits_for_bases)


def _as_disturbance(x: Any) -> float:
    return as_real(x, "disturbance", least=0, most=0.5)


def weak_measurement(disturbance: float) -> MemoryAttack:
    r"""Return the attack that measures each pulse weakly, in the basis halfway between Z and X.

    It is :func:`~qlearn.communication.eavesdropping.intercept_resend_circuit` with a weaker copy: her qubit is turned by an
    angle :math:`\pm\varphi/2` and not by a quarter, so that its two states still overlap by
    :math:`\cos\varphi = 1 - 4D`. She asks it at once. Her error rate is D in both bases, and

    .. math:: P = \tfrac12 + \sqrt{D(1-2D)},

    which no Eve without a memory exceeds in the mean of Z and X, equally likely
    (:func:`~qlearn.communication.eavesdropping.memoryless_guess`). Whoever wants one basis only needs no memory to
    reach :func:`~qlearn.communication.eavesdropping.individual_guess` in it. At D = 1/4
    the reading is complete, and the Breidbart basis of old.

    Parameters
    ----------
    disturbance : float, 0 to 1/4
        Error rate D in both bases; a complete measurement causes no more.

    Returns
    -------
    MemoryAttack
        With ``waits_for_bases=False``; waiting would tell her nothing more.

    Examples
    --------
    >>> from qlearn.communication.eavesdropping import predict
    >>> {basis: round(p, 4) for basis, p in predict(weak_measurement(0.05)).guess.items()}
    {'Z': 0.7121, 'X': 0.7121}

    References
    ----------
    Fuchs and Peres, Phys. Rev. A 53, 2038 (1996), arXiv:quant-ph/9512023 (what is learned for how much
    disturbance); Bennett et al., J. Cryptology 5, 3 (1992), doi:10.1007/BF00191318 (the basis).
    """
    angle = np.arccos(1 - 4 * as_real(disturbance, "disturbance", least=0, most=0.25))
    copy = Circuit(2).ry(-np.pi / 4, 0).ry(angle, 1).cz(0, 1).ry(np.pi / 4, 0)
    return MemoryAttack(copy, waits_for_bases=False)


def intercept_resend_circuit(basis: str) -> Circuit:
    r"""Return intercept and resend as a circuit: a CNOT, in Eve's basis, onto a qubit of hers.

    .. math:: R^\dagger_{y}\;\mathrm{CNOT}\;R_{y}

    To measure a pulse and resend what was found is to copy it, in that basis, onto a memory, and to look at
    the memory whenever one likes: every attack on a pulse is a unitary with helpers.

    Parameters
    ----------
    basis : {"Z", "X", "breidbart"}
        Eve's.

    Returns
    -------
    Circuit
        On 2 wires: the pulse and her qubit.

    Examples
    --------
    >>> intercept_resend_circuit("Z").run([0, 0, 1, 0]).real.round(3)  # |1>: the copy shows it
    array([0., 0., 0., 1.])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 4.4 (deferred measurement).
    """
    if basis not in TURNS:
        raise ValueError(f'basis must be "Z", "X" or "breidbart", not {basis!r}')
    return Circuit(2).ry(-TURNS[basis], 0).cx(0, 1).ry(TURNS[basis], 0)


@dataclass(frozen=True)
class PartialAttack:
    r"""Another attack on a fraction of the pulses, chosen at random.

    Her errors and her information both shrink in proportion:

    .. math:: e \to f\,e, \qquad I \to f\,I

    A straight line to the origin. The bounds are curved, so an attack that is best on all pulses is not best
    on some of them: whoever may cause few errors should touch every pulse gently.

    Parameters
    ----------
    attack : Attack
        What she does where she does something; it must write an :class:`~qlearn.communication.bb84.EavesdropperRecord`.
    fraction : float
        Of the pulses, 0 to 1.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> eve = PartialAttack(bb84.InterceptResend(basis="breidbart"), 0.2)
    >>> round(bb84.sift(bb84.exchange(100_000, eavesdropper=eve, rng=1)).qber, 2)
    0.05

    References
    ----------
    Bennett et al., J. Cryptology 5, 3 (1992), doi:10.1007/BF00191318.
    """

    attack: Attack
    fraction: float

    def __post_init__(self) -> None:
        as_probability(self.fraction, "fraction")
        if not is_attack(self.attack):
            raise TypeError(
                "attack must be an object with an intercept(pulses, rng) method, "
                f"such as InterceptResend(), not {self.attack!r}"
            )

    @property
    def joint(self) -> NDArray[np.float64] | None:
        """Chances of Bob's bit and her outcome, shape (basis, bit, bob, outcomes), if those of the whole attack are known."""
        whole = joint_of(self.attack)
        return None if whole is None else partial_joint(whole, self.fraction)

    def intercept(self, pulses: Pulses, rng: np.random.Generator) -> tuple[Pulses, EavesdropperRecord]:
        """Attack some of the pulses; the record has zeros, and `attacked` is False, where she did nothing."""
        n, rng = pulses.bits.size, as_rng(rng)
        attacked = random_bits(n, self.fraction, rng).view(bool)
        chosen = np.flatnonzero(attacked)
        if not chosen.size:
            nothing = np.zeros(n, dtype=np.uint8)
            return pulses, EavesdropperRecord(attacked, nothing, nothing, attacked=attacked)
        flown, notes = self.attack.intercept(Pulses(pulses.bits[chosen], pulses.bases[chosen]), rng)
        if not isinstance(notes, EavesdropperRecord):
            raise TypeError(
                "attack must note an EavesdropperRecord, so that its entries can be put where they belong, "
                f"not {type(notes).__name__}"
            )
        bits, bases = pulses.bits.copy(), pulses.bases.copy()
        bits[chosen], bases[chosen] = flown.bits, flown.bases
        columns = {}
        for name in (part.name for part in fields(notes)):
            entries = getattr(notes, name)
            columns[name] = np.zeros(n, dtype=entries.dtype)
            columns[name][chosen] = entries
        return Pulses(bits, bases), replace(notes, **columns)
