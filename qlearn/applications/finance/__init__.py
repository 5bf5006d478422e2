"""What a bank asks: how long secrets must last, which shares to hold, who is in the network.

>>> from qlearn.applications.finance import mosca_margin
>>> float(mosca_margin(shelf_life=7, migration=6, threat=12))  # a year too late
-1.0
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
