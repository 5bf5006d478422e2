"""Sealed lines: what arrives is what was sent, what is counted is what the reserves lost, and a flipped bit is noticed."""

import numpy as np

from qlearn.networks.orchestration import KeyReserves, KPIs, Orders
from qlearn.networks.orchestration._sealed_lines import SealedLines


def lines(words=40):
    reserves = KeyReserves(3, words, rng=0)
    reserves.add(np.full(3, 64.0 * words))
    return SealedLines(reserves)


def test_counts_what_the_reserves_lose():
    line = lines()
    before = line.reserves.levels.copy()
    values = np.random.default_rng(1).normal(size=(2, 5))
    arrived, genuine = line.carry(np.array([2, 0]), values)
    assert (arrived == values).all()
    assert genuine.all()
    assert (before - line.reserves.levels).tolist() == [9, 0, 9]
    assert line.key_bits == 64 * 18
    assert line.bits == 2 * (5 * 64 + 128)
    assert line.messages == 2


def test_a_message_of_nothing_still_has_its_tag():
    line = lines()
    arrived, genuine = line.carry(np.array([1]), np.empty((1, 0)))
    assert arrived.shape == (1, 0)
    assert genuine.all()
    assert line.key_bits == 64 * 4


def test_a_flipped_bit_is_noticed_on_its_link_alone():
    line = lines()
    line.flip = {1}
    _, genuine = line.carry(np.array([0, 1, 2]), np.ones((3, 2)))
    assert genuine.tolist() == [True, False, True]


def test_orders_take_two_tags_or_do_not_go():
    line = lines(words=10)
    assert line.tell(1, "aggregator 1", Orders(assignment={"unit 0": "aggregator 1"}), KPIs(1))
    assert line.reserves.levels[1] == 2
    told = b'{"update_every": 1, "local_epochs": 1, "model_size": 1.0, "assignment": ["unit 0"], "on_empty": "wait"}'
    assert line.management_bits == 8 * (len(told) + 7 * 8) + 2 * 128
    assert line.key_bits == 64 * 8
    assert not line.tell(1, "aggregator 1", Orders(), KPIs(1))
    assert line.reserves.levels[1] == 2


def test_a_relayed_key_counts_on_every_hop():
    line = lines()
    line.hops = np.array([2, 0, 3])
    line.carry(np.array([2, 0, 1]), np.ones((3, 5)))
    assert line.key_bits == 64 * 9 * (3 + 2 + 0)
    assert line.tell(0, "aggregator 0", Orders(), KPIs(1))
    assert line.key_bits == 64 * (9 * 5 + 2 * 8)
