"""Part IV: models that watch a link and set it, beside the optimum of each task. Its parts load on first use."""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
