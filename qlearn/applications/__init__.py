"""Part VI: what the parts before it are worth in a service, a hospital, a network, a bank. Its parts load on first use."""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
