"""The protocol of Cascade: Bob's way through the passes, what both say in public, and how much an honest line can need."""

from collections.abc import Generator, Iterator
from hashlib import blake2b
from math import ceil, log, log2, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_count, as_probability, as_rng, same_length
from qlearn._types import Bits
from qlearn.communication.secret_key.public_channel import (
    ChannelError,
    Program,
    PublicChannel,
    Receive,
    Send,
    converse,
    packed_size,
    unpacked,
)
from qlearn.communication.secret_key.reconciliation._interface import (
    STEP,
    CorrectedKey,
    Engine,
    Reconciler,
    as_qber_below_half,
    count_by_frame,
    disclosed_bits,
    engine_of,
)
from qlearn.communication.secret_key.reconciliation.cascade.binary_search import (
    Alice,
    Blocks,
    Index,
    Search,
    Variant,
    block_sizes,
)

_FALSE_ALARM = 1e-9
# Fitted to honest sessions, and three times as much: see most_questions.
_PASSES, _HIDDEN, _MARGIN = 20, 9.5, 3
_ORIGINAL = 3


def most_errors(bits: int, rate: float) -> int:
    r"""Return how many errors an honest line makes at most, if its error rate is no higher than this.

    By Bernstein's inequality, :math:`n` bits that are wrong with probability :math:`p` each, independently,
    have more than

    .. math:: np + t, \qquad t = \frac{L}{3} + \sqrt{\frac{L^2}{9} + 2 n p L}, \qquad L = \ln \frac{1}{\alpha}

    errors with probability at most :math:`\alpha = 10^{-9}`.

    Examples
    --------
    >>> most_errors(2**14, 0.06), most_errors(10**6, 0.06)
    (1191, 61583)
    """
    mean, scale = bits * rate, log(1 / _FALSE_ALARM)
    return min(bits, int(mean + scale / 3 + sqrt(scale**2 / 9 + 2 * mean * scale)))


def typical_questions(
    length: int, qber: float, first: int, frames: int = 1, variant: Variant = "near-optimal"
) -> float:
    r"""Return about how often Bob asks on average: a third of :func:`most_questions`, less in the original variant.

    .. math:: q_\text{original} = 3 \log_2 n\,(1 + 0.4 \log_2 F)

    Measured, not proven. The blocks of that variant are small from the start and hide few errors: 8 keys each of
    200 to 16,384 bits, .2 to 11 %, took .5 to 1.3 times as many questions, on average.

    Examples
    --------
    >>> round(typical_questions(2**14, 0.03, 32)), round(typical_questions(2**14, 0.03, 25, variant="original"))
    (382, 42)
    """
    together = 1 + 0.4 * log2(frames)
    if variant == "original":
        return _ORIGINAL * log2(max(2, length)) * together
    hidden = max(0.0, length * (qber - (1 - (1 - 2 * qber) ** first) / (2 * first)))
    return (_PASSES + _HIDDEN * hidden**0.65) * together


def most_questions(length: int, qber: float, first: int, frames: int = 1) -> int:
    r"""Return how often Bob asks at most: three times what his frames take on average in the near-optimal variant.

    A block of the first pass with an even number of errors hides them, and those are found one after the other.
    Of :math:`n` bits with error rate :math:`Q` in blocks of :math:`k`,

    .. math:: h = n \left(Q - \frac{1 - (1 - 2Q)^k}{2k}\right)

    errors are hidden. Measured, not proven: from 1,000 to 16,000 bits and .2 to 11 %, a frame takes about
    :math:`20 + 9.5\,h^{0.65}` questions, :math:`F` frames together :math:`1 + 0.4 \log_2 F` times as many, give or
    take a quarter. Single keys scatter by up to 30 % around their mean; three times the formula was four and a half of these
    standard deviations above the mean, or more, in each of 20 settings with the rate that was estimated. At three times
    that rate frames of 14,000 bits come within one or two of it.

    The same limit holds for the original variant, which asks less (of 16,384 bits, 1 to 11 %, a tenth of it at most, on
    average): there the digest of what was said stops Bob early.

    Parameters
    ----------
    length : int
        Bits of a frame.
    qber : float
        Error rate to reckon with.
    first : int
        The largest block of the first pass.
    frames : int
        How many frames are corrected together.

    Examples
    --------
    >>> most_questions(2**14, 0.03, 32), most_questions(2**14, 0.08, 8, frames=13)
    (1147, 4373)
    """
    return ceil(_MARGIN * typical_questions(length, qber, first, frames))


# A message asks for all frames that are busy. When fewer than this share are, the others go on: waiting for the
# last one would take more messages, and looking what is next after each message more work.
_BUSY = 0.1


