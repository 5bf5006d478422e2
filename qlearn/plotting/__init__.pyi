from ._glue import glue as glue
from .bloch import bloch_sphere as bloch_sphere
from .charts import (
    binomial_error as binomial_error,
    theory_and_points as theory_and_points,
    waterfall as waterfall,
)
from .protocol_tables import ProtocolTable as ProtocolTable, protocol_table as protocol_table
from .styles import COLORS as COLORS, style as style
