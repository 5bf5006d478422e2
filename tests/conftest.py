"""One thread, no display, and the same examples every time: set before anything numerical is imported."""

import os
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
os.environ.setdefault("SCIPY_ARRAY_API", "1")  # without it scikit-learn skips one of its checks of estimators

import matplotlib
import pytest
from hypothesis import settings

matplotlib.use("Agg")  # not by the environment: the chapters that tests start draw for the book

# Seeded and without a clock: a failure is the code's, never the machine's.
settings.register_profile("qlearn", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("qlearn")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return Path(__file__).resolve().parents[1]
