"""The passes: Bob goes through them, and every bit he corrects may reveal others in the passes before."""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from qlearn.communication.bb84.pulses import Bits
from qlearn.communication.secret_key.public_channel import ChannelError
from qlearn.communication.secret_key.reconciliation.cascade.binary_search import Search
from qlearn.communication.secret_key.reconciliation.cascade.blocks import Blocks, Index
from qlearn.communication.secret_key.reconciliation.results import Engine, engine_of

# A message asks for all frames that are busy. When fewer than this share are, the others go on: waiting for the
# last one would take more messages, and looking what is next after each message more work.
_BUSY = 0.1


class Bob:
    """The party whose key is corrected. He never sees Alice's, only what she answers.

    Parameters
    ----------
    key : ndarray of uint8, shape (bits + 1, frames)
        His key, a frame a column, each with a zero at its end for the places that hold no bit.
    open_bits : ndarray of uint8, shape (bits + 1, frames)
        1 where a bit is open, 0 where both sides know what stands there.
    blocks : Blocks
        What the public seed says.
    most_errors, most_questions : int, optional
        How many errors he corrects, and how often he asks, before he takes the answers for altered. None:
        without end.
    engine : {"auto", "numba", "numpy"}
        Who computes. Both ask the same and find the same; numba is faster, must be installed, and compiles when it is
        first used, which takes seconds. "auto" takes it if it is there.

    Raises
    ------
    ValueError
        If there is no such engine.

    Taught in :doc:`/communication/secret_key`.
    """

    def __init__(
        self,
        key: Bits,
        open_bits: Bits,
        blocks: Blocks,
        most_errors: int | None = None,
        most_questions: int | None = None,
        engine: Engine = "auto",
    ) -> None:
        self._blocks = blocks
        self._search = _search_of(engine)(blocks, key, open_bits)
        self._most_errors, self._most_questions = most_errors, most_questions
        self._questions = 0

    @property
    def key(self) -> Bits:
        """His bits as they are now."""
        return self._search.key

    def correct(self) -> Generator[Index, Bits, None]:
        """Go through all passes; after each, no block of any pass is known to differ.

        Every frame goes its own way, and one message asks what all of them want to know.

        Yields
        ------
        ndarray of int
            The numbers of some blocks. He must be sent Alice's parities of them, a bit each.

        Raises
        ------
        ChannelError
            If the parities contradict each other, or he met more errors or asked more often than he may.
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
                    "reconcile",
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


def _search_of(engine: Engine) -> type[Search]:
    if engine_of(engine) == "numpy":
        return Search
    # Imported here: few need it.
    from qlearn.communication.secret_key.reconciliation.cascade._compiled import CompiledSearch

    return CompiledSearch
