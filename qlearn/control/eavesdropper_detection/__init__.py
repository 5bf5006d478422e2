"""Who listens? Detectors on the counts of a link, learned and not, beside the optimum; and what an alarm is worth.

>>> from qlearn.control import eavesdropper_detection
>>> round(eavesdropper_detection.masked_intercept(0.03).information, 2)
0.06
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
