"""A fair comparison: eleven data sets, tuned rivals, judges that see no training row, and laws of growth.

>>> from qlearn.learning.comparison import growth
>>> round(growth([10, 20, 40], [1.0, 4.0, 16.0]).exponent, 6)
2.0
"""

from qlearn.learning.comparison.datasets import DATASETS, Dataset, load_dataset
from qlearn.learning.comparison.device import counted_kernel
from qlearn.learning.comparison.inner_products import sampled_cosine, swap_test
from qlearn.learning.comparison.models import Candidate, candidates
from qlearn.learning.comparison.nested import nested_scores
from qlearn.learning.comparison.scaling import Growth, growth

__all__ = [
    "DATASETS",
    "Candidate",
    "Dataset",
    "Growth",
    "candidates",
    "counted_kernel",
    "growth",
    "load_dataset",
    "nested_scores",
    "sampled_cosine",
    "swap_test",
]
