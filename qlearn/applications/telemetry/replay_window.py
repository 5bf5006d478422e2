"""Replay window: which numbers of frames were taken, in 64 bits of memory."""

from qlearn._checks import as_count


class ReplayWindow:
    """Tell numbers that are new from those that were taken or come too late to know.

    It remembers the highest number that was taken and, in one word of bits, which of those before it were. A number that
    is `size` or more behind is refused, because nobody remembers it any more: messages may be lost and overtake each other
    within the window, and none is taken twice.

    Parameters
    ----------
    size : int
        How many numbers are remembered, from the highest down.

    Examples
    --------
    >>> window = ReplayWindow(4)
    >>> window.take(5)
    >>> window.refusal(5), window.refusal(3), window.refusal(1)
    ('taken already', None, 'too late')

    References
    ----------
    RFC 4303 (2005), section 3.4.3: the window of IPsec.
    """

    def __init__(self, size: int = 64) -> None:
        self.size = as_count(size, "size")
        self.highest = -1
        """The highest number that was taken; -1 before the first."""
        self._seen = 0

    def refusal(self, number: int) -> str | None:
        """Return why a number is refused, or None if it is new; nothing changes."""
        back = self.highest - as_count(number, "number", 0)
        if back < 0:
            return None
        if back >= self.size:
            return "too late"
        return "taken already" if self._seen >> back & 1 else None

    def take(self, number: int) -> None:
        """Note a number as taken: only after its tag was found right, else a forged one shuts true ones out."""
        why = self.refusal(number)
        if why is not None:
            raise ValueError(f"number must be new, not {number}: it is {why}")
        if number > self.highest:
            self._seen = self._seen << min(number - self.highest, self.size) & (1 << self.size) - 1
            self.highest = number
        self._seen |= 1 << (self.highest - number)
