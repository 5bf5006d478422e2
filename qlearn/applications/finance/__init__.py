"""What a bank asks: how long secrets must last, which shares to hold, who is in the network."""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
