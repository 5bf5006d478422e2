"""A link that sets itself, and generated traces of its channel beside a fitted autoregression.

>>> from qlearn.control.adaptive_qkd import loss_traces
>>> loss_traces("outages", n_traces=4, length=10, rng=1).shape
(4, 10)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
