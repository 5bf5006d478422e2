"""What the strategies share: options by name, one look at the updates, a mean that rounding does not push out."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.networks.federated import FedAvg
from qlearn.networks.federated._shared import PLAIN, Asking, Wrapping, flattened, inner_mean, stacked


def test_options_come_by_name():
    assert Asking(local_epochs=3, fraction=0.5).config(2) == {"round": 2, "epochs": 3}
    with pytest.raises(TypeError, match="positional"):
        Asking(3)


def test_stacks_layer_by_layer_and_side_by_side():
    rng = np.random.default_rng(0)
    models = [[rng.normal(size=(2, 3)), rng.normal(size=2)] for _ in range(4)]
    layers = stacked([(model, 5) for model in models])
    assert [layer.shape for layer in layers] == [(4, 2, 3), (4, 2)]
    rows = flattened(layers)
    for row, model in zip(rows, models, strict=True):
        np.testing.assert_array_equal(row, np.concatenate([p.ravel() for p in model]))


@pytest.mark.parametrize(
    ("updates", "says"),
    [
        ([], "no client answered"),
        ([([np.zeros(2)], 1), ([np.zeros(1)], 1)], "updates must have the same shapes"),
        ([([np.zeros(2)], 1), ([np.array([0.0, np.nan])], 1)], "update 1 holds NaN or infinity"),
    ],
)
def test_refuses(updates, says):
    with pytest.raises(ValueError, match=says):
        stacked(updates)


@given(st.floats(-1e300, 1e300), st.integers(1, 9))
def test_a_mean_of_equal_numbers_is_the_number(x, n):
    assert inner_mean(np.full(n, x)) == x


@pytest.mark.parametrize("inside", [FedAvg, None, 3])
def test_a_wrapping_needs_a_strategy_inside(inside):
    class Around(Wrapping):
        strategy = inside

    with pytest.raises(TypeError, match="strategy must be a strategy"):
        Around().__post_init__()


def test_a_wrapping_leaves_all_but_the_merging_to_what_is_inside():
    class Around(Wrapping):
        strategy = PLAIN

    assert Around().start([np.zeros(1)]) is None
    assert Around().choose(3, 0) == [0, 1, 2]
    assert Around().config(4) == {"round": 4, "epochs": 1}
