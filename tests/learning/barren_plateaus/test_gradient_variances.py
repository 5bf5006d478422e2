"""The plateau itself: measured slopes against theory and the literature, and what is refused.

Slopes with errors: NumPy's weighted fit is the oracle, and the errors keep their word.

The closed forms: the moments behind them by brute force, and their refusals.
"""

from itertools import product

import numpy as np
import pytest
from scipy.stats import unitary_group

from qlearn.learning.barren_plateaus import (
    cost_diagonal,
    deep_variance,
    draw_circuits,
    fit_decay,
    gradient_samples,
    gradient_variances as module,
    gradients,
    one_layer_variance,
    variance_of,
)
from qlearn.learning.barren_plateaus._engine import encoded_states
from qlearn.learning.barren_plateaus.cost_functions import COSTS
from qlearn.qubits.paulis import PAULIS


def gradient_variance(n_qubits, depth, *, cost="global", **options):
    return variance_of(gradient_samples(n_qubits, depth, cost=cost, **options))[0]


def test_deep_random_circuits_halve_the_variance_with_every_qubit():
    # McClean et al. 2018, figure 3: log2 of the variance falls by 1 +- 0.15 a qubit, n = 2 to 10, depth 10 n.
    n = np.arange(2, 11)
    samples = [gradient_samples(m, 10 * m, samples=150, cost="zz", rng=m) for m in n]
    decay = fit_decay(n, samples)
    assert decay.slope == pytest.approx(-1, abs=0.15)
    # and every point is the closed form of a random circuit, to 6 of its standard errors (2e-9 each)
    theory = np.array([deep_variance(m, "zz") for m in n])
    assert (np.abs(decay.variances - theory) < 6 * decay.errors).all()


def test_the_global_cost_falls_twice_as_fast_when_deep():
    n = [2, 3, 4, 5, 6]
    slopes = {
        cost: fit_decay(n, [gradient_samples(m, 10 * m, samples=300, cost=cost, rng=m) for m in n]).slope
        for cost in ("global", "zz")
    }
    # theory over this range: -1.80 and -0.91; the errors of the fits are about 0.06 and 0.04
    assert slopes["global"] == pytest.approx(-1.80, abs=0.36)
    assert slopes["zz"] == pytest.approx(-0.91, abs=0.24)


def test_shallow_circuits_keep_the_local_cost_alive_but_not_the_global_one():
    # Cerezo et al. 2021: depth 2, from 2 to 10 qubits. Local: polynomial; global: exponential.
    wide = {cost: gradient_variance(10, 2, samples=1000, cost=cost, rng=1) for cost in ("global", "local")}
    narrow = {cost: gradient_variance(2, 2, samples=1000, cost=cost, rng=1) for cost in ("global", "local")}
    assert wide["local"] > narrow["local"] / 100  # n**2 is 25 times
    assert wide["global"] < narrow["global"] / 200  # 0.472**8 is 400 times


def test_identity_blocks_do_not_fall_exponentially():
    # Grant et al. 2019. Over all angles the variance falls like 1/n; random angles lose a factor of 60.
    ends = {
        init: [
            gradient_variance(n, 10 * n, samples=40, cost="zz", init=init, of="all", rng=n) for n in (2, 8)
        ]
        for init in ("identity", "random")
    }
    assert ends["identity"][1] > ends["identity"][0] / 8
    assert ends["random"][1] < ends["random"][0] / 30
    # the first angle of an identity circuit sees the start alone: -sin cos for y and nothing for x and z
    g = gradient_samples(5, 50, samples=300, cost="zz", init="identity", rng=2)
    np.testing.assert_allclose(np.unique(g.round(12) + 0.0), [-0.5, 0])


def test_without_entanglement_the_plateau_of_a_global_cost_stays():
    # a product of n independent probabilities, whatever the depth; the cost of two wires does not feel n at all
    few, many = (gradient_variance(n, 20, samples=1000, entanglement="none", rng=1) for n in (2, 8))
    assert many < few / 30
    few, many = (
        gradient_variance(n, 20, samples=1000, cost="zz", entanglement="none", rng=1) for n in (2, 8)
    )
    assert many == pytest.approx(few, rel=0.35)  # relative sd of each 0.04


@pytest.mark.parametrize("cost", ["global", "local", "zz"])
def test_the_variance_itself_is_the_closed_form(cost):
    # 8,000 circuits of one layer, relative standard deviation below 0.04 (kurtosis below 13); 6 of them: 2e-9
    found = gradient_variance(3, 1, samples=8000, cost=cost, rng=3)
    assert found == pytest.approx(one_layer_variance(3, cost), rel=0.24)


