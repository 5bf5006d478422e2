"""One BLAS thread where arrays are small: waking a second costs more than it saves.

Taught in :doc:`/learning/qsvm`.
"""

from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any

from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[Any]:
    """Run the block that follows with one BLAS thread, then give back what was set.

    Products below about 1e8 floating-point operations take microseconds on one thread; on a busy machine
    the wait for a second can take milliseconds.

    Examples
    --------
    >>> import numpy as np
    >>> with one_thread():
    ...     float((np.ones((2, 2)) @ np.ones((2, 2))).sum())
    8.0
    """
    if all(library.num_threads == 1 for library in _blas().lib_controllers if library.user_api == "blas"):
        return nullcontext()  # to set what is set takes longer than a step of training
    return _blas().limit(limits=1, user_api="blas")
