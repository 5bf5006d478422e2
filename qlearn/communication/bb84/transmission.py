"""The transmission: pulses from Alice to Bob, through Eve's hands, noise and loss, and bits that are used up once."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from inspect import getattr_static
from threading import Lock
from typing import Any, Literal, Protocol, get_args
from uuid import uuid4
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import (
    as_columns,
    as_count,
    as_probability,
    as_real,
    as_rng,
    read_only,
    same_columns,
    same_length,
)
from qlearn._types import Bits
from qlearn.communication.randomness import random_bits

BASES = {"Z": 0, "X": 1, "Y": 2, "breidbart": 3}
"""The number that stands for a basis; "breidbart" lies halfway between Z and X."""

DIRECTIONS = read_only(np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0], [1 / np.sqrt(2), 0, 1 / np.sqrt(2)]]))
"""Where bit 0 of each basis points on the Bloch sphere (x, y, z); bit 1 points the other way."""

FLIPS = read_only((1 - DIRECTIONS @ DIRECTIONS.T) / 2)
"""Chance that a bit written in one basis and read in another comes out flipped, shape (written, read)."""

TURNS = {basis: float(np.arctan2(x, z)) for basis, (x, y, z) in zip(BASES, DIRECTIONS, strict=True) if not y}
"""By which angle about the y axis Z is turned into a basis: those that intercept and resend may measure in."""

Light = Literal["single photons", "laser pulses"]

_LOCK = Lock()

_DERIVED: Any = None  # a field that __post_init__ fills


@dataclass(frozen=True, eq=False)
class Pulses:
    r"""Qubits on their way, each one bit written in one basis.

    Written in Z a bit is :math:`|0\rangle` or :math:`|1\rangle`, in X :math:`|+\rangle` or :math:`|-\rangle`.

    Parameters
    ----------
    bits : ndarray of uint8, shape (n,)
        What is written.
    bases : ndarray of uint8, shape (n,)
        How: the numbers of :data:`BASES`.
    """

    bits: Bits
    bases: Bits

    def __post_init__(self) -> None:
        _refuse_unless_small(self.bits, "bits", most=1)
        _refuse_unless_small(self.bases, "bases", most=len(BASES) - 1)
        same_length(self.bits, self.bases, "bits and bases")

    def __repr__(self) -> str:
        return f"Pulses({self.bits.size:,} of them)"


def measure_pulses(pulses: Pulses, bases: Bits, rng: Any = None) -> Bits:
    r"""Measure each pulse in a basis.

    The outcome is the written bit, flipped with the probability that the Born rule gives. With
    :math:`\vec a` and :math:`\vec b` for the directions of bit 0 in the two bases,

    .. math:: P(\text{flip}) = |\langle 0_b | 1_a \rangle|^2 = \frac{1 - \vec a \cdot \vec b}{2} :

    never in the same basis, a fair coin between Z and X, :math:`\sin^2(\pi/8) = 0.146` between either of them
    and the Breidbart basis. The bit written counts only through the pulse: this function is all that an
    outcome, Bob's or Eve's, ever depends on.

    Parameters
    ----------
    pulses : Pulses
        n of them.
    bases : ndarray of uint8, shape (n,)
        Basis to read each of them in, the numbers of :data:`BASES`.
    rng : None, int or numpy.random.Generator
        Nature's coins.

    Returns
    -------
    ndarray of uint8, shape (n,)
        Outcomes.

    Examples
    --------
    >>> written = Pulses(np.array([0, 1, 0, 1], dtype=np.uint8), np.array([0, 0, 1, 1], dtype=np.uint8))
    >>> measure_pulses(written, written.bases)
    array([0, 1, 0, 1], dtype=uint8)
    """
    rng = as_rng(rng)
    _refuse_unless_small(bases, "bases", most=len(BASES) - 1)
    same_length(pulses.bits, bases, "pulses and bases")
    if max(pulses.bases.max(), bases.max()) <= BASES["X"]:
        # Z and X alone: a coin where the bases differ. The whole speed of the module is this line.
        flips = (pulses.bases ^ bases) & random_bits(bases.size, rng=rng)
    else:
        flips = (rng.random(bases.size) < FLIPS[pulses.bases, bases]).view(np.uint8)
    outcomes: Bits = pulses.bits ^ flips
    return outcomes


def _refuse_unless_small(array: Any, name: str, *, most: int) -> None:
    """Refuse what is not a uint8 array of the numbers 0 to `most`, one a pulse."""
    if not (isinstance(array, np.ndarray) and array.dtype == np.uint8 and array.ndim == 1):
        raise TypeError(
            f"{name} must be a uint8 array of one axis, not {array!r}: np.array([0, 1], dtype=np.uint8)"
        )
    if not array.size or array.max() > most:
        raise ValueError(f"{name} must be numbers from 0 to {most}, one for each pulse, not {array}")


@dataclass(frozen=True, eq=False, repr=False)
class EavesdropperRecord:
    """Eve's notes, one entry a pulse: which pulses she measured, in which basis, and her guess at Alice's bit.

    Every field is an array of length n, also those that a subclass adds:
    :class:`~qlearn.communication.eavesdropping.PartialAttack` puts the entries of all of them where they belong.

    Parameters
    ----------
    touched : ndarray of bool, shape (n,)
        The pulses she measured, or let meet her memory.
    bases : ndarray of uint8, shape (n,)
        The basis she measured in, the numbers of :data:`~qlearn.communication.bb84.BASES`; Alice's, where she
        waited for its announcement.
    bits : ndarray of uint8, shape (n,)
        Her best guess at Alice's bit. 0 where she did not look, as good a guess as any.
    outcomes : ndarray of uint8, shape (n,), optional
        Number of the outcome that she found, where it says more than the guess: also how good the guess is.
        None: `bits` as they are when the record is made.
    attacked : ndarray of bool, shape (n,), optional
        The pulses for which she did something, if that were not all: she may attack a pulse's bit and leave the
        pulse untouched, as in :class:`~qlearn.communication.eavesdropping.TrojanHorse`. None: all.
    """

    touched: NDArray[np.bool_]
    bases: Bits
    bits: Bits
    outcomes: Bits = field(default=_DERIVED, kw_only=True)
    attacked: NDArray[np.bool_] = field(default=_DERIVED, kw_only=True)

    def __post_init__(self) -> None:
        derived = {"outcomes": self.bits, "attacked": np.broadcast_to(np.True_, np.shape(self.touched))}
        for name, column in derived.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, column)
        same_columns(**{part.name: getattr(self, part.name) for part in fields(self)})

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.touched.size} pulses, {np.count_nonzero(self.touched)} touched)"


class Attack(Protocol):
    """What Eve does to the pulses on the line, and what she knows of a sifted bit in the end.

    :func:`~qlearn.communication.bb84.exchange` asks for `intercept` alone, so that any object with this method is
    an attack. :func:`~qlearn.communication.eavesdropping.predict` asks for `joint`. An attack that does not have it,
    or has None, as a subclass does that defines none, can still be counted by
    :func:`~qlearn.communication.eavesdropping.observe`.
    """

    @property
    def joint(self) -> NDArray[np.float64] | None:
        """Chances of Bob's bit and Eve's outcome in a sifted round, shape (basis, bit, bob, outcomes), or None.

        Alice's bases are Z and X. The chances sum to 1 for each basis and bit of hers; Bob reads in her basis.
        """
        return None

    def intercept(self, pulses: Pulses, rng: np.random.Generator) -> tuple[Pulses, EavesdropperRecord | None]:
        """Return the pulses that go on to Bob, one for each, and Eve's record: every field of it an array of length n.

        It gets the pulses before Bob has chosen a basis, and coins that are nobody else's. An honest one looks at
        them only through :func:`~qlearn.communication.bb84.measure_pulses`, which measures.
        """
        ...


def joint_of(attack: Any) -> NDArray[np.float64] | None:
    """Return the joint distribution of an attack, or None where it has none: an error within it is an error."""
    return None if getattr_static(attack, "joint", None) is None else attack.joint


def is_attack(x: Any) -> bool:
    """Tell whether `x` is an object, and not a class, with an `intercept` method."""
    return callable(getattr(x, "intercept", None)) and not isinstance(x, type)


class Origin:
    """What sifted bits and their transmission have in common: they are used up together.

    A session that makes a key of bits speaks about them in public, and what was said cannot be taken back. So
    whatever has the same origin (a transmission, the keys sifted from it, copies and pickles of either) goes into one
    session or one estimate, once, and never into a second one. That reaches as far as this process: what another one
    inherits, or opens from a pickle, does not know what becomes of it here. An object that is made by hand from arrays is
    what its maker says it is: fresh bits of single photons, unless it is given another origin. And what is said by hand
    of the *arrays* (by ``reconcile``, ``verify``, ``amplify``) is not noticed here: do not give such bits to a session.

    Parameters
    ----------
    light : {"single photons", "laser pulses"}
        What carried the bits. A laser pulse may hold two photons, of which Eve keeps one: its bits are worth less.
    spent : str
        What a session has said about them in public, or empty: they are fresh.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> sent = bb84.exchange(100, rng=1)
    >>> bb84.sift(sent).origin is sent.origin
    True
    """

    def __init__(self, light: Light = "single photons", spent: str = "") -> None:
        if light not in get_args(Light):
            raise ValueError(f"light must be one of {', '.join(get_args(Light))}, not {light!r}")
        self.light: Light = light
        self._id = uuid4().hex
        self.spent = spent
        _ALIVE[self._id] = self

    def __repr__(self) -> str:
        return f"Origin(light={self.light!r}, spent={self.spent!r})"

    @property
    def spent(self) -> str:
        """What was said about the bits in public, or empty: they are fresh."""
        return _SPENT.get(self._id, "")

    @spent.setter
    def spent(self, words: str) -> None:
        if not isinstance(words, str):
            raise TypeError(f"spent must be words, empty for fresh bits, not {words!r}")
        if words:
            _SPENT[self._id] = words
        else:
            _SPENT.pop(self._id, None)

    def __copy__(self) -> "Origin":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Origin":
        return self  # a copy of the bits is no second set of bits

    def __reduce__(self) -> tuple[Any, ...]:
        return _opened, (self.light, self.spent, self._id)

    def claim(self, words: str = "it has not ended yet") -> None:
        """Take the bits for what begins now: nobody else gets them, unless nothing is said about them."""
        with _LOCK:
            self.refuse_if_spent()
            self.spent = words

    def refuse_if_spent(self) -> None:
        """Raise a ValueError that says what was given away, unless the bits are fresh."""
        if self.spent:
            raise ValueError(
                f"these bits were used up by an earlier session: {self.spent}. Whatever it gave away would be missing "
                "from the bill of a second one. Send new pulses"
            )

    def refuse_if_among(self, taken: Iterable["Origin"]) -> None:
        """Raise a ValueError if a session that is going on has taken these bits already."""
        if any(self is one for one in taken):
            raise ValueError(
                "these bits are in this session already: what is sent twice into one key makes it seem twice as long as "
                "what is secret of it. Give each transmission once"
            )


_ALIVE: WeakValueDictionary[str, Origin] = WeakValueDictionary()
_SPENT: dict[str, str] = {}
"""What was said of which bits. It outlives them: a pickle of theirs may still be opened."""


def _opened(light: Light, spent: str, number: str) -> Origin:
    """Open a pickle: the origin that it was made of, or another one of the same bits, spent if they are."""
    with _LOCK:
        if (alive := _ALIVE.get(number)) is not None:
            return alive
        again = Origin(light)
        again._id, _ALIVE[number] = number, again
        again.spent = _SPENT.get(number) or spent
        return again


def as_origin(x: Any) -> Origin:
    """Return `x` if it is an origin."""
    if not isinstance(x, Origin):
        raise TypeError(f"origin must be an Origin, as the transmission has it, not {x!r}")
    return x


@dataclass(frozen=True, eq=False, repr=False)
class Transmission:
    """Bits, bases and detections of n pulses: all that Alice and Bob have before they speak.

    Parameters
    ----------
    alice_bits, alice_bases : ndarray of uint8, shape (n,)
        What Alice wrote, and how: 0 = Z, 1 = X.
    bob_bits, bob_bases : ndarray of uint8, shape (n,)
        What Bob read, and how. His bit is 0 and means nothing where no pulse was detected.
    detected : ndarray of bool, shape (n,)
        Where a pulse survived the loss and Bob's detector clicked.
    eve : object
        What the eavesdropper wrote down (an :class:`~qlearn.communication.bb84.EavesdropperRecord`), or None. For
        lessons about her; neither Alice nor Bob has it, and no later step reads it.
    origin : Origin
        What light it was, and whether a session has used the bits up.
    """

    alice_bits: Bits
    alice_bases: Bits
    bob_bits: Bits
    bob_bases: Bits
    detected: NDArray[np.bool_]
    eve: Any = None
    origin: Origin = field(default_factory=Origin)

    def __post_init__(self) -> None:
        names = ("alice_bits", "alice_bases", "bob_bits", "bob_bases", "detected")
        columns = as_columns(**{name: getattr(self, name) for name in names})
        as_origin(self.origin)
        for name, column in zip(
            names, columns, strict=True
        ):  # other bits are other bits, with an origin of their own
            object.__setattr__(self, name, read_only(column.view(bool) if name == "detected" else column))

    def __repr__(self) -> str:
        seen = int(np.count_nonzero(self.detected))
        return f"Transmission({self.detected.size:,} pulses, {seen:,} detected; {self.origin.light})"

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Mask of the pulses that sifting keeps, from what is said in public: bases and clicks."""
        return np.equal(self.alice_bases, self.bob_bases) & self.detected


