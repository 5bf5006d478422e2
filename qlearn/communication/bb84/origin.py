"""Origin: what light some bits came from, and whether a session has used them up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Light = Literal["single photons", "laser pulses"]


@dataclass(eq=False)
class Origin:
    """What sifted bits and their transmission have in common: they are used up together.

    A session that makes a key of bits speaks about them in public, and what was said cannot be taken back. So
    whatever has the same origin (a transmission, the keys sifted from it, copies of either) goes into one session,
    and never into a second one.

    Parameters
    ----------
    light : {"single photons", "laser pulses"}
        What carried the bits. A laser pulse may hold two photons, of which Eve keeps one: its bits are worth less.
    spent : str
        What a session has said about them in public, or empty: they are fresh.

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
