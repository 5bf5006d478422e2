"""Server optimisers: Flower's numbers, the formulas by hand, and what each convention of Adam does to the first step."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.learning.neural_networks.optimizers import SGD, Adam
from qlearn.networks.federated import Client, FedAdagrad, FedAdam, FedAvg, FedAvgM, FedYogi, run
from tests.networks.federated.flower_oracle import SET_A, START, flat, flower_models, our_models

# Models after rounds 1, 2, ... of the same answers from (.5, .5; .25): the reference table, which is Flower 1.42.
TABLE = [
    (
        FedAdam(bias_correction="flower"),
        [
            [0.5742166297, 0.4257850017, 0.3241856040],
            [0.6598396504, 0.3401636636, 0.4097764799],
        ],
    ),
    (FedYogi(), [[0.5099960470, 0.4900041727, 0.2599918683]]),
    (
        FedAdagrad(),
        [
            [0.5999960456, 0.4000041743, 0.3499918623],
            [0.6705645231, 0.3294436286, 0.4204089977],
        ],
    ),
    (FedAvgM(), [[25.7875, -23.4553571429, 12.5375], [48.54625, -45.0151785714, 23.59625]]),
    (FedAvg(), [[25.7875, -23.4553571429, 12.5375]]),
]


@pytest.mark.parametrize(("strategy", "models"), TABLE)
def test_the_table(strategy, models):
    np.testing.assert_allclose(
        flat(our_models(strategy, SET_A, START, len(models))), models, atol=6e-11, rtol=0
    )


@pytest.mark.parametrize(
    ("strategy", "name", "options"),
    [
        (FedAdam(bias_correction="flower"), "FedAdam", {}),
        (
            FedAdam(eta=0.3, beta_1=0.5, beta_2=0.7, tau=0.1, bias_correction="flower"),
            "FedAdam",
            {"eta": 0.3, "beta_1": 0.5, "beta_2": 0.7, "tau": 0.1},
        ),
        (FedYogi(), "FedYogi", {}),
        (
            FedYogi(0.2, beta_1=0.3, beta_2=0.8, tau=0.2),
            "FedYogi",
            {"eta": 0.2, "beta_1": 0.3, "beta_2": 0.8, "tau": 0.2},
        ),
        (FedAdagrad(), "FedAdagrad", {}),
        (FedAvgM(), "FedAvgM", {"server_momentum": 0.9}),
        (FedAvgM(0.5, 0.3), "FedAvgM", {"server_learning_rate": 0.5, "server_momentum": 0.3}),
        (FedAvgM(1.0, 0.0), "FedAvgM", {}),
    ],
)
def test_is_flowers_over_many_rounds(strategy, name, options):
    theirs = flat(flower_models(name, SET_A, START, rounds=12, **options))
    np.testing.assert_allclose(flat(our_models(strategy, SET_A, START, rounds=12)), theirs, rtol=1e-12)


def test_the_first_step_of_each_convention_of_adam():
    sure = [([np.array([5.5, -9.5])], 1)]
    current = [np.array([0.5, 0.5])]

    def steps(**options):
        return FedAdam(eta=0.1, tau=1e-12, **options).aggregate(sure, current)[0][0] - 0.5

    signs = np.array([1, -1])
    assert steps() == pytest.approx(0.1 * signs)
    assert steps(bias_correction="flower") == pytest.approx(0.0742460 * signs, rel=1e-6)
    # m / sqrt(v) = (1 - b1) / sqrt(1 - b2) of the sign
    assert steps(bias_correction="none") == pytest.approx(0.1 * 0.1 / np.sqrt(0.01) * signs)
    # the paper's start, v_0 = tau^2 (large here, to be seen)
    kept = FedAdam(eta=1.0, tau=2.0, v_0=4.0, bias_correction="none").aggregate(sure, current)[0][0] - 0.5
    delta = np.array([5.0, -10.0])
    assert kept == pytest.approx(0.1 * delta / (np.sqrt(0.99 * 4 + 0.01 * delta**2) + 2))


@given(st.lists(st.lists(st.floats(-100, 100), min_size=3, max_size=3), min_size=1, max_size=8))
def test_adam_on_the_server_is_adam_on_the_negative_step(steps):
    # the library's optimiser of one machine, fed the gradient -Delta: independent code. Its epsilon stands beside
    # sqrt(v / (1 - b2^t)), tau beside sqrt(v): equal where tau is nothing
    model, state = [np.zeros(3)], None
    central, adam = [np.zeros(3)], Adam(0.1, (0.9, 0.99), 1e-150)
    for step in steps:
        sent = np.array(step) + np.where(
            np.array(step) >= 0, 1e-3, -1e-3
        )  # not 0: 0 / 0 is what epsilon is for
        model, state = FedAdam(tau=1e-150).aggregate([([model[0] + sent], 3)], model, state)
        central = adam.step(central, [-sent])
        np.testing.assert_allclose(model[0], central[0], rtol=1e-9, atol=1e-9)


def test_momentum_on_whole_batches_is_the_heavy_ball_on_the_pooled_data():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 2)), np.tile([0, 1, 1], 10)
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None)
    together = Client(model, X, y)
    apart = [Client(model, X[:12], y[:12]), Client(model, X[12:], y[12:])]
    theta = together.initial(rng=0)
    history = run(apart, FedAvgM(0.5, 0.75), rounds=6, initial=theta)
    velocity = [np.zeros_like(p) for p in theta]
    for _ in range(6):
        gradient = [p - s for p, s in zip(theta, together.fit(theta, {})[0], strict=True)]
        velocity = [0.75 * v + g for v, g in zip(velocity, gradient, strict=True)]
        theta = SGD(0.5).step(theta, velocity)
    np.testing.assert_allclose(flat([history.parameters]), flat([theta]), atol=1e-12)


def test_yogi_by_hand():
    # v: 0 + .5 * 4 = 2; then 2 > 1, so 2 - .5 * 1 = 1.5; m: 1, then .5 * 1 + .5 * 1
    strategy = FedYogi(1.0, beta_1=0.5, beta_2=0.5, tau=1.0)
    model, state = strategy.aggregate([([np.array([2.0])], 1)], [np.array([0.0])])
    assert model[0][0] == pytest.approx(1 / (np.sqrt(2) + 1))
    second, state = strategy.aggregate([([model[0] + 1.0], 1)], model, state)
    assert state["v"][0][0] == pytest.approx(1.5)
    assert second[0][0] - model[0][0] == pytest.approx(1 / (np.sqrt(1.5) + 1))


@pytest.mark.parametrize(
    "strategy", [FedAvgM(), FedAdam(), FedYogi(), FedAdagrad(), FedAdam(bias_correction="none", v_0=1e-6)]
)
def test_a_run_goes_on_where_it_stopped(strategy):
    clients = [Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    whole = run(clients, strategy, rounds=5, rng=0)
    rng = np.random.default_rng(0)
    first = run(clients, strategy, rounds=2, rng=rng)
    kept = pickle.loads(pickle.dumps(first.state))
    rest = run(clients, strategy, rounds=3, rng=rng, initial=first.parameters, state=kept)
    assert (flat([rest.parameters]) == flat([whole.parameters])).all()


@pytest.mark.parametrize("strategy", [FedAvgM(), FedAdam(), FedYogi(), FedAdagrad()])
def test_changes_nothing_that_it_is_given(strategy):
    _, state = strategy.aggregate(SET_A, START)
    before = copy.deepcopy((SET_A, START, state))
    strategy.aggregate(SET_A, START, state)
    assert repr(before) == repr((SET_A, START, state))


@pytest.mark.parametrize("strategy", [FedAvgM(), FedAdam(), FedYogi(), FedAdagrad()])
def test_where_nobody_moves_the_model_stays(strategy):
    still = [(START, 10), (START, 20)]
    np.testing.assert_allclose(flat(our_models(strategy, still, START, 3)), flat([START] * 3), rtol=1e-15)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: FedAvgM(server_learning_rate=0), "server_learning_rate must be above 0"),
        (lambda: FedAvgM(server_momentum=1), "server_momentum must be at least 0 and below 1, not 1"),
        (lambda: FedAdam(eta=-1), "eta must be above 0"),
        (lambda: FedAdam(beta_1=1.0), "beta_1 must be at least 0 and below 1"),
        (lambda: FedAdam(beta_2=-0.1), "beta_2 must be at least 0 and below 1"),
        (lambda: FedYogi(beta_2=1.5), "beta_2 must be at least 0 and below 1"),
        (lambda: FedYogi(tau=0), "tau must be above 0"),
        (lambda: FedAdagrad(v_0=-1e-9), "v_0 must be at least 0"),
        (lambda: FedAdam(bias_correction="Adam"), "bias_correction must be one of adam, flower, none"),
        (lambda: FedAdam(local_epochs=0), "local_epochs must be at least 1"),
        (lambda: FedAdam().aggregate([], START), "no client answered"),
    ],
)
def test_refuses(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_asks_like_fedavg_and_takes_those_options_by_name():
    assert FedAdam(0.5).eta == FedAvgM(0.5).server_learning_rate == 0.5
    assert FedAdam(local_epochs=3).config(2) == FedAvg(3).config(2)
    assert FedYogi(fraction=0.3).choose(10, 1) == FedAvg(1, 0.3).choose(10, 1)
