"""Bayesian optimisation: budgets are kept, known optima are found, and models are ahead of luck where they should be."""

import numpy as np
import pytest

from qlearn.control.adaptive_qkd import optimise

SPACE = {"a": (0.0, 2.0), "b": (-1.0, 1.0)}


def hill(x):
    return -((x["a"] - 1.3) ** 2) - (x["b"] + 0.4) ** 2


@pytest.mark.parametrize("method", ["tpe", "gp", "random", "grid"])
def test_asks_as_often_as_it_may_and_inside_the_space(method):
    asked = []

    def counted(x):
        asked.append((x["a"], x["b"]))
        return hill(x)

    found = optimise(counted, SPACE, 13, method=method, rng=1)
    assert len(asked) == 13
    np.testing.assert_allclose(found.points, asked)
    np.testing.assert_allclose(found.values, [hill({"a": a, "b": b}) for a, b in asked])
    assert ((found.points >= [0, -1]) & (found.points <= [2, 1])).all()
    assert (found.best["a"], found.best["b"]) in asked
    assert hill(found.best) == pytest.approx(found.value)
    again = optimise(hill, SPACE, 13, method=method, rng=1)
    np.testing.assert_array_equal(again.points, found.points)


def test_a_grid_is_a_grid():
    points = optimise(hill, SPACE, 11, method="grid", rng=2).points
    assert sorted({*points[:9, 0].round(9)}) == pytest.approx([1 / 3, 1, 5 / 3])
    assert len({tuple(p) for p in points[:9].round(9)}) == 9


@pytest.mark.parametrize("method", ["tpe", "gp"])
def test_a_model_is_ahead_of_luck(method):
    # 40 trials in two directions: random search is .016 from the top in the mean of six, "tpe" .002 and "gp" nearer still
    missed = {
        kind: np.mean([-hill(optimise(hill, SPACE, 40, method=kind, rng=seed).best) for seed in range(6)])
        for kind in (method, "random")
    }
    assert missed[method] < missed["random"]


def test_under_noise_the_model_judges_and_not_the_luckiest_trial():
    rng = np.random.default_rng(3)
    found = optimise(lambda x: hill(x) + 0.3 * rng.normal(), SPACE, 40, method="gp", rng=4)
    assert hill(found.best) > -0.35
    lucky = found.points[found.values.argmax()]
    assert found.value <= found.values.max()
    assert lucky.shape == (2,)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: optimise("hill", SPACE, 5), TypeError, "objective must be a function"),
        (lambda: optimise(hill, {}, 5), ValueError, "at least one setting"),
        (lambda: optimise(hill, {"a": (1.0, 0.0)}, 5), ValueError, "low < high"),
        (lambda: optimise(hill, {"a": 3.0}, 5), ValueError, r"as \(low, high\)"),
        (lambda: optimise(hill, SPACE, 0), ValueError, "n_trials must be"),
        (lambda: optimise(hill, SPACE, 5, method="luck"), ValueError, "method must be one of"),
        (
            lambda: optimise(lambda x: np.nan, SPACE, 5, method="random"),
            ValueError,
            "a setting without a key",
        ),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
