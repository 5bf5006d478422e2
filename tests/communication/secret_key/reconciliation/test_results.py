"""The engine: numba where it is installed, NumPy elsewhere, and a refusal of what is neither.

What reconciliation leaves: its efficiency is what was said over Shannon's least.
"""

import sys

import numpy as np
import pytest

from qlearn.communication import binary_entropy
from qlearn.communication.secret_key import CorrectedKey, ReconciledKeys
from qlearn.communication.secret_key.reconciliation.cascade.binary_search import Bob
from qlearn.communication.secret_key.reconciliation.cascade.blocks import Blocks
from qlearn.communication.secret_key.reconciliation.results import engine_of


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


def reconciled(disclosed):
    key = np.zeros(1000, dtype=np.uint8)
    return ReconciledKeys(key, key, disclosed, rounds=2, verified=True, frame=1000)


def test_efficiency_is_one_at_shannons_limit():
    least = 1000 * float(binary_entropy(0.05))
    assert reconciled(round(least)).efficiency(0.05) == pytest.approx(1, abs=2e-3)
    assert reconciled(round(1.2 * least)).efficiency(0.05) == pytest.approx(1.2, abs=2e-3)


@pytest.mark.parametrize(("qber", "says"), [(0, "between 0 and 1"), (1, "between 0 and 1"), (2, "must be")])
def test_refuses_a_rate_with_nothing_to_compare(qber, says):
    with pytest.raises(ValueError, match=says):
        reconciled(10).efficiency(qber)


def test_no_key_is_printed():
    bits = np.ones(64, dtype=np.uint8)
    pair = ReconciledKeys(bits, bits, disclosed=3, rounds=2, verified=True, frame=64)
    assert repr(pair) == "ReconciledKeys(disclosed=3, rounds=2, verified=True, frame=64)"
    assert (
        repr(CorrectedKey(bits, disclosed=3, rounds=2, frame=64))
        == "CorrectedKey(disclosed=3, rounds=2, frame=64)"
    )
