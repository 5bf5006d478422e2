"""Evidence: how two things are compared, what could have been seen, and what luck alone would do.

>>> from qlearn.evidence import paired
>>> with_gates, without = [0.91, 0.94, 0.90, 0.93, 0.95, 0.92], [0.90, 0.92, 0.90, 0.91, 0.92, 0.91]
>>> gain = paired(with_gates, without)
>>> print(gain, "-", gain.verdict())
+0.015 ± 0.004 - not told apart
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
