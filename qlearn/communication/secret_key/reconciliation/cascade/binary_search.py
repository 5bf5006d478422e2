"""Blocks of Cascade: how large they are, Alice who answers with their parities, and the binary search for errors in them.

All is in NumPy here; what takes the time, her answers and the search, has a compiled twin.
"""

from collections.abc import Callable, Generator
from math import ceil, log, log2
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count
from qlearn._types import Bits
from qlearn.communication.secret_key.public_channel import ChannelError, NoKey
from qlearn.communication.secret_key.reconciliation._interface import STEP, as_qber_below_half

Index = NDArray[np.intp]
Variant = Literal["near-optimal", "original"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)

# Martinez-Mateo et al., table 3: error rate, and the first two sizes that were best in simulation.
_MEASURED = {
    0.005: (256, 1024),
    0.01: (128, 512),
    0.02: (64, 512),
    0.03: (32, 512),
    0.04: (32, 256),
    **dict.fromkeys((0.05, 0.06, 0.07), (16, 256)),
    **dict.fromkeys((0.08, 0.09, 0.10, 0.11), (8, 256)),
}


def block_sizes(n: int, qber: float, variant: Variant = "near-optimal") -> tuple[int, ...]:
    r"""Return the largest block of each pass over a frame of `n` bits with error rate `qber`.

    A block of the first pass should hold about one error: fewer, and most parities agree and were asked for
    nothing; more, and errors hide in pairs. Original, four passes:

    .. math:: k_1 = \lceil 0.73 / Q \rceil, \qquad k_{i+1} = 2 k_i

    Near-optimal, fourteen passes; what the first two leave is rare, and half the frame is searched for it:

    .. math:: k_1 = 2^{\lceil \alpha \rceil}, \quad k_2 = 2^{\lceil (\alpha + 12) / 2 \rceil}, \quad
              k_3 = 4096, \quad k_4 = \dots = k_{14} = n/2, \qquad \alpha = \log_2 (1/Q) - 1/2

    This formula sums up a table of measured optima from 0.5 to 11 %. Inside it the nearest row of the table is
    taken: near 1, 4 and 8 % that is one size half as large, which discloses as much, in half the rounds. No
    block is larger than half the frame.

    Parameters
    ----------
    n : int
        Bits of a frame.
    qber : float
        Error rate, from 0 to below 1/2. With 0, every block is half the frame.
    variant : {"near-optimal", "original"}
        Which of the two.

    Examples
    --------
    >>> block_sizes(2**14, 0.03)
    (32, 512, 4096, 8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192)
    >>> block_sizes(2**14, 0.03, "original")
    (25, 50, 100, 200)

    References
    ----------
    Brassard and Salvail, "Secret-key reconciliation by public discussion", EUROCRYPT '93,
    doi:10.1007/3-540-48285-7_35 (original). Martinez-Mateo, Pacher, Peev, Ciurana and Martin, 2014,
    arXiv:1407.3257, tables 1 and 3 (near-optimal).
    """
    half = (as_count(n, "n") + 1) // 2
    rate = as_qber_below_half(qber)
    if variant not in VARIANTS:
        raise ValueError(f'variant must be "near-optimal" or "original", not {variant!r}')
    # At least one error a frame is reckoned with: a search for none would need blocks without end.
    rate = max(rate, 1 / (2 * n))
    if variant == "original":
        return tuple(min(ceil(0.73 / rate) * 2**i, half) for i in range(4))
    first = *_first_two(rate), 4096
    return tuple(min(size, half) for size in first) + 11 * (half,)


def _first_two(rate: float) -> tuple[int, int]:
    if min(_MEASURED) <= rate <= max(_MEASURED):
        return _MEASURED[min(_MEASURED, key=lambda row: abs(log(row / rate)))]
    alpha = log2(1 / rate) - 0.5
    return 2 ** ceil(alpha), 2 ** ceil((alpha + 12) / 2)


