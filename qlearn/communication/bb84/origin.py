"""Origin: what light some bits came from, and whether a session has used them up."""

from collections.abc import Iterable
from threading import Lock
from typing import Any, Literal, get_args
from uuid import uuid4
from weakref import WeakValueDictionary

from numpy.typing import NDArray

Light = Literal["single photons", "laser pulses"]

_LOCK = Lock()


class Origin:
    """What sifted bits and their transmission have in common: they are used up together.

    A session that makes a key of bits speaks about them in public, and what was said cannot be taken back. So
    whatever has the same origin (a transmission, the keys sifted from it, copies and pickles of either) goes into one
    session or one estimate, once, and never into a second one. That reaches as far as this process: what another one
    inherits, or opens from a pickle, does not know what becomes of it here. An object that is made by hand from arrays is
    what its maker says it is: fresh bits of single photons, unless it is given another origin. And what is said by hand
    of the *arrays* (by ``cascade``, ``verify``, ``amplify``) is not noticed here: do not give such bits to a session.

    Parameters
    ----------
    light : {"single photons", "laser pulses"}
        What carried the bits. A laser pulse may hold two photons, of which Eve keeps one: its bits are worth less.
    spent : str
        What a session has said about them in public, or empty: they are fresh.

    Raises
    ------
    ValueError, TypeError
        If `light` is none of the two, or `spent` no words.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> sent = bb84.exchange(100, rng=1)
    >>> bb84.sift(sent).origin is sent.origin
    True

    Taught in :doc:`/communication/secret_key`.
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


def read_only(column: NDArray) -> NDArray:
    """Return a view of `column` that nobody can write in: other bits are other bits, with an origin of their own."""
    view = column.view()
    view.flags.writeable = False
    return view
