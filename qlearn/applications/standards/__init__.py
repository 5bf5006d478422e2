"""What standards fix, what a link costs in energy and money, and what a buyer asks."""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
