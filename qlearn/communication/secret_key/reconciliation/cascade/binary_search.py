"""Bob of Cascade: the binary search for an error, and the passes that go back over old blocks."""

from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Bits
from qlearn.communication.secret_key.public_channel import ChannelError
from qlearn.communication.secret_key.reconciliation.cascade.blocks import Blocks, Index
from qlearn.communication.secret_key.reconciliation.results import STEP


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