class Blocks:
    r"""All blocks of all passes, the same for everybody who knows the public seed, and the rows they go by.

    A pass owns consecutive rows. If it has :math:`B` whole blocks, they are its rows :math:`B, \dots, 2B-1`, and
    its row :math:`v` has as halves its rows :math:`2v` and :math:`2v+1`, down to single places. There may be
    more places than bits: the bits are spread evenly over them, and an empty place counts as 0. All frames are
    treated alike: row :math:`r` of frame :math:`f` goes by the number :math:`rF + f`, with :math:`F` frames.

    Every pass shuffles anew, the first one too: errors come in bursts, and its blocks want them one by one. All
    frames are shuffled alike; their errors are not.

    Parameters
    ----------
    seed : ndarray of uint8
        What was said in public, after the keys were there: nobody can have arranged the errors for it.
    frames, length : int
        How many frames there are, and the bits of each.
    sizes : tuple of int
        The largest block of each pass, as :func:`block_sizes` says.

    Attributes
    ----------
    first : ndarray of int, shape (passes + 1,)
        The first row of each pass, and the number of all rows.
    count : ndarray of int, shape (passes,)
        Whole blocks a frame, pass by pass.
    depth : ndarray of int, shape (passes,)
        How often a whole block can be halved, pass by pass.
    bit : ndarray of int, shape (rows,)
        Which bit is put at a single place; `length` where none is.
    place : ndarray of int, shape (passes, length)
        At which row each bit is put.
    made : int
        How many passes were shuffled so far: the last two are filled up to here.

    Examples
    --------
    >>> blocks = Blocks(np.array([1], dtype=np.uint8), 1, 16, (4, 8))
    >>> [blocks.whole(number) for number in range(2)]
    [array([4, 5, 6, 7]), array([34, 35])]
    >>> blocks.levels(np.array([4, 8, 34]))
    array([2, 1, 3])
    """

    def __init__(self, seed: Bits, frames: int, length: int, sizes: tuple[int, ...]) -> None:
        self.frames, self.length, self.made = frames, length, 0
        self._rng = np.random.default_rng(seed)
        self.count = np.array([ceil(length / size) for size in sizes])
        self.depth = np.array([(ceil(length / count) - 1).bit_length() for count in self.count.tolist()])
        self._places = self.count << self.depth
        self.first = np.concatenate([[0], np.cumsum(2 * self._places)])
        self.bit = np.full(self.first[-1], length)
        self.place = np.zeros((len(sizes), length), dtype=np.intp)

    def whole(self, number: int) -> Index:
        """Return the rows of the whole blocks of a pass."""
        first, count = self.first[number], self.count[number]
        return np.arange(first + count, first + 2 * count)

    def pass_of(self, rows: Index) -> Index:
        """Return the numbers of the passes that some rows belong to."""
        return self.first.searchsorted(rows, side="right") - 1

    def exist(self, rows: Index) -> NDArray[np.bool_]:
        """Tell which of these rows are blocks: none has a row before the whole blocks of its pass."""
        number = np.minimum(self.pass_of(rows), self.count.size - 1)
        return (rows < self.first[-1]) & (rows >= self.first[number] + self.count[number])

    def levels(self, rows: Index) -> Index:
        """Return how often some blocks can be halved."""
        number = self.pass_of(rows)
        above = np.frexp((rows - self.first[number]) // self.count[number])[1] - 1  # of whole blocks
        levels: Index = self.depth[number] - above
        return levels

    def shuffle(self) -> int:
        """Shuffle for the next pass, and return its number."""
        number, self.made = self.made, self.made + 1
        places = self._places[number]
        first = self.first[number] + places
        spread = first + np.arange(self.length) * places // self.length
        order = self._rng.permutation(self.length)
        self.place[number, order], self.bit[spread] = spread, order
        return number

    def gather(self, number: int, values: NDArray[Any], join: Callable[..., Any], out: NDArray[Any]) -> None:
        """Fill the rows of a pass in `out` with the values of the bits in each block, joined two by two.

        `values` has a row for each bit, and a last one that says what an empty place is worth.
        """
        start, end, size = self.first[number], self.first[number + 1], self._places[number]
        tree = out[start:end]
        np.take(values, self.bit[start + size : end], axis=0, out=tree[size:], mode="clip")
        while size > self.count[number]:
            size //= 2
            join(tree[2 * size : 4 * size : 2], tree[2 * size + 1 : 4 * size : 2], out=tree[size : 2 * size])


class Alice:
    """The party whose key stays as it is. What she hears may be from Eve.

    Parameters
    ----------
    key : ndarray of uint8, shape (bits + 1, frames)
        Her key, a frame a column, each with a zero at its end for the places that hold no bit.
    blocks : Blocks
        What the public seed says.
    most : int, optional
        The most parities she tells. None: as many as there are.
    """

    def __init__(self, key: Bits, blocks: Blocks, most: int | None = None) -> None:
        self._blocks = blocks
        self._most = most
        self.disclosed = 0
        # Eight frames a byte, eight bytes a word: one operation finds the parities of a block in 64 frames.
        packed = np.packbits(key, axis=1, bitorder="little")
        self._key = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))).view(np.uint64)
        self._parities = np.zeros((blocks.first[-1], self._key.shape[1]), dtype=np.uint64)
        self._answered = np.zeros(blocks.first[-1] * blocks.frames, dtype=np.bool_)

    def answer(self, request: Bits) -> Bits:
        """Return the parities asked for, eight a byte, or refuse: the request is the numbers of blocks, four bytes each."""
        if not request.size or request.size % 4:
            raise ChannelError(
                STEP,
                f"Alice heard a request of {request.size} bytes, and every block takes four: it was altered",
            )
        numbers = np.frombuffer(request.tobytes(), dtype="<u4").astype(np.intp)
        if fault := self._fault(numbers):
            raise ChannelError(STEP, f"Alice was asked for {fault}: the request was altered")
        if self._most is not None and self.disclosed + numbers.size > self._most:
            raise NoKey(
                STEP,
                f"more was said than is secret: {self.disclosed} parities are told, {numbers.size} more are asked "
                f"for, and no more than {self._most} may be known. The session is too short for its errors, or "
                "somebody meddles: send more pulses, or find the errors",
            )
        self._answered[numbers] = True
        self.disclosed += numbers.size
        while self._blocks.first[self._blocks.made] <= numbers.max() // self._blocks.frames:
            self._blocks.gather(self._blocks.shuffle(), self._key, np.bitwise_xor, self._parities)
        return np.packbits(self._parities_of(numbers))

    def _fault(self, numbers: Index) -> str:
        """Say what is wrong with a request, if anything is."""
        if not self._blocks.exist(numbers // self._blocks.frames).all():
            return "a block that is not there"
        ordered = np.sort(numbers)
        if self._answered[numbers].any() or (ordered[1:] == ordered[:-1]).any():
            return "the same block twice"
        return ""

    def _parities_of(self, numbers: Index) -> Bits:
        rows, frames = np.divmod(numbers, self._blocks.frames)
        words = self._parities[rows, frames >> 6] >> (frames & 63).astype(np.uint64)
        return words.astype(np.uint8) & 1


class Search:
    r"""What Bob knows of the blocks: which of them differ from Alice's, and how many of their bits are open.

    A bit is *open* until its value on Alice's side is certain: told, or following from what was told. It is
    then taken out of every block, so that nothing is ever asked that follows from it.

    Both fit one word a block: its low bits count the open bits, a higher one is a parity. Words of bits are
    *added* to those of blocks: the counts add up, and so do the parities, modulo 2. The parity is Bob's own,
    until hers is told; from then on it says whether the two differ. Kept are the words of whole blocks and of
    those that were told, no others: when a block is halved, running sums over its bits give those of its parts.

    Parameters
    ----------
    blocks : Blocks
        What the public seed says.
    key : ndarray of uint8, shape (bits + 1, frames)
        His bits, a frame a column, each with a zero at its end for the places that hold no bit.
    open_bits : ndarray of uint8, shape (bits + 1, frames)
        1 where a bit is open, 0 where both sides know what stands there.
    """

    def __init__(self, blocks: Blocks, key: Bits, open_bits: Bits) -> None:
        self.blocks = blocks
        # No block is larger than half a frame; two bits are for the parity and for what is known.
        largest = (blocks.length + 1) // 2 + 1
        kind: Any = next(
            each for each in (np.uint16, np.uint32, np.uint64) if 4 * largest < np.iinfo(each).max
        )
        width = 8 * np.dtype(kind).itemsize
        self._odd, self._known = 1 << width - 1, 1 << width - 2
        self._count, self._kind = self._known - 1, kind
        self._bits: NDArray[Any] = open_bits + kind(self._odd) * key
        self._words: NDArray[Any] = np.zeros(int(blocks.first[-1]) * blocks.frames, dtype=kind)
        self._halved = np.zeros((blocks.count.size, blocks.frames), dtype=np.bool_)
        self._waiting = np.zeros(0, dtype=np.intp)
        self.begun = np.zeros(blocks.frames, dtype=np.intp)
        self.corrected = 0

    @property
    def key(self) -> Bits:
        """His bits as they are now."""
        return (self._bits >= self._odd).view(np.uint8)

    def begin(self, frames: Index) -> Generator[Index, Bits, None]:
        """Begin the next pass of some frames: yield the numbers of its whole blocks, and be sent her parities.

        From the second pass on one block a frame is not asked for: the errors left in a frame are even in
        number, for no block of an earlier pass differs any more.
        """
        begun, lasts = [], []
        asked = np.zeros(0, dtype=np.intp)
        for number in np.flatnonzero(np.bincount(self.begun[frames])).tolist():
            if number == self.blocks.made:
                self._shuffle()
            each = frames[self.begun[frames] == number]
            whole = self.blocks.whole(number)[:, None] * self.blocks.frames + each
            ask = self._words[whole] & self._count > 0
            if number:
                column = np.arange(each.size)
                last = len(ask) - 1 - ask[::-1].argmax(axis=0)
                ask[last, column] = False
                lasts.append((whole, whole[last, column]))
            self._words[whole[~ask]] &= ~self._kind(self._odd)
            asked = np.concatenate([asked, whole[ask]])
            begun.append(whole.ravel())
        if asked.size:
            self._words[asked] ^= (yield asked) * self._kind(self._odd)
        for whole, last in lasts:
            self._words[last] ^= np.bitwise_xor.reduce(self._words[whole], axis=0) & self._kind(self._odd)
        self.begun[frames] += 1
        self._waiting = np.concatenate([self._waiting, *begun])

    def loose(self, idle: NDArray[np.bool_]) -> Index:
        """Return the blocks in which something is to be found, of every idle frame those of its lowest pass."""
        words = self._words[self._waiting] & ~self._kind(self._known)
        if (words == self._odd).any():
            raise ChannelError(STEP, "the parities contradict each other: one of them was altered")
        waiting = np.sort(self._waiting[(words > self._odd) | (words == 1)])
        waiting = waiting[np.diff(waiting, prepend=-1) > 0]
        frames, number = waiting % self.blocks.frames, self.blocks.pass_of(waiting // self.blocks.frames)
        lowest = np.full(self.blocks.frames, self.blocks.count.size)
        np.minimum.at(lowest, frames, number)
        now = idle[frames] & (number == lowest[frames])
        self._waiting = waiting[~now]
        return waiting[now]

    def nodes(self, numbers: Index) -> Index:
        """Lay out some blocks for halving, a column each.

        The rows are: number, what to take from twice the number to find that of the first half, size, where in
        the running sums its bits begin, and word.
        """
        rows, frames = np.divmod(numbers, self.blocks.frames)
        number = self.blocks.pass_of(rows)
        self._halved[number, frames] = True
        first, levels = self.blocks.first[number], self.blocks.levels(rows)
        sizes = 1 << levels
        ends = sizes.cumsum()
        shift = first + (rows - first << levels) - (ends - sizes)
        places = np.repeat(shift, sizes)
        places += np.arange(places.size)
        bits = self.blocks.bit.take(places)
        bits *= self.blocks.frames
        bits += np.repeat(frames, sizes)
        self._sums = np.zeros(bits.size + 1, dtype=np.intp)
        np.cumsum(self._bits.ravel().take(bits), out=self._sums[1:])
        words = self._words[numbers]
        base = first * self.blocks.frames + frames
        return np.array([numbers, base, sizes, ends - sizes, words & ~self._kind(self._known)])

    def halve(self, nodes: Index) -> Generator[Index, Bits, Index]:
        """Halve some blocks: yield the first halves to be asked for, be sent her parities; return the loose halves.

        Where one half holds nothing open, it does not differ, and what does is in the other. Where both do, one
        is asked for, and the other's follows.
        """
        number, base, size, start, word = nodes
        half = size >> 1
        middle = start + half
        mine = self._sums[middle] - self._sums[start]
        left = 2 * number - base
        opens = mine & self._count
        others = (word & self._count) - opens
        odd = word & self._odd
        both = np.flatnonzero((opens > 0) & (others > 0))
        differs = np.where(opens > 0, odd, 0)
        if both.size:
            differs[both] = (mine[both] ^ (yield left[both]) * np.intp(self._odd)) & self._odd
        m = number.size
        halves = np.empty((5, 2 * m), dtype=np.intp)
        halves[0, :m] = left
        halves[0, m:] = left + self.blocks.frames
        halves[1, :m] = halves[1, m:] = base
        halves[2, :m] = halves[2, m:] = half
        halves[3, :m] = start
        halves[3, m:] = middle
        halves[4, :m] = opens | differs
        halves[4, m:] = others | odd ^ differs
        self._words[halves[0]] = halves[4] | self._known
        return halves.compress((halves[4] > self._odd) | (halves[4] == 1), axis=1)

    def correct(self, nodes: Index) -> None:
        """Correct some single places where they differ; whatever stood there, they are certain now."""
        if not nodes.size:
            return
        number, _, _, _, word = nodes
        rows, frames = np.divmod(number, self.blocks.frames)
        bits = self.blocks.bit[rows]
        wrong = word > self._odd
        self.corrected += int(np.count_nonzero(wrong))
        change = (wrong * np.intp(self._odd) - 1).astype(self._words.dtype)
        self._bits[bits, frames] += change
        # In each other pass, the smallest block around the place of which something is known.
        other, which = (self.blocks.pass_of(rows) != np.arange(self.blocks.made)[:, None]).nonzero()
        frames = frames[which]
        first, inner = self.blocks.first[other], self.blocks.place[other, bits[which]]
        inner = inner - first
        smallest = inner >> self.blocks.depth[other]
        deep = np.flatnonzero(self._halved[other, frames])
        if deep.size:
            levels = np.arange(self.blocks.depth[other[deep]].max() + 1)[:, None]
            above = inner[deep] >> levels
            known = self._words.take((above + first[deep]) * self.blocks.frames + frames[deep]) & self._known
            smallest[deep] = inner[deep] >> (known > 0).argmax(axis=0)
        smallest = (smallest + first) * self.blocks.frames + frames
        np.add.at(self._words, smallest, change[which])
        self._waiting = np.concatenate([self._waiting, smallest[other < self.begun[frames]]])

    def _shuffle(self) -> None:
        """Learn what the next pass looks like: his parities of its whole blocks, and the open bits of each."""
        number = self.blocks.shuffle()
        whole = self.blocks.whole(number)
        places = self.blocks.first[number] + (self.blocks.count[number] << self.blocks.depth[number])
        leaves = self._bits.take(self.blocks.bit[places : self.blocks.first[number + 1]], axis=0)
        words = np.add.reduce(leaves.reshape(whole.size, -1, self.blocks.frames), axis=1, dtype=leaves.dtype)
        self._words.reshape(-1, self.blocks.frames)[whole] = words | self._kind(self._known)