class Bob:
    """The party whose key is corrected. He never sees Alice's, only what she answers.

    Parameters
    ----------
    key, open_bits, blocks
        As for :class:`Search`.
    most_errors, most_questions : int, optional
        How many errors he corrects, and how often he asks, before he takes the answers for altered. None:
        without end.
    search : type of Search
        How it is computed: :class:`Search`, or its compiled twin, which asks the same and finds the same.
    """

    def __init__(
        self,
        key: Bits,
        open_bits: Bits,
        blocks: Blocks,
        most_errors: int | None = None,
        most_questions: int | None = None,
        search: type[Search] = Search,
    ) -> None:
        self._blocks = blocks
        self._search = search(blocks, key, open_bits)
        self._most_errors, self._most_questions = most_errors, most_questions
        self._questions = 0

    @property
    def key(self) -> Bits:
        """His bits as they are now."""
        return self._search.key

    def correct(self) -> Generator[Index, Bits, None]:
        """Go through all passes; after each, no block of any pass is known to differ.

        Every frame goes its own way, and one message asks what all of them want to know: yield the numbers of some blocks, and
        be sent Alice's parities of them, a bit each.
        """
        search, passes = self._search, self._blocks.count.size
        numbers = np.zeros(0, dtype=np.intp)
        while True:
            numbers = np.concatenate([numbers, search.loose(self._idle(numbers))])
            ready = np.flatnonzero(self._idle(numbers) & (search.begun < passes))
            if ready.size:
                yield from search.begin(ready)
                numbers = np.concatenate([numbers, search.loose(self._idle(numbers))])
            elif not numbers.size:
                return
            numbers, found = yield from self._halve(numbers)
            # The cascade: every bit found may loosen blocks of other passes; the smallest come first.
            search.correct(found)
            self._refuse_too_much()

    def _refuse_too_much(self) -> None:
        for what, count, most in (
            ("corrected {} errors", self._search.corrected, self._most_errors),
            ("asked {} times", self._questions, self._most_questions),
        ):
            if most is not None and count > most:
                raise ChannelError(
                    STEP,
                    f"Bob has {what.format(count)}, and the announced error rate explains at most {most}: it is "
                    "wrong, or the parities were altered",
                )

    def _halve(self, numbers: Index) -> Generator[Index, Bits, tuple[Index, Index]]:
        """Halve blocks until few frames are busy; return the blocks left, and the single places found."""
        nodes, found = self._search.nodes(numbers), []
        while nodes.size:
            single = nodes[2] == 1
            found.append(nodes.compress(single, axis=1))
            nodes = yield from self._search.halve(nodes.compress(~single, axis=1))
            self._questions += 1
            if np.count_nonzero(~self._idle(nodes[0])) < _BUSY * self._blocks.frames:
                break
        return nodes[0], np.concatenate(found, axis=1) if found else nodes

    def _idle(self, numbers: Index) -> NDArray[np.bool_]:
        """Tell which frames have no blocks among these."""
        idle = np.ones(self._blocks.frames, dtype=np.bool_)
        idle[numbers % self._blocks.frames] = False
        return idle


# Bits corrected in lockstep: enough to forget what a call of NumPy costs, and 0.1 GB of parities.
_AT_ONCE = 1 << 20
_SEED = 16
# A request is four bytes a block, so that a digest of 17 bytes is none.
_DIGEST = 17
FRAME = 1 << 14


