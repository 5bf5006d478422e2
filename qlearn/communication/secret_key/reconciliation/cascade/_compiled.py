"""Alice's answers and Bob's search, compiled by numba: the same questions, answers and key, bit for bit."""

from collections.abc import Callable, Generator
from functools import cache

import numpy as np

from qlearn._types import Bits
from qlearn.communication.secret_key.reconciliation.cascade.binary_search import Alice, Blocks, Index, Search


class CompiledAlice(Alice):
    """An Alice who looks up one block after the other, where :class:`Alice` takes arrays of them."""

    def _fault(self, numbers: Index) -> str:
        blocks = self._blocks
        fault = _compile(_fault)(numbers, blocks.first, blocks.count, blocks.frames, self._answered)
        return ("", "a block that is not there", "the same block twice")[fault]

    def _parities_of(self, numbers: Index) -> Bits:
        parities: Bits = _compile(_parities_of)(numbers, self._parities, self._blocks.frames)
        return parities


class CompiledSearch(Search):
    """A search that takes blocks one by one, where :class:`Search` takes arrays of all of them at once.

    What the methods do, and why, is told there. All numbers are whole, so that nothing is rounded.
    """

    def __init__(self, blocks: Blocks, key: Bits, open_bits: Bits) -> None:
        super().__init__(blocks, key, open_bits)
        # Once more, a frame a row: who goes through one block needs the bits of one frame, and a cache holds them.
        self._turned = self._bits.T.copy()

    def nodes(self, numbers: Index) -> Index:
        """Lay out some blocks for halving, as ``Search.nodes`` does."""
        blocks = self.blocks
        number = blocks.pass_of(numbers // blocks.frames)
        nodes, self._sums = _compile(_nodes)(
            numbers,
            number,
            blocks.first,
            blocks.count << blocks.depth,
            blocks.bit,
            self._turned,
            self._words,
            self._halved,
            self._known,
        )
        return nodes

    def halve(self, nodes: Index) -> Generator[Index, Bits, Index]:
        """Halve some blocks, as ``Search.halve`` does."""
        masks = self._odd, self._known, self._count
        mine, asked = _compile(_ask)(nodes, self._sums, masks)
        answered = (yield asked) if asked.size else np.zeros(0, dtype=np.uint8)
        return _compile(_enter)(nodes, mine, answered, self._words, self.blocks.frames, masks)

    def correct(self, nodes: Index) -> None:
        """Correct some single places, as ``Search.correct`` does."""
        blocks = self.blocks
        number = blocks.pass_of(nodes[0] // blocks.frames)
        wrong, changed = _compile(_correct)(
            nodes,
            number,
            blocks.first,
            blocks.depth,
            blocks.bit,
            blocks.place[: blocks.made],
            self.begun,
            self._bits,
            self._turned,
            self._words,
            self._halved,
            (self._odd, self._known),
        )
        self.corrected += wrong
        self._waiting = np.concatenate([self._waiting, changed])


# In what follows `numbers` are blocks and `number` the passes of these; `first`, `count`, `depth`, `bit` and `place` are
# attributes of :class:`Blocks`, and the rows of `nodes` are what ``Search.nodes`` says.
def _fault(numbers, first, count, frames, answered):  # type: ignore[no-untyped-def]
    """Return 0, or 1 if a block is not there, or 2 if one is answered, or asked for twice."""
    for asked in numbers:
        row, p = asked // frames, 0
        while p < count.size and row >= first[p + 1]:
            p += 1
        if p == count.size or row < first[p] + count[p]:
            return 1
    marked = 0
    while marked < numbers.size and not answered[numbers[marked]]:
        answered[numbers[marked]] = True
        marked += 1
    fault = 0 if marked == numbers.size else 2
    for asked in numbers[:marked]:  # nothing is answered yet
        answered[asked] = False
    return fault


def _parities_of(numbers, parities, frames):  # type: ignore[no-untyped-def]
    answers = np.empty(numbers.size, dtype=np.uint8)
    for i in range(numbers.size):
        row, frame = numbers[i] // frames, numbers[i] % frames
        answers[i] = parities[row, frame >> 6] >> np.uint64(frame & 63) & np.uint64(1)
    return answers


def _nodes(numbers, number, first, places, bit, turned, words, halved, known):  # type: ignore[no-untyped-def]
    """Return the nodes, and the running sums over the words of their bits."""
    frames = turned.shape[0]
    nodes = np.empty((5, numbers.size), dtype=np.int64)
    for i in range(numbers.size):
        row, frame, p = numbers[i] // frames, numbers[i] % frames, number[i]
        halved[p, frame] = True
        row -= first[p]
        nodes[0, i], nodes[1, i] = numbers[i], first[p] * frames + frame
        nodes[2, i] = 1
        while row < places[p]:  # down to the first of its single places
            row, nodes[2, i] = 2 * row, 2 * nodes[2, i]
        nodes[3, i] = first[p] + row
        nodes[4, i] = words[numbers[i]] & ~known
    sums = np.zeros(nodes[2].sum() + 1, dtype=np.int64)
    end = 0
    for i in range(numbers.size):
        row, bits, total = nodes[3, i], turned[numbers[i] % frames], sums[end]
        nodes[3, i] = end
        for k in range(row, row + nodes[2, i]):
            total += bits[bit[k]]
            end += 1
            sums[end] = total
    return nodes, sums


def _ask(nodes, sums, masks):  # type: ignore[no-untyped-def]
    """Return Bob's words of all first halves, and the numbers of those that must be asked for."""
    _, _, count = masks
    mine, asked, n = np.empty(nodes.shape[1], dtype=np.int64), np.empty(nodes.shape[1], dtype=np.int64), 0
    for i in range(nodes.shape[1]):
        start = nodes[3, i]
        mine[i] = sums[start + nodes[2, i] // 2] - sums[start]
        if 0 < mine[i] & count < nodes[4, i] & count:
            asked[n] = 2 * nodes[0, i] - nodes[1, i]
            n += 1
    return mine, asked[:n]


def _enter(nodes, mine, answers, words, frames, masks):  # type: ignore[no-untyped-def]
    """Enter the words of all halves, and return those that are loose: all first halves before all second ones."""
    odd, known, count = masks
    n = nodes.shape[1]
    first, second = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    heard = loose = 0
    for i in range(n):
        word, opens = nodes[4, i], mine[i] & count
        others, differs = (word & count) - opens, 0
        if opens > 0:
            differs = word & odd
            if others > 0:
                differs = (mine[i] ^ answers[heard] * odd) & odd
                heard += 1
        first[i] = opens | differs
        second[i] = others | (word & odd) ^ differs
        left = 2 * nodes[0, i] - nodes[1, i]
        words[left], words[left + frames] = first[i] | known, second[i] | known
        loose += (first[i] > odd or first[i] == 1) + (second[i] > odd or second[i] == 1)
    halves, k = np.empty((5, loose), dtype=np.int64), 0
    for which, word in enumerate((first, second)):
        for i in range(n):
            if word[i] > odd or word[i] == 1:
                half = nodes[2, i] // 2
                halves[0, k] = 2 * nodes[0, i] - nodes[1, i] + which * frames
                halves[1, k] = nodes[1, i]
                halves[2, k] = half
                halves[3, k] = nodes[3, i] + which * half
                halves[4, k] = word[i]
                k += 1
    return halves


def _correct(nodes, number, first, depth, bit, place, begun, bits, turned, words, halved, masks):  # type: ignore[no-untyped-def]
    """Return how many were wrong, and the blocks of passes begun of which something else is known now."""
    odd, known = masks
    frames, made = bits.shape[1], place.shape[0]
    changed, n, corrected = np.empty(nodes.shape[1] * made, dtype=np.int64), 0, 0
    for i in range(nodes.shape[1]):
        frame, which = nodes[0, i] % frames, bit[nodes[0, i] // frames]
        wrong = nodes[4, i] > odd
        corrected += wrong
        change = wrong * odd - 1
        bits[which, frame] += change
        turned[frame, which] += change
        for other in range(made):
            if other == number[i]:
                continue
            # The smallest block around the place of which something is known.
            row = place[other, which] - first[other]
            if halved[other, frame]:
                for _ in range(depth[other]):
                    if words[(first[other] + row) * frames + frame] & known:
                        break
                    row >>= 1
            else:
                row >>= depth[other]
            smallest = (first[other] + row) * frames + frame
            words[smallest] += change
            if other < begun[frame]:
                changed[n] = smallest
                n += 1
    return corrected, changed[:n]


@cache
def _compile(function: Callable) -> Callable:
    """Compile one of them; numba keeps the result in a file beside this one, or in the user's cache."""
    from numba import njit  # imported here: it takes a second

    return njit(cache=True)(function)
