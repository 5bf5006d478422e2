"""Origin: what light some bits came from, and whether a session has used them up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from numpy.typing import NDArray

Light = Literal["single photons", "laser pulses"]


@dataclass(eq=False)
class Origin:
    """What sifted bits and their transmission have in common: they are used up together.

    A session that makes a key of bits speaks about them in public, and what was said cannot be taken back. So
    whatever has the same origin (a transmission, the keys sifted from it, copies of either) goes into one session,
    and never into a second one. It is kept in this process: of bits that were pickled, or written to a file, a copy
    knows nothing of what is said about the others.

    Parameters
    ----------
    light : {"single photons", "laser pulses"}
        What carried the bits. A laser pulse may hold two photons, of which Eve keeps one: its bits are worth less.
    spent : str
        What a session has said about them in public, or empty: they are fresh.

    Raises
    ------
    ValueError, TypeError
        If `light` is no kind of light, or `spent` no text.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> sent = bb84.exchange(100, rng=1)
    >>> bb84.sift(sent).origin is sent.origin
    True

    Taught in :doc:`/communication/secret_key`.
    """

    light: Light = "single photons"
    spent: str = ""

    def __post_init__(self) -> None:
        kinds = get_args(Light)
        if self.light not in kinds:
            raise ValueError(
                f"light must be one of {kinds}, not {self.light!r}: it decides what the bits are worth"
            )
        if not isinstance(self.spent, str):
            raise TypeError(f"spent must be a text that says what a session gave away, not {self.spent!r}")

    def __copy__(self) -> "Origin":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Origin":
        return self  # a copy of the bits is no second set of bits

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


def as_origin(x: Any) -> Origin:
    """Return `x` if it is an Origin."""
    if not isinstance(x, Origin):
        raise TypeError(f"origin must be an Origin, as Origin() makes a fresh one, not {x!r}")
    return x


def read_only(column: NDArray) -> NDArray:
    """Return a view of `column` that nobody can write in: other bits are other bits, with an origin of their own."""
    view = column.view()
    view.flags.writeable = False
    return view
