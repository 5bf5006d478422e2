"""One BLAS thread inside the block, what was set before after it."""

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from qlearn.learning._threads import one_thread


def blas_threads():
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_one_thread_inside_and_the_old_number_after():
    np.ones(2) @ np.ones(2)
    with threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        with one_thread():
            assert blas_threads() == {1}
        assert blas_threads() == before


def test_the_old_number_comes_back_after_an_error():
    np.ones(2) @ np.ones(2)
    with threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        with pytest.raises(ZeroDivisionError), one_thread():
            1 / 0
        assert blas_threads() == before


def test_a_block_within_a_block_leaves_it_one():
    with threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        with one_thread():
            with one_thread():
                assert blas_threads() == {1}
            assert blas_threads() == {1}
        assert blas_threads() == before
