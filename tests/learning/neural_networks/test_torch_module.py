"""The module of PyTorch itself: it is saved and copied, works no more than it must, and says what is no tensor of features."""

import copy

import numpy as np
import pytest

from qlearn.learning.neural_networks import Ansatz, as_torch


@pytest.fixture
def torch():
    found = pytest.importorskip("torch", reason="torch is an optional extra")
    found.manual_seed(7)
    return found


def test_the_angles_may_move_before_the_way_back_only_where_pytorch_allows_it(torch):
    layer = as_torch(Ansatz(1, 1), [[[0.3, 0.4]]])
    z = layer(torch.tensor([[0.2]], dtype=torch.float64)).sum()
    with torch.no_grad():
        layer.angles += 1.0
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        z.backward()


def test_keeps_its_angles_when_saved_copied_and_loaded(torch, tmp_path):
    layer = as_torch(Ansatz(2, 2, "linear"))
    x = torch.rand(3, 2, dtype=torch.float64)
    torch.save(layer, tmp_path / "layer.pt")
    again = torch.load(tmp_path / "layer.pt", weights_only=False)
    other = as_torch(layer.ansatz)
    assert not torch.equal(other(x), layer(x))
    other.load_state_dict(layer.state_dict())
    for one in (again, other, copy.deepcopy(layer)):
        assert torch.equal(one(x), layer(x))


def test_only_what_is_asked_for_is_computed(torch, monkeypatch):
    """Without a gradient in the features the cheaper way back is taken."""
    ansatz = Ansatz(2, 1)
    layer = as_torch(ansatz)
    monkeypatch.setattr(Ansatz, "backward_to_features", None)
    layer(torch.rand(3, 2, dtype=torch.float64)).sum().backward()
    assert layer.angles.grad.abs().sum() > 0


def test_refuses_what_are_no_features(torch):
    layer = as_torch(Ansatz(2, 1))
    with pytest.raises(TypeError, match=r"tensor of real numbers .* not torch.int64"):
        layer(torch.ones(1, 2, dtype=torch.int64))
    with pytest.raises(TypeError, match="not ndarray"):
        layer(np.ones((1, 2)))
    with pytest.raises(ValueError, match="last axis of features"):
        layer(torch.tensor(1.0))
    with pytest.raises(ValueError, match="X must have 2 features"):
        layer(torch.ones(1, 3))
