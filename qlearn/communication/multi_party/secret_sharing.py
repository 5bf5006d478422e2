"""Secret sharing: a bit that several parties hold together and no smaller group has, from pads and from GHZ states."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_choice, as_count, as_rng
from qlearn._types import Bits
from qlearn.communication.multi_party._arguments import as_parties, as_party, draw_states
from qlearn.communication.randomness import random_bits
from qlearn.qubits import Circuit, Run

_X, _Y = 1, 2


def split_secret(secret: ArrayLike, n_parties: int, rng: Any = None) -> Bits:
    r"""Split bits into shares, shape (n_parties, n), that give the secret together and nothing before.

    .. math:: s = s_1 \oplus s_2 \oplus \dots \oplus s_n

    All shares but the last are fair coins; the last is what is missing. Any n - 1 of them are uniform whatever the
    secret is. For "any k of n" there is Shamir's polynomial.

    Parameters
    ----------
    secret : array_like of 0/1, shape (n,)
        The bits.
    n_parties : int
        How many have to come together, 2 or more.
    rng : None, int or numpy.random.Generator
        The dealer's coins. For a secret that matters they come from a key store, not from a seed.

    Returns
    -------
    ndarray of uint8, shape (n_parties, n)
        One row a party.

    Examples
    --------
    >>> shares = split_secret([1, 0, 1, 1], 3, rng=1)
    >>> combine_shares(shares)
    array([1, 0, 1, 1], dtype=uint8)

    References
    ----------
    Shamir, Communications of the ACM 22, 612 (1979), doi:10.1145/359168.359176; the sum of shares is its case k = n.
    """
    bits, n = as_bits(secret, "secret"), as_count(n_parties, "n_parties", least=2)
    coins = random_bits((n - 1) * bits.size, rng=rng).reshape(n - 1, bits.size)
    return np.vstack([coins, bits ^ np.bitwise_xor.reduce(coins)])


def combine_shares(shares: ArrayLike) -> Bits:
    """Return the secret, shape (n,), of all shares: their sum modulo 2.

    Parameters
    ----------
    shares : array_like of 0/1, shape (n_parties, n)
        One row a party; one that is missing makes the result a fair coin.

    Returns
    -------
    ndarray of uint8, shape (n,)

    Examples
    --------
    >>> combine_shares([[1, 0], [1, 1], [1, 0]])
    array([1, 1], dtype=uint8)
    """
    return np.asarray(np.bitwise_xor.reduce(as_bits(shares, "shares", ndim=2)))


@dataclass(frozen=True, eq=False, repr=False)
class SharedRounds:
    """Rounds of secret sharing with GHZ states; party 0 is the dealer.

    Parameters
    ----------
    bases : ndarray of uint8, shape (n, n_parties)
        What each party measured: 1 is X, 2 is Y. Announced.
    bits : ndarray of uint8, shape (n, n_parties)
        What each party found, or said to have found. The dealer's is the secret.
    """

    bases: Bits
    bits: Bits

    def __repr__(self) -> str:
        n, parties = self.bits.shape
        return f"SharedRounds({n} rounds, {parties} parties, {self.useful.sum()} useful)"

    @property
    def useful(self) -> NDArray[np.bool_]:
        """Where the number of Y is even: there the bits have a parity; shape (n,)."""
        return _useful(self.bases)

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Of the useful rounds, where the others together do not find the dealer's bit."""
        bases, bits = self.bases[self.useful], self.bits[self.useful]
        return np.asarray(reconstruct(bits[:, 1:], bases) != bits[:, 0])

    @property
    def error(self) -> float:
        """Share of the useful rounds that are wrong; nan without one."""
        return float(self.wrong.mean()) if self.useful.any() else float("nan")

    def error_by_setting(self) -> dict[str, tuple[float, int]]:
        """Error of each useful setting, such as XYY, and the number of its rounds."""
        bases, wrong = self.bases[self.useful], self.wrong
        found = {}
        for setting in np.unique(bases, axis=0):
            here = (bases == setting).all(axis=1)
            found["".join("?XY"[basis] for basis in setting)] = (float(wrong[here].mean()), int(here.sum()))
        return found


