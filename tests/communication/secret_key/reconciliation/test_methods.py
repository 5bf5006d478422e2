"""The table of methods: each makes Bob's key Alice's, says what it cost, and what is no method is refused.

What reconciliation leaves: its efficiency is what was said over Shannon's least.
"""

import numpy as np
import pytest

from qlearn.communication import binary_entropy
from qlearn.communication.secret_key import PublicChannel, ReconciledKeys, reconcile
from qlearn.communication.secret_key.reconciliation.methods import RECONCILERS

RNG = np.random.default_rng(1)
ALICE = RNG.integers(0, 2, 20_000, dtype=np.uint8)
BOB = ALICE ^ (RNG.random(20_000) < 0.03)


@pytest.mark.parametrize("method", RECONCILERS)
def test_any_method_makes_equal_keys_and_counts_what_it_says(method):
    line = PublicChannel()
    done = reconcile(ALICE, BOB, 0.03, method=method, frame=5_000, channel=line, rng=2)
    assert done.verified
    assert (done.alice == ALICE).all()
    assert (done.bob == ALICE).all()
    assert done.frame <= 5_000
    assert done.disclosed == line.disclosed["reconcile"]
    assert line.disclosed["verify"] > 0
    assert 1 < done.efficiency(float((ALICE != BOB).mean())) < 1.4


def test_cascade_is_meant_where_nothing_is_said():
    one, other = (reconcile(ALICE, BOB, 0.03, rng=3, **options) for options in ({}, {"method": "cascade"}))
    assert (one.disclosed, one.rounds) == (other.disclosed, other.rounds)


def test_a_variant_is_of_cascade_alone():
    spoken = [reconcile(ALICE, BOB, 0.03, variant=v, rng=3).rounds for v in ("original", "near-optimal")]
    assert spoken[0] < spoken[1]
    with pytest.raises(ValueError, match="variant is an option of cascade alone, not of ldpc"):
        reconcile(ALICE, BOB, 0.03, method="ldpc", variant="original")


@pytest.mark.parametrize("method", ["winnow", "", None, ["cascade"]])
def test_refuses_what_is_no_method(method):
    with pytest.raises(ValueError, match="method must be one of cascade, ldpc, not"):
        reconcile(ALICE, BOB, 0.03, method=method)


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
