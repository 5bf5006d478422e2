"""The protocol: two parties, one public line, and what it cost."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_rng, same_length
from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.coins import coins
from qlearn.communication.postprocessing.channel import ChannelError, NoKey, PublicChannel
from qlearn.communication.postprocessing.conversation import Hear, Say, Turn, converse, packed_size
from qlearn.communication.postprocessing.reconciliation.ldpc.adaptation import Adaptation, adapt
from qlearn.communication.postprocessing.reconciliation.ldpc.alice import Alice
from qlearn.communication.postprocessing.reconciliation.ldpc.bob import Bob
from qlearn.communication.postprocessing.reconciliation.reconciled import Corrected, Reconciled, Reconciler
from qlearn.communication.postprocessing.verification import verify

STEP = "reconcile"
FRAME = 1 << 14
_SEED = 16
# Bob asks for so many bits first, of those that the syndrome told, and for more and more where that fails.
_FIRST_ASKED, _MORE_ASKED, _MOST_ASKED = 0.02, 1.3, 16


def ldpc(
    alice: ArrayLike,
    bob: ArrayLike,
    qber: float,
    *,
    rng: Any = None,
    frame: int = FRAME,
    channel: PublicChannel | None = None,
) -> Reconciled:
    """Correct Bob's key by the syndrome of an LDPC code, and verify every frame of it.

    Parameters
    ----------
    alice, bob : array_like of 0/1, shape (n,)
        Their keys, of at least 256 bits.
    qber : float
        Estimated error rate.
    rng : None, int or numpy.random.Generator
        Draws the public seeds, and Alice's coins.
    frame : int
        The most bits a frame may have.
    channel : PublicChannel, optional
        Where they speak. None: a line of their own.

    Returns
    -------
    Reconciled
        Both keys, `verified` if all tags agree. If it is False they are no keys.

    Raises
    ------
    ValueError, TypeError, ChannelError
        As ``reconciliation.ldpc.correct``, whose docstring says how it works.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> alice = rng.integers(0, 2, 10_000, dtype=np.uint8)
    >>> keys = ldpc(alice, alice ^ (rng.random(10_000) < 0.03), 0.03, rng=2)
    >>> keys.verified, bool((keys.alice == keys.bob).all()), round(keys.efficiency(0.03), 1)
    (True, True, 1.2)

    Taught in :doc:`/communication/secret_key`.
    """
    channel, rng = PublicChannel() if channel is None else channel, as_rng(rng)
    done = correct(alice, bob, qber, channel=channel, rng=rng, frame=frame)
    hers = as_bits(alice, "alice")
    same = verify(hers, done.bob, done.frame, channel=channel, rng=rng)
    return Reconciled(hers, done.bob, done.disclosed, done.rounds, bool(same.all()), done.frame)


def correct(
    alice: ArrayLike,
    bob: ArrayLike,
    qber: float,
    *,
    channel: PublicChannel | None = None,
    rng: Any = None,
    frame: int = FRAME,
    most: int | None = None,
) -> Corrected:
    r"""Correct Bob's key by the syndrome of an LDPC code, frame by frame, and count what it cost.

    Alice's frame :math:`x` and Bob's :math:`y = x + e` differ by few errors :math:`e`. She tells the parities
    :math:`H x` of a code fitted to the error rate (:func:`adapt`), he subtracts his own,

    .. math:: H x + H y = H e \pmod 2

    and belief propagation finds the likeliest few errors with these parities. Where it finds none he asks for
    the bits it is least certain of, the coins in punctured variables among them, and tries again. Each is one
    bit more that was disclosed. Most frames need the one message.

    Parameters
    ----------
    alice, bob : array_like of 0/1, shape (n,)
        Their keys, of at least 256 bits.
    qber : float
        Estimated error rate. If there are up to twice as many errors, the frames cost more and are corrected;
        with many more they fail.
    channel : PublicChannel, optional
        Where they speak. None: a line of their own.
    rng : None, int or numpy.random.Generator
        Draws the public seed that says which bit goes where, and Alice's coins.
    frame : int
        The most bits a frame may have; the key is cut into frames of one size, of which the last may be
        shorter.
    most : int, optional
        The most bits that may be given away. Alice stops before she says more. None: as many as it takes.

    Returns
    -------
    Corrected
        Bob's key, not yet verified: belief propagation may find errors that have the right parities and are
        not the right ones, or none after all that was told.

    Raises
    ------
    ValueError, TypeError
        If the keys are not binary, not of one length or too short, or the error rate leaves nothing to keep.
    NoKey
        If the line fails, or somebody altered the conversation so that it makes no sense, or more than `most` would
        have to be said.

    Notes
    -----
    A punctured frame's syndrome has `checks` bits, of which one for each coin is perfectly hidden by it, as no
    two coins stand in one check: `checks - punctured` are counted. A coin that is told later counts as one bit,
    like a bit of the key.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> alice = rng.integers(0, 2, 20_000, dtype=np.uint8)
    >>> bob = alice ^ (rng.random(20_000) < 0.05)
    >>> done = correct(alice, bob, 0.05, rng=2)
    >>> bool((done.bob == alice).all()), done.frame, done.disclosed < 1.25 * 20_000 * 0.2864
    (True, 10000, True)

    References
    ----------
    Elkouss et al., 2009, arXiv:0901.2140 (the codes) and 2010, arXiv:1006.2660 (puncturing and shortening).
    Kiktenko et al., 2016, arXiv:1612.03673 (asking for the least certain bits).

    Taught in :doc:`/communication/secret_key`.
    """
    alice, bob = as_bits(alice, "alice"), as_bits(bob, "bob")
    same_length(alice, bob, "alice and bob")
    adapt(alice.size, qber, frame)
    channel = PublicChannel() if channel is None else channel
    rounds = channel.rounds
    (disclosed, length), (key, _, _) = converse(
        channel,
        correct_as_alice(alice, qber, most=most, rng=as_rng(rng), frame=frame),
        correct_as_bob(bob, frame=frame),
    )
    return Corrected(key, disclosed, channel.rounds - rounds, length)


def correct_as_alice(
    key: Bits,
    qber: float,
    *,
    worst: float | None = None,
    most: int | None = None,
    rng: np.random.Generator,
    frame: int = FRAME,
) -> Turn[tuple[int, int]]:
    """Say the error rate to expect, a seed and the syndromes of her key, and then the bits that she is asked for."""
    fit = _adapted(key.size, qber, frame)
    seed = rng.integers(0, 256, _SEED, dtype=np.uint8)
    hers = Alice(fit.code, _punctured(_placed(key, fit, seed), fit, rng))
    told = fit.frames * fit.disclosed
    _stop_beyond(told, most)
    yield Say(STEP, np.concatenate([np.array([qber], dtype="<f8").view(np.uint8), seed]))
    yield Say(STEP, hers.syndromes(), disclosed=told)
    while (request := (yield Hear(STEP, most=4 * fit.frames * fit.code.variables))).size:
        answer, bits = hers.answer(request)
        told += bits
        _stop_beyond(told, most)
        yield Say(STEP, answer, disclosed=bits)
    return told, fit.bits


def correct_as_bob(
    key: Bits, qber: float, *, worst: float | None = None, frame: int = FRAME
) -> Turn[tuple[Bits, int, int]]:
    """Hear the syndromes, find the errors that explain them, and ask for bits where that fails."""
    heard = yield Hear(STEP, 8 + _SEED)
    qber, seed = float(heard[:8].view("<f8")[0]), heard[8:]
    if not 0 <= qber <= 0.5:
        raise ChannelError(STEP, f"Alice announced an error rate of {qber:g}: somebody altered it")
    fit = _adapted(key.size, qber, frame)
    doubt = _placed(np.ones_like(key), fit, seed) * np.float64(fit.qber)
    doubt[:, fit.code.untainted[: fit.punctured]] = 0.5
    his = Bob(fit.code, _placed(key, fit, seed), doubt)
    his.hear((yield Hear(STEP, packed_size(fit.frames * fit.code.checks))))
    told = fit.frames * fit.disclosed
    for attempt in range(_MOST_ASKED + 1):
        places = his.decode(int(_FIRST_ASKED * _MORE_ASKED**attempt * fit.disclosed) + 1)
        if not places.size or attempt == _MOST_ASKED:
            break
        told += places.size
        yield Say(STEP, places.astype("<u4").view(np.uint8))
        his.learn(places, (yield Hear(STEP, packed_size(places.size))))
    yield Say(STEP, np.zeros(0, dtype=np.uint8))  # no more questions
    return his.words[:, _places(fit, seed)].ravel()[: key.size], told, fit.bits


LDPC = Reconciler(correct_as_alice, correct_as_bob)


def _adapted(n: int, qber: float, frame: int) -> Adaptation:
    """Choose the code that both choose; where none fits, that is no fault of the arguments any more."""
    try:
        return adapt(n, qber, frame)
    except ValueError as error:
        raise NoKey(STEP, str(error)) from None


def _stop_beyond(told: int, most: int | None) -> None:
    if most is not None and told > most:
        raise NoKey(
            STEP, f"more was said than is secret: the next answer would make it {told:,} bits of {most:,}"
        )


def _places(fit: Adaptation, seed: Bits) -> NDArray[np.int64]:
    """Return the variables where the bits of a frame stand, the same for everybody who knows the public seed."""
    free = np.setdiff1d(np.arange(fit.code.variables), fit.code.untainted[: fit.punctured])
    return np.random.default_rng(seed).permutation(free)[: fit.bits]


def _placed(key: Bits, fit: Adaptation, seed: Bits) -> Bits:
    """Cut a key into frames, the last one filled up with zeros, and put each into a word of zeros."""
    framed = np.zeros((fit.frames, fit.bits), dtype=np.uint8)
    framed.ravel()[: key.size] = key
    words = np.zeros((fit.frames, fit.code.variables), dtype=np.uint8)
    words[:, _places(fit, seed)] = framed
    return words


def _punctured(words: Bits, fit: Adaptation, rng: np.random.Generator) -> Bits:
    """Fill the punctured variables with coins."""
    if fit.punctured:
        thrown = coins(fit.frames * fit.punctured, rng=rng)
        words[:, fit.code.untainted[: fit.punctured]] = thrown.reshape(fit.frames, fit.punctured)
    return words
