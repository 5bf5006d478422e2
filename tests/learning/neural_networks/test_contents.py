"""Options by what they hold: the same one in other words is equal, another one that is written alike is not."""

import pickle

import numpy as np
import pytest

from qlearn.learning.encodings import PauliFeatureMap, ZZFeatureMap
from qlearn.learning.neural_networks._contents import contents
from qlearn.qubits import Circuit, Parameter


def turned(by):
    return Circuit(1).unitary([[np.cos(by), -np.sin(by)], [np.sin(by), np.cos(by)]], 0).ry(Parameter("t"), 0)


def parity(outcome):
    return outcome.bit_count() % 2


def other_parity(outcome):
    return 1 - outcome.bit_count() % 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([(0, 1)], ((0, 1),)),
        ({"ZZ": 1.0, "XI": 0.5}, {"XI": 0.5, "ZZ": 1}),
        (turned(0.3), turned(0.3)),
        (ZZFeatureMap(reps=1), ZZFeatureMap(reps=1)),
        (np.arange(3.0), np.arange(3.0)),
        (parity, parity),
        ("global", "global"),
    ],
)
def test_the_same_in_other_words_is_equal(one, other):
    assert contents(one) == contents(other)
    assert pickle.loads(pickle.dumps(contents(one))) == contents(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([(0, 1)], [(1, 0)]),
        ({"ZZ": 1.0}, {"ZZ": 1.0 + 1e-15}),
        (turned(0.3), turned(0.4)),
        (turned(0.3), turned(0.3).inverse()),
        (Circuit(1).ry(0.1, 0), Circuit(1).ry(0.1 + 1e-15, 0)),
        (Circuit(1).ry(Parameter("a"), 0), Circuit(1).ry(Parameter("b"), 0)),
        (Circuit(1).ry(Parameter("a"), 0), Circuit(1).ry(1.0000000001 * Parameter("a"), 0)),
        (turned(0.3), None),
        (ZZFeatureMap(reps=1), ZZFeatureMap(reps=2)),
        (PauliFeatureMap(data_map=parity), PauliFeatureMap(data_map=other_parity)),
        (np.zeros(2000), np.eye(1, 2000, 1000)[0]),
        (parity, other_parity),
        (2, "2"),
    ],
)
def test_another_one_is_not_equal(one, other):
    assert contents(one) != contents(other)


def test_what_was_looked_at_does_not_change_with_the_list():
    pairs, sums = [[0, 1]], [{"ZI": 1.0}]
    before = contents(pairs), contents(sums)
    pairs[0][1] = 2
    sums[0]["IZ"] = 1.0
    assert before[0] != contents(pairs)
    assert before[1] != contents(sums)
