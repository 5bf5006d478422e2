"""What reconciliation leaves: its efficiency is what was said over Shannon's least."""

import numpy as np
import pytest

from qlearn.communication.entropy import binary_entropy
from qlearn.communication.postprocessing import Reconciled


def reconciled(disclosed):
    key = np.zeros(1000, dtype=np.uint8)
    return Reconciled(key, key, disclosed, rounds=2, verified=True, frame=1000)


def test_efficiency_is_one_at_shannons_limit():
    least = 1000 * float(binary_entropy(0.05))
    assert reconciled(round(least)).efficiency(0.05) == pytest.approx(1, abs=2e-3)
    assert reconciled(round(1.2 * least)).efficiency(0.05) == pytest.approx(1.2, abs=2e-3)


@pytest.mark.parametrize(("qber", "says"), [(0, "between 0 and 1"), (1, "between 0 and 1"), (2, "must be")])
def test_refuses_a_rate_with_nothing_to_compare(qber, says):
    with pytest.raises(ValueError, match=says):
        reconciled(10).efficiency(qber)
