"""Part II: keys and states sent over quantum channels; one module a protocol.

>>> from qlearn.communication import bb84
>>> bb84.exchange(8, rng=1).alice_bits.shape
(8,)
"""

from importlib import import_module
from types import ModuleType

_PROTOCOLS = (
    "bb84",
    "continuous_variables",
    "eavesdropping",
    "entangled_keys",
    "fibre",
    "photons",
    "secret_key",
    "satellite",
    "teleportation",
)

__all__ = list(_PROTOCOLS)


def __getattr__(name: str) -> ModuleType:
    if name in _PROTOCOLS:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(_PROTOCOLS)}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PROTOCOLS])
