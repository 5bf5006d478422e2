"""The engine: numba where it is installed, NumPy elsewhere, and a refusal of what is neither. No key is printed."""

import sys

import numpy as np
import pytest

from qlearn.communication.secret_key import CorrectedKey, ReconciledKeys
from qlearn.communication.secret_key.reconciliation._interface import engine_of
from qlearn.communication.secret_key.reconciliation.cascade.binary_search import Blocks
from qlearn.communication.secret_key.reconciliation.cascade.protocol import Bob


def test_numba_is_meant_where_it_is_installed():
    pytest.importorskip("numba", reason="numba is an optional extra")
    assert [engine_of(engine) for engine in ("auto", "numba", "numpy")] == ["numba", "numba", "numpy"]


def test_numpy_is_meant_elsewhere(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)  # as if it were not installed
    assert [engine_of(engine) for engine in ("auto", "numpy")] == ["numpy", "numpy"]
    with pytest.raises(ValueError, match=r"pip install .*fast"):
        engine_of("numba")
    # Cascade does without it, too.
    blocks = Blocks(np.array([1], dtype=np.uint8), 1, 16, (4,))
    bits = np.zeros((17, 1), dtype=np.uint8)
    assert next(Bob(bits, 1 - bits, blocks).correct()).tolist() == [4, 5, 6, 7]


@pytest.mark.parametrize("wrong", ["gpu", "", None])
def test_refuses_another(wrong):
    with pytest.raises(ValueError, match="engine must be one of auto, numba, numpy, not"):
        engine_of(wrong)


def test_no_key_is_printed():
    bits = np.ones(64, dtype=np.uint8)
    pair = ReconciledKeys(bits, bits, disclosed=3, rounds=2, verified=True, frame=64)
    assert repr(pair) == "ReconciledKeys(disclosed=3, rounds=2, verified=True, frame=64)"
    assert (
        repr(CorrectedKey(bits, disclosed=3, rounds=2, frame=64))
        == "CorrectedKey(disclosed=3, rounds=2, frame=64)"
    )