def correct(
    alice: ArrayLike,
    bob: ArrayLike,
    qber: float,
    *,
    channel: PublicChannel | None = None,
    rng: Any = None,
    variant: Variant = "near-optimal",
    frame: int = FRAME,
    most: int | None = None,
    worst: float | None = None,
    engine: Engine = "auto",
) -> CorrectedKey:
    r"""Correct Bob's key with Cascade, frame by frame, and count what it cost.

    In every pass both shuffle their frames alike and cut them into blocks (:func:`block_sizes`). Bob asks for
    the parities of Alice's; where his own differs, the errors in the block are odd in number, and he asks for
    the parity of one half, and one half of the half that differs, until one bit is left: that one is wrong.
    Each bit he corrects may reveal an error in a block of an earlier pass, and so on: this is the cascade.

    .. math:: f = \frac{\text{disclosed}}{n\,h(Q)} \ge 1

    All blocks of a pass that differ are halved at the same time, and every frame goes its own way through the
    passes: one message asks for what all of them want to know. A frame of 16384 bits takes a few hundred answers,
    and many frames together hardly more than the slowest of them.

    Parameters
    ----------
    alice, bob, qber, channel, rng, variant, frame
        As for :func:`~qlearn.communication.secret_key.reconcile`. Too high a `qber` asks more than it had to; one far too low
        may leave errors in pairs, for the verification to find.
    most : int, optional
        The most parities that Alice tells in this reconciliation: what is still secret. None: no such limit.
    worst : float, optional
        The highest error rate that is believed; more errors are taken for an altered line. None: twice `qber`.
        If `qber` was estimated from a few hundred bits the rate may well be higher: give what they allow.
    engine : {"auto", "numba", "numpy"}
        As there.

    Returns
    -------
    CorrectedKey
        Bob's key, not yet verified: about one frame in ten thousand keeps an error in the near-optimal
        variant, and more in the original. `disclosed` counts of no frame more bits than it has, though a frame
        of a few bits may be asked for more parities than that.

    Raises
    ------
    NoKey
        If Bob asks for more than `most` parities: "more was said than is secret". No more than that was told.
    ChannelError
        If the line fails, or somebody altered the conversation so that it contradicts itself, or so that Bob
        corrects more errors or asks more often than the estimated error rate explains.

    Notes
    -----
    Each time Bob has asked half as often as is typical of the variant (:func:`typical_questions`), he says a digest of
    all that was said, and Alice compares: where the line damaged a message, not much work is done in vain. In most
    corrections that is once or twice. What is said after the last digest, a quarter of the messages or so, is left to the
    verification. It is no tag: somebody who answers in Alice's place can say what she expects. For that Bob has limits.

    Bob gives up after :func:`most_errors` errors or :func:`most_questions` questions. So an honest key with an
    error rate up to `worst`, or twice the estimate, is corrected unless it takes too many questions, which some
    do from one and a half times the estimate on; beyond it, and a statistical allowance, it is refused. Both
    times he says why. An honest key that bad would take him as long: a small sample, which leaves a high rate
    open, is paid for here too.

    Nothing is asked that follows from what was said: one half tells the other, the parity of a frame that of
    its last block, and a bit whose value is certain is taken out of all blocks. So `disclosed` is the number
    of independent parities of her key that Alice gave away, and that is why the efficiency is up to 0.015
    better than published. (Blocks of several passes that happen to cover the same bits are not looked for, so
    a few parities are counted that tell nothing new: at 11 % errors one in some thousands, up to 5 % none in
    most keys. In frames of a few dozen bits it is more: fourteen passes are too many for them, and a frame is
    counted with no more bits than it has.)

    What Bob asks tells Eve where the keys differed, and the count of Alice's parities leaves that out, as is
    usual. A proof of security must not: Tupkary and Lütkenhaus take both directions into account, and find the
    same key rate in many situations of practical interest, and a lower one in others.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> alice = rng.integers(0, 2, 100_000, dtype=np.uint8)
    >>> bob = alice ^ (rng.random(100_000) < 0.03)
    >>> done = correct(alice, bob, 0.03, rng=2)
    >>> bool((done.bob == alice).all()), done.frame, done.disclosed < 1.06 * 100_000 * 0.1944
    (True, 14286, True)

    References
    ----------
    Brassard and Salvail, "Secret-key reconciliation by public discussion", EUROCRYPT '93,
    doi:10.1007/3-540-48285-7_35. Martinez-Mateo et al., 2014, arXiv:1407.3257: the reuse of halves, and the
    table 3 to compare with. Tupkary and Lütkenhaus, "Using Cascade in quantum key distribution", 2023,
    arXiv:2307.00576.
    """
    alice, bob = as_bits(alice, "alice"), as_bits(bob, "bob")
    same_length(alice, bob, "alice and bob")
    largest, rng = as_count(frame, "frame"), as_rng(rng)
    as_qber_below_half(qber)
    most = None if most is None else as_count(most, "most", least=0)
    worst = None if worst is None else as_probability(worst, "worst")
    engine = engine_of(engine)
    channel = PublicChannel() if channel is None else channel
    rounds, before = channel.rounds, channel.disclosed.get(STEP, 0)
    length, (key, _, _) = converse(
        channel,
        correct_as_alice(alice, qber, most=most, rng=rng, variant=variant, frame=largest, engine=engine),
        correct_as_bob(bob, qber, worst=worst, variant=variant, frame=largest, engine=engine),
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
    variant: Variant = "near-optimal",
    frame: int = FRAME,
    engine: Engine = "auto",
) -> Program[int]:
    """Say a seed, and answer for the parities of her key; return the bits of a frame."""
    length = _length_of(key.size, frame)
    party, _ = _sides(engine)
    sizes, disclosed = block_sizes(length, qber, variant), 0
    for part in _parts(key, length):
        seed, frames = rng.integers(0, 256, _SEED, dtype=np.uint8), ceil(part.size / length)
        yield Send(STEP, seed)
        left = None if most is None else most - disclosed
        hers = party(_framed(part, frames, length), Blocks(seed, frames, length, sizes), left)
        said, about = blake2b(seed.tobytes(), digest_size=_DIGEST), np.zeros(frames, dtype=np.int64)
        while (request := (yield Receive(STEP, most=8 * part.size + 64))).size:
            if request.size == _DIGEST:
                _refuse_other_words(request, said.digest())
                continue
            before = disclosed_bits(about, part.size, length)
            answer = hers.answer(request)
            about += count_by_frame(request.view("<u4") % frames, frames)
            said.update(request.tobytes())
            said.update(answer.tobytes())
            yield Send(STEP, answer, disclosed=disclosed_bits(about, part.size, length) - before)
        disclosed += hers.disclosed
    return length


