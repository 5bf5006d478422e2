from ._glue import glue as glue
from .bloch import bloch_sphere as bloch_sphere
from .charts import (
    binomial_error as binomial_error,
    theory_and_points as theory_and_points,
    waterfall as waterfall,
)
from .decision_regions import DecisionRegionDisplay as DecisionRegionDisplay
from .kernel_matrix import KernelDisplay as KernelDisplay
from .protocol_tables import ProtocolTable as ProtocolTable, protocol_table as protocol_table
from .styles import COLORS as COLORS, style as style
from .tables import Table as Table, show_table as show_table
from .trained_circuit import CircuitDisplay as CircuitDisplay
from .training_curves import (
    GradientDisplay as GradientDisplay,
    LossCurveDisplay as LossCurveDisplay,
)
