"""One look for every figure and table of the book; Matplotlib is imported on first use.

>>> from qlearn.plotting import COLORS
>>> COLORS["eve"]
'#D55E00'
"""

from qlearn.plotting.look import COLORS, style
from qlearn.plotting.points import binomial_error, theory_and_points
from qlearn.plotting.sphere import bloch_sphere
from qlearn.plotting.table import ProtocolTable, protocol_table
from qlearn.plotting.waterfall import waterfall

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
