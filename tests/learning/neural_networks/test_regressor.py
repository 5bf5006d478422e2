"""The quantum regressor: scikit-learn's contract, its circuit, and the frequencies it can and cannot follow."""

import pickle

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning.neural_networks.regressor import QNNRegressor
from qlearn.qubits import expectation

CHEAP = {"layers": 1, "epochs": 1, "batch_size": None, "random_state": 0}


@pytest.mark.filterwarnings("ignore:X holds angles that span")
@parametrize_with_checks([QNNRegressor(entanglement="none", **CHEAP)])
def test_keeps_scikit_learns_contract(estimator, check):
    if "check_regressors_train" in str(check):  # the one that asks for a good fit gets the epochs for it
        estimator.set_params(epochs=20, learning_rate=0.1)
    check(estimator)


@pytest.mark.parametrize("layers", [1, 3, 5])
def test_learns_as_many_frequencies_as_it_has_layers_and_no_more(layers):
    # over whole periods sines are orthogonal: what must be left is the power of those above the number of layers
    x = np.linspace(-np.pi, np.pi, 40, endpoint=False)[:, None]
    powers = {k: 1 / k**2 for k in (1, 3, 5)}
    y = sum(np.sin(k * x[:, 0]) / k for k in powers)
    total = sum(powers.values())
    missing = sum(power for k, power in powers.items() if k > layers) / total
    options = {"encoding": "reuploading", "batch_size": None, "epochs": 300}
    left = [
        1 - QNNRegressor(1, layers, random_state=seed, **options).fit(x, y).score(x, y) for seed in range(3)
    ]
    assert min(left) >= missing - 1e-12
    assert min(left) < missing + powers[layers] / total  # it has found the highest that it can


@pytest.mark.parametrize("encoding", ["angle", "reuploading"])
def test_predicts_what_its_circuit_measures(encoding):
    X = np.random.default_rng(0).uniform(-1, 1, (20, 3))
    model = QNNRegressor(encoding=encoding, observables=["ZZI", "IIZ"], **CHEAP).fit(X, 10 * X[:, 0] + 4)
    _, weights, offset = model.get_parameters()
    states = model.circuit(X).run()
    z = np.stack([expectation(states, s) for s in ("ZZI", "IIZ")], axis=-1)
    expected = (z @ weights + offset)[:, 0] * model.target_scale_ + model.target_mean_
    assert np.allclose(model.predict(X), expected, atol=1e-12)


def test_pipeline_grid_search_clone_and_pickle():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2))
    y = X[:, 0] + 0.1 * rng.normal(size=60)
    pipeline = make_pipeline(StandardScaler(), QNNRegressor(epochs=30, learning_rate=0.1, random_state=0))
    with joblib.parallel_config("threading"):
        search = GridSearchCV(pipeline, {"qnnregressor__layers": [1, 2]}, cv=2, n_jobs=2).fit(X, y)
    assert search.best_score_ > 0.5
    again = pickle.loads(pickle.dumps(search))
    assert (again.predict(X) == search.predict(X)).all()
    assert not hasattr(clone(search.best_estimator_[-1]), "parameters_")


def test_says_which_model_to_put_behind_a_reduction():
    with pytest.raises(ValueError, match=r"make_pipeline\(PCA\(8\), QNNRegressor\(\)\)"):
        QNNRegressor().fit(np.zeros((5, 30)), np.arange(5))
