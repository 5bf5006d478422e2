"""Hand a value to the prose around a cell."""

from typing import Any


def glue(name: str, value: Any, display: bool = False) -> None:
    """Give a value to the prose of the chapter, where the book fills it in; outside of the book nothing happens.

    Parameters
    ----------
    name : str
        What the prose calls it.
    value : object
        Text, a number, anything that can be shown.
    display : bool
        Whether the cell shows it too.

    Examples
    --------
    >>> glue("half", 0.5)
    """
    try:
        from myst_nb import glue as hand_on
    except ImportError:  # the library alone
        return
    hand_on(name, value, display=display)
