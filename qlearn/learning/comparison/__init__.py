"""A fair comparison: eleven data sets, tuned rivals, judges that see no training row, and laws of growth.

>>> from qlearn.learning.comparison import growth
>>> round(growth([10, 20, 40], [1.0, 4.0, 16.0]).exponent, 6)
2.0
"""

from qlearn.learning.comparison.datasets import DATASETS, Dataset, load_dataset
from qlearn.learning.comparison.inner_products import sampled_cosine, swap_test
from qlearn.learning.comparison.models import Candidate, candidates
from qlearn.learning.comparison.nested_cross_validation import nested_scores
from qlearn.learning.comparison.scaling_laws import Growth, growth
from qlearn.learning.qsvm.shot_noise import counted_kernel

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