def _useful(bases: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray((bases == _Y).sum(axis=-1) % 2 == 0)


def _as_bases(bases: ArrayLike) -> NDArray[np.uint8]:
    array = np.asarray(bases)
    if array.dtype.kind not in "ui" or not ((array == _X) | (array == _Y)).all() or array.ndim < 1:
        raise ValueError(
            "bases must be whole numbers, 1 for X and 2 for Y, one for each party on the last axis"
        )
    as_parties(array.shape[-1], "the last axis of bases")
    return array.astype(np.uint8)


def sharing_circuit(bases: ArrayLike, *, prepare: bool = True) -> Circuit[Run]:
    r"""Return rounds of secret sharing as one batched circuit, a wire and a bit for each party.

    .. math:: \prod_j \sigma_j\,|\mathrm{GHZ}\rangle = i^{k}\,|\mathrm{GHZ}\rangle
              \quad\text{for } k \text{ even}, \qquad \sigma_j \in \{X, Y\}

    with k the number of Y. To measure Y is to undo a quarter turn about Z (S†) and to measure X (H, then Z).

    Parameters
    ----------
    bases : array_like of int, shape (..., n_parties)
        1 is X, 2 is Y.
    prepare : bool
        False leaves the GHZ state out: the circuit then acts on what ``run(states)`` is given.

    Returns
    -------
    Circuit
        Bit j is that of party j.

    Examples
    --------
    >>> bits = sharing_circuit([[1, 1, 1], [1, 2, 2], [2, 1, 2], [2, 2, 1]]).run(rng=1).bits
    >>> bits.sum(axis=1) % 2
    array([0, 1, 1, 1], dtype=uint64)

    References
    ----------
    Hillery, Bužek and Berthiaume, Phys. Rev. A 59, 1829 (1999), arXiv:quant-ph/9806063, section II.
    """
    settings = _as_bases(bases)
    n: int = settings.shape[-1]
    circuit = Circuit(n, bits=n)
    if prepare:
        circuit = circuit.h(0)
        for party in range(1, n):
            circuit = circuit.cx(0, party)
    for party in range(n):
        circuit = circuit.sdg(party, where=settings[..., party] == _Y).h(party).measure(party, party)
    return circuit


def share(
    n_rounds: int,
    n_parties: int = 3,
    *,
    state: ArrayLike | None = None,
    outsider: int | None = None,
    rng: Any = None,
) -> SharedRounds:
    r"""Let a source send a GHZ state each round, and all parties measure X or Y at random.

    .. math:: b_0 = b_1 \oplus \dots \oplus b_{n-1} \oplus \tfrac k2, \qquad k = \#\{Y\} \text{ even}

    Half of the rounds are useful. In them the dealer's bit is the sum of the other bits; any group in which one party
    is missing holds fair coins. With white noise, visibility V, a share (1 - V) / 2 of the useful rounds is wrong; an
    outsider who measures one particle, X or Y at random, and sends on what he found makes 1/4 wrong.

    Parameters
    ----------
    n_rounds : int
        At least 1.
    n_parties : int
        3 to 10, the dealer included.
    state : array_like, shape (2**n_parties,) or (2**n_parties, 2**n_parties), optional
        What the source sends. None: the GHZ state.
    outsider : int, optional
        The party whose particle is measured on its way. None: nobody's.
    rng : None, int or numpy.random.Generator
        Everybody's coins.

    Returns
    -------
    SharedRounds

    Examples
    --------
    >>> rounds = share(10_000, rng=1)
    >>> rounds.error, share(10_000, outsider=1, rng=1).error > 0.2
    (0.0, True)

    References
    ----------
    Hillery, Bužek and Berthiaume, Phys. Rev. A 59, 1829 (1999), arXiv:quant-ph/9806063.
    """
    count, n = as_count(n_rounds, "n_rounds"), as_parties(n_parties)
    tapped = None if outsider is None else as_party(outsider, n, "outsider")
    generator = as_rng(rng)
    states = draw_states(state, n, (count,), generator)
    bases = (_X + random_bits(count * n, rng=generator)).reshape(count, n).astype(np.uint8)
    if tapped is not None:
        in_y = random_bits(count, rng=generator).view(bool)
        tap = Circuit(n, bits=1).sdg(tapped, where=in_y).h(tapped).measure(tapped, 0)
        states = tap.h(tapped).s(tapped, where=in_y).run(states, generator).state
    return SharedRounds(bases, sharing_circuit(bases, prepare=False).run(states, generator).bits)


def reconstruct(shares: ArrayLike, bases: ArrayLike) -> Bits:
    r"""Return the dealer's bits, shape (...), from the bits of all others and the announced bases.

    .. math:: b_0 = \bigoplus_{j \ge 1} b_j \oplus \tfrac k2

    Parameters
    ----------
    shares : array_like of 0/1, shape (..., n_parties - 1)
        The bits of all parties but the dealer.
    bases : array_like of int, shape (..., n_parties)
        1 is X, 2 is Y, the dealer's first. The number k of Y must be even.

    Returns
    -------
    ndarray of uint8, shape (...)

    Examples
    --------
    >>> reconstruct([[0, 1], [0, 1]], [[1, 1, 1], [1, 2, 2]])
    array([1, 0], dtype=uint8)
    """
    settings = _as_bases(bases)
    bits = as_bits(shares, "shares", ndim=None) if np.size(shares) else np.zeros(np.shape(shares), np.uint8)
    if bits.shape != (*settings.shape[:-1], settings.shape[-1] - 1):
        raise ValueError(
            f"shares must have one bit for each party but the dealer, shape {settings.shape[:-1]} + "
            f"({settings.shape[-1] - 1},), not {bits.shape}"
        )
    if not _useful(settings).all():
        raise ValueError("bases must have an even number of Y in each round: keep the useful rounds")
    half = (settings == _Y).sum(axis=-1) // 2 % 2
    return np.asarray(np.bitwise_xor.reduce(bits, axis=-1) ^ half, dtype=np.uint8)


@dataclass(frozen=True, eq=False, repr=False)
class Insider:
    """What a dishonest party leaves behind in test rounds, and what it knows.

    Parameters
    ----------
    rounds : SharedRounds
        The test as the dealer sees it: party 1 lies.
    guesses : ndarray of uint8, shape (n,)
        What party 1 takes the dealer's bit for.
    """

    rounds: SharedRounds
    guesses: Bits

    def __repr__(self) -> str:
        return f"Insider(error {self.rounds.error:.3g}, knows {self.knows:.3g} of the secret)"

    @property
    def knows(self) -> float:
        """Share of the useful *test* rounds in which party 1 alone has the dealer's bit; nan without one.

        Who speaks first gives it up there, with entangled fakes for a guess; in rounds that are not tested it waits,
        and knows all.
        """
        useful = self.rounds.useful
        return (
            float((self.guesses == self.rounds.bits[:, 0])[useful].mean()) if useful.any() else float("nan")
        )


_ORDERS = ("last", "after the dealer", "first")
_FAKES = ("single", "entangled")


def insider(
    n_rounds: int, n_parties: int = 3, *, speaks: str = "last", fakes: str = "single", rng: Any = None
) -> Insider:
    r"""Let party 1 keep everybody's particles but the dealer's, send out fakes, and lie in the test.

    It holds all of the GHZ state but the dealer's qubit, so it can find out the dealer's bit as soon as it knows the
    dealer's basis, without leaving the laboratory: behind the dealer's outcome s in X (or Y, after a quarter turn) its
    particles are in :math:`(|0\dots0\rangle + (-1)^s|1\dots1\rangle)/\sqrt2`. Whether the test shows it depends on
    the fakes that the others receive, and on when it has to speak.

    *Single* fakes are states X = +1 or -1, one for each.

    - *last*: it hears everything, and says the letter and the bit that fit. Error 0, and each round is useful.
    - *after the dealer*: it says the dealer's basis, and the bit that fits if all others measured X. Error
      :math:`\frac12(1-2^{-(n-3)})`: none for three parties, whose other cases are not useful.
    - *first*: it says X, and the bit that fits if all others, the dealer too, measured X. Error
      :math:`\frac12(1-2^{-(n-2)})`: 1/4 for three. (In rounds that are not tested it waits, and knows s.)

    *Entangled* fakes are all but one particle of another GHZ state. All letters are coins then, as they should be.

    - *last* and *after the dealer*: it turns the particle that it kept by what it knows, and the others have just what
      an honest source would have left them. Error 0 for every number of parties. It needs the dealer's letter and
      nothing else that was said, and its own letter is a coin: letters that are announced before the tests are drawn
      are enough for it.
    - *first*: it joins the two GHZ states by one parity. Half the time that makes the state of an honest source, else
      the error is 1/2: 1/4 for every number of parties, and no fakes that were made without the kept particles make
      less.
      Its own outcome stands as its guess; in rounds that are not tested it waits, and knows s.

    Parameters
    ----------
    n_rounds : int
        Test rounds, at least 1.
    n_parties : int
        3 to 10, the dealer included.
    speaks : {"last", "after the dealer", "first"}
        When party 1 has to say its basis and its bit.
    fakes : {"single", "entangled"}
        What it sends to the others.
    rng : None, int or numpy.random.Generator
        Everybody's coins.

    Returns
    -------
    Insider

    Examples
    --------
    >>> insider(10_000, speaks="last", rng=1)
    Insider(error 0, knows 1 of the secret)
    >>> insider(10_000, 5, speaks="after the dealer", fakes="entangled", rng=1)
    Insider(error 0, knows 1 of the secret)
    >>> insider(10_000, 5, speaks="first", fakes="entangled", rng=1).rounds.error > 0.2
    True

    References
    ----------
    Insiders who cheat unseen: Karlsson, Koashi and Imoto, Phys. Rev. A 59, 162 (1999), doi:10.1103/PhysRevA.59.162;
    Qin, Gao, Wen and Zhu, Phys. Rev. A 76, 062324 (2007), doi:10.1103/PhysRevA.76.062324. The fakes, the
    three orders and the bound 1/4 (in the chapter) are worked out here.
    """
    count, n = as_count(n_rounds, "n_rounds"), as_parties(n_parties)
    order, sent = as_choice(speaks, _ORDERS, "speaks"), as_choice(fakes, _FAKES, "fakes")
    generator = as_rng(rng)
    bases = (_X + random_bits(count * n, rng=generator)).reshape(count, n).astype(np.uint8)
    if sent == "entangled":
        return _entangled_fakes(bases, order == "first", generator)

    in_y = bases[:, 0] == _Y
    guessed_y = np.zeros(count, dtype=bool) if order == "first" else in_y
    held = Circuit(n, bits=2).sdg(0, where=in_y).h(0).measure(0, 0).s(1, where=guessed_y)
    for particle in range(2, n):
        held = held.cx(1, particle)
    found = held.h(1).measure(1, 1).run(draw_states(None, n, (count,), generator), generator).bits
    dealer, guesses = found[:, 0], found[:, 1]

    made = random_bits(count * (n - 2), rng=generator).reshape(count, n - 2)
    fake = Circuit(1, bits=1).x(0, where=made).h(0).sdg(0, where=bases[:, 2:] == _Y).h(0).measure(0, 0)
    others = fake.run(rng=generator).bits[..., 0]

    heard, supposed = (others, bases[:, 2:]) if order == "last" else (made, np.full_like(bases[:, 2:], _X))
    dealer_basis = np.where(guessed_y, _Y, _X)[:, None]
    odd = (np.hstack([dealer_basis, supposed]) == _Y).sum(axis=1) % 2
    bases[:, 1] = np.where(odd, _Y, _X)  # makes the round useful
    assumed = np.hstack([dealer_basis, bases[:, 1:2], supposed])
    half = (assumed == _Y).sum(axis=1) // 2 % 2
    said = (guesses ^ np.bitwise_xor.reduce(heard, axis=1) ^ half).astype(np.uint8)
    return Insider(SharedRounds(bases, np.column_stack([dealer, said, others])), guesses)


def _entangled_fakes(bases: NDArray[np.uint8], first: bool, rng: np.random.Generator) -> Insider:
    """Return the attack whose fakes are particles of another GHZ state; all bases are honest coins."""
    n: int = bases.shape[1]
    dealer_y, own_y = bases[:, 0] == _Y, bases[:, 1] == _Y
    # Wire 0 is the dealer's and 1 what party 1 keeps of the GHZ state: its CNOTs have freed the other particles.
    # Wire 2 is what it keeps of the second GHZ state; the others receive the rest.
    circuit = Circuit(n + 1, bits=n + 1).h(0).cx(0, 1).h(2)
    for wire in range(3, n + 1):
        circuit = circuit.cx(2, wire)
    if first:
        circuit = circuit.cx(1, 2).measure(2, 2).sdg(1, where=own_y).h(1).measure(1, 1)
        circuit = circuit.sdg(0, where=dealer_y).h(0).measure(0, 0)
    else:
        circuit = circuit.sdg(0, where=dealer_y).h(0).measure(0, 0)
        circuit = circuit.s(1, where=dealer_y).h(1).cz(1, 2).measure(1, 1)  # it reads s, and turns by (-1)^s
        circuit = circuit.sdg(2, where=dealer_y).sdg(2, where=own_y).h(2).measure(2, 2)
    for party in range(2, n):
        circuit = (
            circuit.sdg(party + 1, where=bases[:, party] == _Y).h(party + 1).measure(party + 1, party + 1)
        )
    bits = circuit.run(rng=rng).bits
    said = bits[:, [0, 1 if first else 2, *range(3, n + 1)]]
    return Insider(SharedRounds(bases, said), bits[:, 1])
