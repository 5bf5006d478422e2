"""Exercises of an edition without solutions: their modules check answers, and are not for reading.

`tools/edition.py` makes that edition. What is sealed is packed, not encrypted: whoever is determined can unpack it.
"""

import zlib
from base64 import b85decode, b85encode
from typing import Any

SEALED = "This edition of qlearn holds no solutions."


def seal(source: str) -> str:
    """Pack source code.

    Examples
    --------
    >>> names = {}
    >>> unseal(names, seal("half = 1 / 2"))
    >>> names["half"]
    0.5
    """
    return b85encode(zlib.compress(source.encode(), 9)).decode()


def unseal(names: dict[str, Any], packed: str) -> None:
    """Run packed source code on the names of its module."""
    exec(compile(zlib.decompress(b85decode(packed)), "<sealed>", "exec"), names)