def exchange(
    n_pulses: int,
    *,
    noise: float = 0.0,
    loss_db: float = 0.0,
    eavesdropper: Attack | None = None,
    p_x: float = 0.5,
    rng: Any = None,
) -> Transmission:
    r"""Send BB84 pulses from Alice to Bob.

    Alice writes random bits in random bases; Eve, if there is one, has the pulses first; on the way to Bob a
    pulse suffers a Pauli Y with probability `noise` (it flips the bit in Z and in X alike) and arrives with
    probability :math:`10^{-\text{loss}/10}`; Bob reads in random bases. Where the bases agree, an
    eavesdropper who causes errors :math:`q` and noise :math:`e` make together

    .. math:: \mathrm{QBER} = e\,(1-q) + q\,(1-e).

    Parameters
    ----------
    n_pulses : int
        At least 1. Five arrays of this many bytes are returned: beyond some 10**7 use
        :func:`~qlearn.communication.bb84.stream`.
    noise : float
        Error rate that the line causes in matching bases, 0 to 1, the same in both.
    loss_db : float
        Loss from Alice to Bob's click in dB, at least 0: 3 dB loses half of the pulses, 10 dB nine in ten.
    eavesdropper : Attack, optional
        For example :class:`~qlearn.communication.bb84.InterceptResend`. None: nobody listens.
    p_x : float
        Chance that a pulse is written, and that it is read, in X. The bases agree with probability
        :math:`p_x^2 + (1-p_x)^2`.
    rng : None, int or numpy.random.Generator
        Everybody's coins; a given Generator is used, not copied. Eve gets one of her own, seeded from it.

    Returns
    -------
    Transmission

    Examples
    --------
    >>> sent = exchange(1000, rng=1)
    >>> same = sent.alice_bases == sent.bob_bases
    >>> (sent.alice_bits[same] == sent.bob_bits[same]).all()
    np.True_

    References
    ----------
    Bennett and Brassard, "Quantum cryptography: public key distribution and coin tossing", 1984,
    reprinted as arXiv:2003.06557, section III.
    """
    n, rng = as_count(n_pulses, "n_pulses"), as_rng(rng)
    line = checked_line(noise=noise, loss_db=loss_db, eavesdropper=eavesdropper, p_x=p_x)
    noise, loss_db, p_x = line["noise"], line["loss_db"], line["p_x"]

    sent = Pulses(random_bits(n, rng=rng), random_bits(n, p_x, rng))
    flying, notes = (
        (sent, None) if eavesdropper is None else _pass_through_eavesdropper(sent, eavesdropper, rng)
    )
    arriving = Pulses(flying.bits ^ random_bits(n, noise, rng), flying.bases)
    bob_bases = random_bits(n, p_x, rng)
    detected = random_bits(n, 10 ** (-loss_db / 10), rng)
    bob_bits = measure_pulses(arriving, bob_bases, rng) & detected
    return Transmission(sent.bits, sent.bases, bob_bits, bob_bases, detected.view(bool), notes)


