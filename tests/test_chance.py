"""What asks for fresh randomness gets the same of it in every run of a test: see `chance` in the root's conftest."""

import random

import numpy as np
from sklearn.utils import check_random_state


def test_fresh_generators_draw_from_the_name_of_the_test(request):
    first, second = np.random.default_rng(), np.random.default_rng()
    name = random.Random(request.node.nodeid)
    legacy = name.getrandbits(32)  # NumPy's global generator is seeded before the test begins
    again = [np.random.default_rng(name.getrandbits(128)) for _ in range(2)]
    draws = [generator.random() for generator in (first, second)]
    assert draws == [generator.random() for generator in again]
    assert draws[0] != draws[1]
    assert check_random_state(None).random() == np.random.RandomState(legacy).random()