def correct_as_bob(
    key: Bits,
    qber: float,
    *,
    worst: float | None = None,
    variant: Variant = "near-optimal",
    frame: int = FRAME,
    engine: Engine = "auto",
) -> Program[tuple[Bits, int, int]]:
    """Hear a seed, ask for parities until none is known to differ, and correct his key."""
    length, known, done = _length_of(key.size, frame), 0, []
    _, search_by = _sides(engine)
    highest = min(1.0, 2 * qber) if worst is None else worst
    for part in _parts(key, length):
        seed = yield Receive(STEP, _SEED)
        frames, sizes = ceil(part.size / length), block_sizes(length, qber, variant)
        questions = most_questions(length, min(0.5, max(qber, highest)), sizes[0], frames)
        limits = most_errors(part.size, highest), questions
        is_open, blocks = (
            _framed(np.ones_like(part), frames, length),
            Blocks(seed, frames, length, sizes),
        )
        his = Bob(_framed(part, frames, length), is_open, blocks, *limits, search_by)
        said, asked = blake2b(seed.tobytes(), digest_size=_DIGEST), 0
        about = np.zeros(frames, dtype=np.int64)
        often = ceil(typical_questions(length, qber, sizes[0], frames, variant) / 2)
        search = his.correct()
        numbers = next(search, None)
        while numbers is not None:
            about, asked = about + count_by_frame(numbers % frames, frames), asked + 1
            request = numbers.astype("<u4").view(np.uint8)
            yield Send(STEP, request)
            answer = yield Receive(STEP, packed_size(numbers.size))
            said.update(request.tobytes())
            said.update(answer.tobytes())
            if asked % often == 0:
                yield Send(STEP, np.frombuffer(said.digest(), dtype=np.uint8))
            try:
                numbers = search.send(unpacked(answer, numbers.size))
            except StopIteration:
                numbers = None
        yield Send(STEP, np.zeros(0, dtype=np.uint8))  # no more questions
        known += disclosed_bits(about, part.size, length)
        done.append(his.key[:-1].T.ravel()[: part.size])
    return np.concatenate(done), known, length


CASCADE = Reconciler(correct_as_alice, correct_as_bob, correct)


def _sides(engine: Engine) -> tuple[type[Alice], type[Search]]:
    """Return the Alice, and the search of Bob, that compute in this way."""
    if engine_of(engine) == "numpy":
        return Alice, Search
    # Imported here: few need it, and it compiles.
    from qlearn.communication.secret_key.reconciliation.cascade._compiled import CompiledAlice, CompiledSearch

    return CompiledAlice, CompiledSearch


def _refuse_other_words(heard: Bits, digest: bytes) -> None:
    if heard.tobytes() != digest:
        raise ChannelError(
            STEP, "Bob's digest of what was said is not Alice's: a message was altered between them"
        )


def _length_of(n: int, largest: int) -> int:
    """Return the bits of a frame: as few frames as `largest` allows, all of one size but for the last."""
    return ceil(n / ceil(n / largest))


def _parts(key: Bits, length: int) -> Iterator[Bits]:
    """Cut a key into pieces whose frames are corrected in lockstep."""
    step = length * max(1, _AT_ONCE // length)
    return (key[i : i + step] for i in range(0, key.size, step))


def _framed(bits: Bits, frames: int, length: int) -> Bits:
    """Cut a key into columns, the last one filled up with zeros, and add a row of zeros."""
    rows = np.zeros((frames, length + 1), dtype=np.uint8)
    full = bits.size // length
    rows[:full, :-1] = bits[: full * length].reshape(full, length)
    rows[full:, : bits.size - full * length] = bits[full * length :]
    return np.ascontiguousarray(rows.T)
