"""From pulses to a model trained under their key: one program that runs the whole way, and its ledger."""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
