"""Secure aggregation: a server that gets the sum of its clients' updates, and none of them.

>>> from qlearn.networks import secure_aggregation
>>> shares = secure_aggregation.threshold_shares(b"key", n_shares=5, threshold=3)
>>> secure_aggregation.recover_secret({j: shares[j] for j in (1, 4, 5)}, threshold=3)
b'key'
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