def test_the_cost_is_zz_unless_another_is_named():
    named = {
        cost: gradient_variance(3, 4, samples=20, cost=cost, rng=1) for cost in ("global", "local", "zz")
    }
    assert variance_of(gradient_samples(3, 4, samples=20, rng=1))[0] == named["zz"]
    assert len(set(named.values())) == 3


def test_all_angles_are_averaged_after_their_variances():
    every = gradient_samples(3, 4, samples=30, cost="zz", of="all", rng=1)
    columns = [np.var(every[:, layer, wire], ddof=1) for layer in range(4) for wire in range(3)]
    assert gradient_variance(3, 4, samples=30, cost="zz", of="all", rng=1) == pytest.approx(np.mean(columns))


def test_circuits_are_drawn_chunk_by_chunk_from_one_stream(monkeypatch):
    monkeypatch.setattr(module, "_TOGETHER", 1)
    found = gradient_samples(3, 6, samples=4, of="all", rng=5)
    stream = np.random.default_rng(5)
    one_by_one = [gradients(draw_circuits(3, 6, samples=1, rng=stream)) for _ in range(4)]
    np.testing.assert_array_equal(found, np.concatenate(one_by_one))


def test_an_interrupted_run_returns_what_it_has(monkeypatch):
    monkeypatch.setattr(module, "_TOGETHER", 1)
    calls, real = [], module.first_gradients

    def stop(circuits, cost):
        calls.append(1)
        if len(calls) > limit:
            raise KeyboardInterrupt
        return real(circuits, cost)

    monkeypatch.setattr(module, "first_gradients", stop)
    limit = 3
    assert gradient_samples(2, 2, samples=10, rng=1).shape == (3,)
    limit = 0
    with pytest.raises(KeyboardInterrupt):
        gradient_samples(2, 2, samples=10, rng=1)


