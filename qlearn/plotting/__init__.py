"""One look for every figure and table of the book; Matplotlib is imported on first use.

>>> from qlearn.plotting import COLORS
>>> COLORS["eve"]
'#D55E00'
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
