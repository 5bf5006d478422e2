"""Evidence: how two things are compared, what could have been seen, and what luck alone would do.

>>> from qlearn.evidence import paired
>>> with_gates, without = [0.91, 0.94, 0.90, 0.93, 0.95, 0.92], [0.90, 0.92, 0.90, 0.91, 0.92, 0.91]
>>> gain = paired(with_gates, without)
>>> print(gain, "-", gain.verdict())
+0.015 ± 0.004 - not told apart
"""

from qlearn.evidence.average import Average, average
from qlearn.evidence.bands import binomial_band, counts_agree
from qlearn.evidence.difference import Difference, paired
from qlearn.evidence.false_alarm import beyond, false_alarm
from qlearn.evidence.parts import Parts, seeds, settle_and_judge
from qlearn.evidence.pooled import pooled
from qlearn.evidence.resolution import resolution
from qlearn.evidence.verdicts import Verdicts, verdicts

__all__ = [
    "Average",
    "Difference",
    "Parts",
    "Verdicts",
    "average",
    "beyond",
    "binomial_band",
    "counts_agree",
    "false_alarm",
    "paired",
    "pooled",
    "resolution",
    "seeds",
    "settle_and_judge",
    "verdicts",
]