def test_shows_progress_when_asked(capsys):
    gradient_variance(2, 2, samples=2, rng=1)
    assert capsys.readouterr().err == ""
    gradient_variance(2, 2, samples=2, rng=1, progress=True)
    assert "circuit" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"samples": 1}, ValueError, "samples must be at least 2"),
        ({"samples": -5}, ValueError, "samples must be at least 1"),
        ({"n_qubits": 40}, ValueError, "n_qubits must be 2 to 16"),
        ({"depth": 0}, ValueError, "depth must be at least 1"),
        ({"depth": 5, "init": "identity"}, ValueError, "must be even"),
        ({"cost": "sum"}, ValueError, "cost must be one of"),
        ({"of": "last"}, ValueError, "of must be one of first, all"),
        ({"entanglement": None}, ValueError, "entanglement must be one of"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        gradient_variance(**{"n_qubits": 3, "depth": 4, "samples": 2, **arguments})


def test_equals_numpys_weighted_fit():
    rng = np.random.default_rng(2)
    n = [2, 3, 5, 8]
    samples = [rng.normal(0, 2 ** (-m / 2), size) for m, size in zip(n, (50, 80, 200, 30), strict=True)]
    decay = fit_decay(n, samples)
    weights = decay.variances * np.log(2) / decay.errors
    (slope, intercept), covariance = np.polyfit(n, np.log2(decay.variances), 1, w=weights, cov="unscaled")
    assert decay.slope == pytest.approx(slope, rel=1e-12)
    assert decay.intercept == pytest.approx(intercept, rel=1e-12)
    assert decay.slope_error == pytest.approx(np.sqrt(covariance[0, 0]), rel=1e-12)
    np.testing.assert_allclose(decay.line([2, 8]), 2 ** (intercept + slope * np.array([2, 8])))


def test_variance_is_unbiased_and_its_error_keeps_its_word():
    # 2000 experiments of 400 normal numbers: the spread of the variances is the mean of the errors, to 6 sd
    # of a standard deviation of 2000 numbers (1.6 %); their mean is 1 to 6 sd (0.071 / sqrt(2000)).
    draws = np.random.default_rng(3).normal(size=(2000, 400))
    found = np.array([variance_of(draw) for draw in draws])
    assert found[:, 0] == pytest.approx(draws.var(axis=1, ddof=1), rel=1e-12)
    assert abs(found[:, 0].mean() - 1) < 6 * 0.071 / np.sqrt(2000)
    assert found[:, 1].mean() == pytest.approx(found[:, 0].std(), rel=0.1)


def test_derivatives_of_one_circuit_stay_together():
    # Two equal columns say no more than one: neither the variance nor its error changes.
    values = np.random.default_rng(4).normal(size=100)
    assert variance_of(np.stack([values, values], axis=1)) == pytest.approx(variance_of(values))


@pytest.mark.parametrize(
    ("n", "samples", "says"),
    [
        ([2, 2], [[0, 1], [0, 1]], "two different numbers"),
        ([2], [[0, 1]], "two different numbers"),
        ([2, 3], [[0, 1]], "n_qubits and samples must have the same length"),
        ([2, 3], [[0, 1, 3], [1, 1, 1]], "zero has no logarithm"),
        ([2, 3], [[0, 1, 3], [1]], "samples must be at least 2"),
        ([2, 3], [[0, 1, 3], [1, np.nan]], "samples must be finite"),
    ],
)
def test_refuses_slopes(n, samples, says):
    with pytest.raises(ValueError, match=says):
        fit_decay(n, samples)


@pytest.mark.parametrize("cost", COSTS)
def test_deep_variance_is_that_of_haar_random_circuits(cost):
    # Haar-random V behind a random axis, 3 qubits, 30,000 draws. The sample variance has a relative standard
    # error below 0.017 (kurtosis below 9.5); 6 sd is 0.1 and a false alarm 2e-9.
    rng = np.random.default_rng(11)
    V = unitary_group.rvs(8, size=30_000, random_state=rng)
    state = encoded_states(np.full(3, np.pi / 4))
    operators = np.array([np.kron(PAULIS[letter], np.eye(4)) for letter in "XYZ"])
    beside = (operators @ state)[rng.integers(0, 3, len(V))]
    final, other = V @ state, (V @ beside[..., None])[..., 0]
    g = (final.conj() * cost_diagonal(cost, 3) * other).sum(axis=1).imag
    kurtosis = np.mean((g - g.mean()) ** 4) / g.var() ** 2
    assert np.sqrt((kurtosis - 1) / len(V)) < 0.017
    assert g.var() == pytest.approx(deep_variance(3, cost), rel=0.1)


@pytest.mark.parametrize("cost", COSTS)
def test_one_layer_variance_is_the_mean_over_axes_and_four_angles(cost):
    # The square of a derivative is a trigonometric polynomial of degree 2 in each angle, and so is what multiplies
    # it: four equally spaced angles average a degree of 3 exactly. 12**3 circuits are the whole distribution.
    angles, total = np.arange(4) * np.pi / 2 + 0.1, []
    turned = {}
    for axis, letter in enumerate("XYZ"):
        for angle in angles:
            u = np.cos(angle / 2) * np.eye(2) - 1j * np.sin(angle / 2) * PAULIS[letter]
            turned[axis, angle] = u @ encoded_states(np.array([np.pi / 4]))
    choices = list(product(range(3), angles))
    for one, two, three in product(choices, repeat=3):
        rest = np.kron(turned[two], turned[three])
        state = np.kron(turned[one], rest)
        beside = np.kron(PAULIS["XYZ"[one[0]]] @ turned[one], rest)
        total.append((state.conj() * cost_diagonal(cost, 3) * beside).sum().imag)
    assert np.mean(total) == pytest.approx(0, abs=1e-14)
    assert np.mean(np.square(total)) == pytest.approx(one_layer_variance(3, cost), rel=1e-12)


def test_one_layer_of_the_library_has_that_variance():
    # 20,000 circuits, relative sd of the variance below 0.02 (kurtosis below 9); 6 sd: 2e-9
    for cost in COSTS:
        g = gradient_samples(4, 1, samples=20_000, cost=cost, rng=6)
        assert g.var() == pytest.approx(one_layer_variance(4, cost), rel=0.12)


def test_limits():
    assert deep_variance(14, "zz") * 2**14 == pytest.approx(1 / 3, rel=1e-6)
    assert deep_variance(14, "local") * 2**14 * 14 == pytest.approx(1 / 12, rel=1e-6)
    assert deep_variance(14, "global") * 4**14 == pytest.approx(1 / 3, rel=1e-3)


@pytest.mark.parametrize("formula", [deep_variance, one_layer_variance])
def test_refuses_theory(formula):
    with pytest.raises(ValueError, match="cost must be one of"):
        formula(3, "energy")
    with pytest.raises(ValueError, match="n_qubits must be at least 2"):
        formula(1)
