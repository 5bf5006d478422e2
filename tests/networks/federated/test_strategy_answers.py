"""What a strategy answers, and how what is no answer is refused."""

import re

import numpy as np
import pytest

from qlearn.networks.federated import FedAvg
from qlearn.networks.federated._strategy_answers import (
    chosen_of,
    pair_of,
    refuse_unless_strategy,
    settings_of,
)


def test_what_lacks_a_method_is_no_strategy():
    class Half(FedAvg):
        aggregate = None

    refuse_unless_strategy(FedAvg())
    with pytest.raises(
        TypeError, match=r"must have the methods start, choose, config, aggregate, .* lacks aggregate"
    ):
        refuse_unless_strategy(Half())
    with pytest.raises(TypeError, match=r"strategy must be an object, as FedAvg\(\), not the class"):
        refuse_unless_strategy(FedAvg)


def test_settings_are_a_copy_without_a_seed():
    class Kept(FedAvg):
        told = {"round": 1}

        def config(self, number):
            return self.told

    settings = settings_of(Kept(), 1)
    settings["epochs"] = 5
    assert Kept.told == {"round": 1}
    Kept.told = {"seed": 1}
    with pytest.raises(ValueError, match="config must not hold 'seed'"):
        settings_of(Kept(), 1)


@pytest.mark.parametrize("answer", [None, [1, 2], ([np.zeros(1)],), ([], None, 1)])
def test_a_merge_is_a_pair(answer):
    with pytest.raises(TypeError, match=r"aggregate must return \(model, state\), a tuple of two, not a"):
        pair_of(answer)


def test_a_pair_passes():
    assert pair_of(([], 3)) == ([], 3)


def test_those_chosen_are_there_and_different():
    assert chosen_of(np.array([2, 0]), 3) == [2, 0]
    for wrong in ([], [3], [1, 1]):
        with pytest.raises(
            ValueError, match=re.escape(f"different clients of 0 to 2, at least one, not {wrong}")
        ):
            chosen_of(wrong, 3)
    with pytest.raises(ValueError, match="choose"):
        chosen_of([-1], 3)
