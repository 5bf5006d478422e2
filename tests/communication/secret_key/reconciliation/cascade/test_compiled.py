"""The compiled search asks what NumPy's asks, in the same order, and ends with the same key."""

import numpy as np
import pytest

from qlearn.communication.secret_key import PublicChannel
from qlearn.communication.secret_key.reconciliation.cascade import correct

pytest.importorskip("numba", reason="numba is an optional extra")


@pytest.mark.parametrize("variant", ["near-optimal", "original"])
@pytest.mark.parametrize(
    ("n", "qber", "frame"), [(5_000, 0.04, 1 << 14), (9_000, 0.01, 1_000), (40_000, 0.08, 1 << 14)]
)
def test_one_conversation(n, qber, frame, variant):
    rng = np.random.default_rng(n)
    alice = rng.integers(0, 2, n, dtype=np.uint8)
    bob = alice ^ (rng.random(n) < qber).astype(np.uint8)
    lines, keys = [PublicChannel(), PublicChannel()], []
    for line, engine in zip(lines, ("numpy", "numba"), strict=True):
        keys.append(
            correct(alice, bob, qber, frame=frame, variant=variant, channel=line, rng=1, engine=engine).bob
        )
    assert (keys[0] == keys[1]).all()
    assert lines[0].transcript("bob") == lines[1].transcript("bob")
