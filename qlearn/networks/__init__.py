"""Part V: models that learn together over a network. Its parts load on first use.

>>> from qlearn import networks
>>> networks.federated.FedAvg()
FedAvg(local_epochs=1, fraction=1.0)
"""

from importlib import import_module
from types import ModuleType

_PARTS = ("federated",)

__all__ = list(_PARTS)


def __getattr__(name: str) -> ModuleType:
    if name in _PARTS:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; its parts are {', '.join(_PARTS)}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_PARTS})
