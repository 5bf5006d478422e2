"""Packages whose names load on first use: each package's table of names is its stub, ``__init__.pyi``."""

from collections.abc import Callable
from typing import Any

import lazy_loader


def attach(package: str, file: str) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` of a package, as its stub lists them.

    As :func:`lazy_loader.attach_stub`, with an error that says what there is.
    """
    load, names, listed = lazy_loader.attach_stub(package, file)

    def attribute(name: str) -> Any:
        if name not in listed:
            raise AttributeError(
                f"module {package!r} has no attribute {name!r}; it offers {', '.join(listed)}"
            )
        return load(name)

    return attribute, names, listed
