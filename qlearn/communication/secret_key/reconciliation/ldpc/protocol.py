"""The protocol: two parties, one public line, and what it cost."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_count, as_rng, same_length
from qlearn._types import Bits
from qlearn.communication.randomness import random_bits
from qlearn.communication.secret_key.public_channel import (
    NoKey,
    Program,
    PublicChannel,
    Receive,
    Send,
    converse,
    packed_size,
)
from qlearn.communication.secret_key.reconciliation._interface import (
    STEP,
    CorrectedKey,
    Engine,
    Reconciler,
    count_by_frame,
    disclosed_bits,
    engine_of,
)
from qlearn.communication.secret_key.reconciliation.ldpc.codes import FRAME, Adaptation, adapt
from qlearn.communication.secret_key.reconciliation.ldpc.syndrome_decoding import (
    MOST_ERRORS,
    Alice,
    Bob,
)

# Bob asks so often, each time for twice as many bits as before.
_MOST_ASKED = 8
_SEED = 16


def correct(
    alice: ArrayLike,
    bob: ArrayLike,
    qber: float,
    *,
    channel: PublicChannel | None = None,
    rng: Any = None,
    frame: int = FRAME,
    most: int | None = None,
    engine: Engine = "auto",
) -> CorrectedKey:
    r"""Correct Bob's key by the syndrome of an LDPC code, frame by frame, and count what it cost.

    Alice's frame :math:`x` and Bob's :math:`y = x + e` differ by few errors :math:`e`. She tells the parities
    :math:`H x` of a code fitted to the error rate (:func:`adapt`), he subtracts his own,

    .. math:: H x + H y = H e \pmod 2

    and belief propagation finds the likeliest few errors with these parities. Where it finds none he asks for
    the bits it is least certain of, the coins in punctured variables among them, and tries again. Each is one
    bit more that was disclosed. Most frames need the one message.

    Parameters
    ----------
    alice, bob, qber, channel, rng, frame
        As for :func:`~qlearn.communication.secret_key.reconcile`. With up to a third more errors than `qber` the frames cost
        more, and most are corrected. With more, a long key ends as the syndromes are heard, with that reason; in a short
        one chance hides it, and its frames cost much more or fail.
    most : int, optional
        The most bits that Alice may disclose, coins included. None: as many as it takes.
    engine : {"auto", "numba", "numpy"}
        As there.

    Returns
    -------
    CorrectedKey
        Bob's key, not yet verified: belief propagation may find errors that have the right parities and are
        not the right ones, or none with all the work that he is ready to do (:class:`Bob`).

    Raises
    ------
    ChannelError
        If the line fails, or what is heard makes no sense: it was altered, or the estimate is wrong.
    NoKey
        If Bob needs more than `most`: before Alice says it.

    Notes
    -----
    A punctured frame's syndrome has `checks` bits, of which one for each coin is perfectly hidden by it, as no
    two coins stand in one check: `checks - punctured` are counted. A coin that is told later counts as one bit,
    like a bit of the key. Of no frame are more bits counted than it has: no more than all can be known of it.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> alice = rng.integers(0, 2, 20_000, dtype=np.uint8)
    >>> bob = alice ^ (rng.random(20_000) < 0.05)
    >>> done = correct(alice, bob, 0.05, rng=2)
    >>> bool((done.bob == alice).all()), done.frame, done.disclosed < 1.25 * 20_000 * 0.2864
    (True, 20000, True)

    References
    ----------
    Elkouss et al., 2009, arXiv:0901.2140 (the codes) and 2010, arXiv:1006.2660 (puncturing and shortening).
    Kiktenko et al., 2016, arXiv:1612.03673 (asking for the least certain bits).
    """
    alice, bob = as_bits(alice, "alice"), as_bits(bob, "bob")
    same_length(alice, bob, "alice and bob")
    adapt(alice.size, qber, frame)
    most, engine = None if most is None else as_count(most, "most", 0), engine_of(engine)
    channel = PublicChannel() if channel is None else channel
    rounds, before = channel.rounds, channel.disclosed.get(STEP, 0)
    length, (key, _, _) = converse(
        channel,
        correct_as_alice(alice, qber, most=most, rng=as_rng(rng), frame=frame),
        correct_as_bob(bob, qber, frame=frame, engine=engine),
    )
    disclosed = channel.disclosed.get(STEP, 0) - before
    return CorrectedKey(key, disclosed, channel.rounds - rounds, length)


def correct_as_alice(
    key: Bits,
    qber: float,
    *,
    worst: float | None = None,
    most: int | None = None,
    rng: np.random.Generator,
    frame: int = FRAME,
) -> Program[int]:
    """Say a seed and the syndromes of her key, and then the bits that she is asked for."""
    fit = _fitted(key.size, qber, worst, frame)
    seed = rng.integers(0, 256, _SEED, dtype=np.uint8)
    places = _places(fit, seed)
    words = _punctured(_placed(key, fit, places), fit, rng)
    hers = Alice(fit.code, words, fit.punctured, _doubt(fit, key.size, places) > 0, most)
    syndromes = hers.syndromes()
    about = np.full(fit.frames, fit.disclosed, dtype=np.int64)
    yield Send(STEP, seed)
    yield Send(STEP, syndromes, disclosed=disclosed_bits(about, key.size, fit.bits))
    while (request := (yield Receive(STEP, most=4 * words.size))).size:
        before = disclosed_bits(about, key.size, fit.bits)
        answer = hers.answer(request)
        about += count_by_frame(request.view("<u4") // fit.code.variables, fit.frames)
        yield Send(STEP, answer, disclosed=disclosed_bits(about, key.size, fit.bits) - before)
    return fit.bits


def correct_as_bob(
    key: Bits, qber: float, *, worst: float | None = None, frame: int = FRAME, engine: Engine = "auto"
) -> Program[tuple[Bits, int, int]]:
    """Hear the syndromes, find the errors that explain them, and ask for bits where that fails."""
    fit = _fitted(key.size, qber, worst, frame)
    stand = _places(fit, (yield Receive(STEP, _SEED)))
    his = Bob(fit.code, _placed(key, fit, stand), _doubt(fit, key.size, stand), engine)
    his.receive((yield Receive(STEP, packed_size(fit.frames * fit.code.checks))))
    about = np.full(fit.frames, fit.disclosed, dtype=np.int64)
    for attempt in range(_MOST_ASKED + 1):
        places = his.decode(fit.asked << attempt)
        if not places.size or attempt == _MOST_ASKED:
            break
        about += count_by_frame(places // fit.code.variables, fit.frames)
        yield Send(STEP, places.astype("<u4").view(np.uint8))
        his.learn(places, (yield Receive(STEP, packed_size(places.size))))
    yield Send(STEP, np.zeros(0, dtype=np.uint8))  # no more questions
    known = disclosed_bits(about, key.size, fit.bits)
    return his.words[:, stand].ravel()[: key.size], known, fit.bits


LDPC = Reconciler(correct_as_alice, correct_as_bob, correct)


def _fitted(n: int, qber: float, worst: float | None, frame: int) -> Adaptation:
    """Choose the code that both choose: one that the worst error rate does not overtax."""
    try:
        return adapt(n, max(qber, min(worst or 0, 0.5) / MOST_ERRORS), frame)
    except ValueError as error:
        raise NoKey(STEP, str(error)) from None  # no fault of an argument: the line has that many errors


def _places(fit: Adaptation, seed: Bits) -> NDArray[np.int64]:
    """Return the variables where the bits of a frame stand, the same for everybody who knows the public seed."""
    free = np.ones(fit.code.variables, dtype=bool)
    free[fit.code.untainted[: fit.punctured]] = False
    return np.random.default_rng(seed).permutation(np.flatnonzero(free))[: fit.bits]


def _placed(key: Bits, fit: Adaptation, places: NDArray[np.int64]) -> Bits:
    """Cut a key into frames, the last one filled up with zeros, and put each into a word of zeros."""
    framed = np.zeros((fit.frames, fit.bits), dtype=np.uint8)
    framed.ravel()[: key.size] = key
    words = np.zeros((fit.frames, fit.code.variables), dtype=np.uint8)
    words[:, places] = framed
    return words


def _doubt(fit: Adaptation, n: int, places: NDArray[np.int64]) -> NDArray[np.float32]:
    """Say of each bit of the words how likely it differs: coins half of the time, zeros never."""
    doubt = _placed(np.ones(n, dtype=np.uint8), fit, places) * np.float32(fit.qber)
    doubt[:, fit.code.untainted[: fit.punctured]] = 0.5
    return doubt


def _punctured(words: Bits, fit: Adaptation, rng: np.random.Generator) -> Bits:
    """Fill the punctured variables with coins."""
    if fit.punctured:
        thrown = random_bits(fit.frames * fit.punctured, rng=rng)
        words[:, fit.code.untainted[: fit.punctured]] = thrown.reshape(fit.frames, fit.punctured)
    return words
