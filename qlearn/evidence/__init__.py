"""Evidence: how two things are compared, what could have been seen, and what luck alone would do.

>>> from qlearn.evidence import paired
>>> with_gates, without = [0.91, 0.94, 0.90, 0.93, 0.95, 0.92], [0.90, 0.92, 0.90, 0.91, 0.92, 0.91]
>>> gain = paired(with_gates, without)
>>> print(gain, "-", gain.verdict())
+0.015 ± 0.004 - not told apart
"""

from qlearn.evidence.false_alarms import beyond, binomial_band, counts_agree, false_alarm
from qlearn.evidence.holdout import Parts, seeds, settle_and_judge
from qlearn.evidence.significance import Average, Difference, average, paired, pooled
from qlearn.evidence.statistical_power import resolution
from qlearn.evidence.verdict_table import Verdicts, verdicts

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
