"""Which noise is on the line, and where it drifts to: estimators, their limits, and what knowing is worth in secret bits.

>>> from qlearn.control.channel_estimation import gauss_markov
>>> gauss_markov(4, a=0.9, process_noise=0.19, rng=1).shape
(4,)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
