"""Part I: states, measurement, entanglement, and the one `Circuit` that every chapter runs."""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
