from .datasets import DATASETS as DATASETS, Dataset as Dataset, load_dataset as load_dataset
from .inner_products import sampled_cosine as sampled_cosine, swap_test as swap_test
from .models import Candidate as Candidate, candidates as candidates
from .nested_cross_validation import nested_scores as nested_scores
from .scaling_laws import GrowthLaw as GrowthLaw, fit_growth as fit_growth
