"""How a run is known again: whole, in any process, and by nothing but what counts."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, strategies as st
from sklearn.linear_model import SGDClassifier

from qlearn.networks.federated import FedAdam, FedAvg, NormClipping
from qlearn.networks.federated._identity import described, digest


def test_two_objects_of_one_setting_are_one_and_of_two_are_two():
    assert described(FedAvg()) == described(FedAvg())
    assert described(FedAvg()) != described(FedAvg(fraction=0.5))
    assert described(NormClipping(1.0, FedAdam())) != described(NormClipping(1.0, FedAdam(eta=0.2)))
    assert described(object()) == described(object())


def test_long_settings_are_told_whole():
    long = np.linspace(0, 1, 5000)
    other = long.copy()
    other[2500] += 1e-15
    assert described(long) != described(other)
    weights = [dict.fromkeys(range(300), 1.0), {i: 1.0 + (i == 150) for i in range(300)}]
    assert len({described(SGDClassifier(class_weight=one)) for one in weights}) == 2


@given(st.integers(0, 2), st.integers(0, 3), st.sampled_from(["row", "label", "shape"]))
def test_any_change_of_samples_changes_the_digest(row, column, what):
    X, y = np.arange(12.0).reshape(3, 4), np.array([0, 1, 1])
    before = digest(X, y)
    if what == "row":
        X[row, column] = np.nextafter(X[row, column], 100)
    elif what == "label":
        y[row] += 1
    else:
        X = X.reshape(4, 3)
    assert digest(X, y) != before


def test_how_samples_lie_in_memory_does_not_count():
    X, y = np.arange(12.0).reshape(3, 4), ["a", "b", "b"]
    for same in (np.asfortranarray(X), X.tolist(), X.astype(np.float32), X[::-1][::-1]):
        assert digest(same, np.array(y)) == digest(X, y)
    assert digest(X.astype(complex), y) != digest(X, y)  # states are not features


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_gives_the_same(seed):
    line = (
        "from qlearn.networks.federated._identity import described, digest; from qlearn.networks.federated import FedAdam; "
        "print(described(FedAdam()), digest([[1, 2]], ['x']))"
    )
    said = subprocess.run(
        [sys.executable, "-c", line], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
    ).stdout
    assert said.split("\n")[0] == f"{described(FedAdam())} {digest([[1, 2]], ['x'])}"
