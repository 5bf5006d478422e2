"""Sealed shares: what is sealed opens where all fits, and nowhere else."""

from dataclasses import replace

import numpy as np

from qlearn.networks.secure_aggregation import PairKeys, Terms
from qlearn.networks.secure_aggregation._sealed_shares import open_share, seal_share
from qlearn.networks.secure_aggregation.pairwise_pads import pair_bytes

TERMS = Terms(("Ann", "Ben", "Cem"), size=4)
MATERIAL = np.random.default_rng(2).bytes(pair_bytes(32, recover=True))
ANN, BEN = (PairKeys.cut(MATERIAL, 32, recover=True, first=first) for first in (True, False))


def test_a_share_opens_where_it_belongs():
    share = bytes(range(32))
    sealed = seal_share(share, ANN, TERMS, 3, "Ann", "Ben")
    assert len(sealed) == 48
    assert bytes(a ^ b for a, b in zip(sealed, ANN.outgoing, strict=False)) == share
    assert open_share(sealed, BEN, TERMS, 3, "Ann", "Ben") == share
    back = seal_share(share, BEN, TERMS, 3, "Ben", "Ann")
    assert open_share(back, ANN, TERMS, 3, "Ben", "Ann") == share
    assert back[:32] != sealed[:32]  # a pad for each way


def test_and_nowhere_else():
    sealed = seal_share(bytes(32), ANN, TERMS, 3, "Ann", "Ben")
    others = replace(TERMS, corrupted=1, threshold=0)
    assert open_share(sealed, BEN, TERMS, 4, "Ann", "Ben") is None
    assert open_share(sealed, BEN, TERMS, 3, "Cem", "Ben") is None
    assert open_share(sealed, BEN, TERMS, 3, "Ann", "Cem") is None
    assert open_share(sealed, BEN, others, 3, "Ann", "Ben") is None
    assert open_share(sealed, ANN, TERMS, 3, "Ann", "Ben") is None  # sent back to its sender
    for wrong in (b"", sealed[:-1], sealed + b"a", bytes(48)):
        assert open_share(wrong, BEN, TERMS, 3, "Ann", "Ben") is None
