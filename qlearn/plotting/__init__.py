"""One look for every figure and table of the book; Matplotlib is imported on first use.

>>> from qlearn.plotting import COLORS
>>> COLORS["eve"]
'#D55E00'
"""

from qlearn.plotting.bloch import bloch_sphere
from qlearn.plotting.charts import binomial_error, theory_and_points, waterfall
from qlearn.plotting.protocol_tables import ProtocolTable, protocol_table
from qlearn.plotting.styles import COLORS, style

__all__ = [
    "COLORS",
    "ProtocolTable",
    "binomial_error",
    "bloch_sphere",
    "protocol_table",
    "style",
    "theory_and_points",
    "waterfall",
]
