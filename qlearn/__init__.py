"""Quantum communication and quantum machine learning, one concept a module.

The five parts of the book are the five packages of the library. They load on first use, so that
``import qlearn`` stays cheap and pulls in no quantum SDK.

>>> import qlearn
>>> qlearn.qubits.ket("0").shape
(2,)
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

_PARTS = ("evidence", "qubits", "communication", "learning", "networks", "exercises", "plotting")

__all__ = list(_PARTS)


def __getattr__(name: str) -> ModuleType:
    if name in _PARTS:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module 'qlearn' has no attribute {name!r}; its parts are {', '.join(_PARTS)}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PARTS])
