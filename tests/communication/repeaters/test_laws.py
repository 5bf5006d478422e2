"""The laws behind a chain: maps on characters are those on pairs, and swaps of many pairs are swaps one by one."""

from functools import reduce

import numpy as np
import pytest

from qlearn.communication import repeaters
from qlearn.communication.repeaters import _laws
from qlearn.communication.repeaters.memories import CHARACTERS
from qlearn.communication.repeaters.purification import METHODS, agreeing, turned

PAIRS = np.random.default_rng(1).dirichlet(np.ones(4), (20, 2))


@pytest.mark.parametrize("method", METHODS)
def test_purification_on_characters(method):
    turn = turned(method)
    merge = _laws.bilinear(lambda a, b: agreeing(turn(a), turn(b), 0.98, 0.97), CHARACTERS)
    for first, second in PAIRS:
        made = CHARACTERS @ merge.of(CHARACTERS @ first, CHARACTERS @ second) / 4
        pair, chance = repeaters.purify_bell(first, second, method, gate=0.98, readout=0.97)
        np.testing.assert_allclose(made, chance * pair, atol=1e-14)


@pytest.mark.parametrize("copies", [2, 3, 6])
def test_swaps_on_characters(copies):
    def faulty(a, b):
        return repeaters.swap_bell(a, b, gate=0.98, readout=0.97)

    merge = _laws.chained(lambda a, b: 0.5 * faulty(a, b), CHARACTERS, copies)
    for pair, _ in PAIRS:
        made = CHARACTERS @ merge.apply(CHARACTERS @ pair) / 4
        np.testing.assert_allclose(made, 0.5 ** (copies - 1) * reduce(faulty, [pair] * copies), atol=1e-14)


def test_a_plan_and_its_settings_say_the_same():
    plan = repeaters.Plan(length_km=200, links=4, fidelity=0.98)
    assert repeaters.chain_of(plan).rate == repeaters.chain(200, links=4, fidelity=0.98).rate
    with pytest.raises(TypeError, match="plan must be a Plan"):
        repeaters.chain_of(200)