def _pass_through_eavesdropper(
    sent: Pulses, eavesdropper: Attack, rng: np.random.Generator
) -> tuple[Pulses, Any]:
    """Let Eve have the pulses, and refuse what cannot fly on from her."""
    # What Alice wrote down stays what it was, whatever Eve does to the pulses: she cannot write in it.
    # Coins of her own: whoever held a copy of the common generator would know what Bob is going to throw.
    hers = np.random.default_rng(rng.integers(2**32, size=8))
    answer = eavesdropper.intercept(Pulses(read_only(sent.bits), read_only(sent.bases)), hers)
    if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], Pulses)):
        raise TypeError(
            "eavesdropper must return (pulses, notes) from intercept: the Pulses that go on to Bob, "
            f"and what Eve wrote down, not {answer!r}"
        )
    n, passed = sent.bits.size, answer[0].bits.size
    if passed != n:
        raise ValueError(f"eavesdropper must pass on one pulse for each of the {n} it got, not {passed}")
    return answer


def checked_line(*, noise: float, loss_db: float, eavesdropper: Attack | None, p_x: float) -> dict[str, Any]:
    """Return the keywords of a line between Alice and Bob, checked."""
    if eavesdropper is not None and not is_attack(eavesdropper):
        raise TypeError(
            "eavesdropper must be None or an object with an intercept(pulses, rng) method, "
            f"such as InterceptResend(), not {eavesdropper!r}"
        )
    return {
        "noise": as_probability(noise, "noise"),
        "loss_db": as_real(loss_db, "loss_db", least=0),
        "eavesdropper": eavesdropper,
        "p_x": as_probability(p_x, "p_x"),
    }
