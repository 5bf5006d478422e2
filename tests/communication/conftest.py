"""What the tests of protocols share: one way to compare a frequency with its chance."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def within():
    """Whether a frequency of n trials lies within some standard errors (6: a false alarm in 2e-9)."""

    def compare(seen, expected, n, sigmas=6):
        return abs(seen - expected) <= sigmas * np.sqrt(expected * (1 - expected) / n) + 1e-12

    return compare
