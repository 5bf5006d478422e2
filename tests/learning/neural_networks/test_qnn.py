"""The quantum network: scikit-learn's contract, exact gradients of its circuit, and what it can and cannot learn.

The quantum regressor: scikit-learn's contract, its circuit, and the frequencies it can and cannot follow.

What both share: any encoding, any products of Z, and the same circuit elsewhere.
"""

import pickle

import joblib
import numpy as np
import pytest
from scipy.special import expit
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning import QNNClassifier
from qlearn.learning.encodings import AmplitudeEncoding, AngleEncoding, ZZFeatureMap
from qlearn.learning.neural_networks.qnn import QNNRegressor
from qlearn.learning.qsvm import FidelityKernel, overlap
from qlearn.qubits import Circuit, expectation, parameters, random_state

RNG = np.random.default_rng(0)
X = RNG.uniform(-np.pi / 2, np.pi / 2, (120, 4))
y = (X[:, 0] * X[:, 1] > 0).astype(int)


CHEAP = {"epochs": 2, "learning_rate": 0.1, "batch_size": None, "random_state": 0}


@pytest.mark.filterwarnings("ignore:X holds angles that span")
@parametrize_with_checks([QNNClassifier(**CHEAP), QNNClassifier(encoding="reuploading", **CHEAP)])
def test_keeps_scikit_learns_contract(estimator, check):
    if "check_sample_weight_equivalence" in str(check):
        pytest.skip("its rows have 30 features, more than 12 qubits: test_switches.py repeats rows of three")
    if any(asks in str(check) for asks in ("check_classifiers_train", "check_classifiers_classes")):
        estimator.set_params(epochs=40)  # those that ask for a good fit get the epochs for it
    check(estimator)


def z_of(states):
    n = states.shape[-1].bit_length() - 1
    return np.stack([expectation(states, "I" * w + "Z" + "I" * (n - 1 - w)) for w in range(n)], axis=-1)


@pytest.mark.parametrize("n_qubits", [4, 6, 8])
@pytest.mark.parametrize("encoding", ["phase", "reuploading"])
def test_predicts_what_its_circuit_measures(n_qubits, encoding):
    model = QNNClassifier(n_qubits, encoding=encoding, epochs=1, random_state=0).fit(X, y)
    _, weights, offset = model.get_parameters()
    z = z_of(model.circuit(X).run())
    assert np.allclose(model.predict_proba(X)[:, 1], expit((z @ weights + offset)[:, 0]), atol=1e-12)


@pytest.mark.parametrize("encoding", ["phase", "reuploading"])
def test_gradient_of_the_loss_equals_parameter_shift_through_the_chain_rule(encoding):
    model = QNNClassifier(encoding=encoding, random_state=1).initialise(4, [0, 1])
    angles, weights, offset = parameters = model.get_parameters()
    loss, gradients = model.loss_and_gradient(parameters, X, y)
    p = expit((z_of(model.circuit(X, parameters).run()) @ weights + offset)[:, 0])
    assert loss == pytest.approx(log_loss(y, p), abs=1e-12)
    for index in np.ndindex(angles.shape):
        z = []
        for sign in (1, -1):
            moved = angles.copy()
            moved[index] += sign * np.pi / 2
            z.append(z_of(model.circuit(X, [moved]).run()))
        shift = ((p - y) * ((z[0] - z[1]) / 2 @ weights)[:, 0]).mean()
        assert gradients[0][index] == pytest.approx(shift, abs=1e-12)


def test_learns_products_of_features_by_entanglement_only():
    # y is the sign of x0 x1: without CNOTs the score is a sum of functions of one feature each, and no such
    # sum has that sign on all four quadrants (add the scores at (+,+) and (-,-), compare with (+,-) and (-,+)).
    options = {"layers": 3, "epochs": 60, "random_state": 1}
    rng = np.random.default_rng(5)
    test = rng.uniform(-np.pi / 2, np.pi / 2, (400, 4))
    labels = (test[:, 0] * test[:, 1] > 0).astype(int)
    assert QNNClassifier(**options).fit(X, y).score(test, labels) > 0.85
    # over 400 test samples chance is .5 +- .025; .65 is 6 sigma above
    assert (
        QNNClassifier(entanglement="none", encoding="reuploading", **options).fit(X, y).score(test, labels)
        < 0.65
    )


def test_three_classes_in_a_pipeline_and_a_grid_search():
    flowers, species = load_iris(return_X_y=True)
    pipeline = make_pipeline(
        StandardScaler(), PCA(2), MinMaxScaler((-1.5, 1.5)), QNNClassifier(epochs=30, random_state=0)
    )
    search = GridSearchCV(pipeline, {"qnnclassifier__layers": [1, 2]}, cv=3).fit(flowers, species)
    assert search.best_score_ > 0.85
    assert search.predict_proba(flowers).shape == (150, 3)
    assert np.allclose(search.predict_proba(flowers).sum(axis=1), 1, atol=1e-12)


def test_clone_and_pickle():
    model = QNNClassifier(epochs=2, random_state=0, initial=None).fit(X, y.astype(str))
    again = pickle.loads(pickle.dumps(model))
    assert (again.predict(X) == model.predict(X)).all()
    warm = clone(model.set_params(initial=model.get_parameters()))
    assert not hasattr(warm, "parameters_")
    assert all((a == b).all() for a, b in zip(warm.initial, model.initial, strict=True))


def test_quantum_data_is_classified_as_it_comes():
    # |0...> against |1...> turned by the same unknown circuit; a state encoding equals running the circuit on states
    rng = np.random.default_rng(0)
    turned = Circuit(2).rx(rng.normal(0, 0.2, 80), 0).ry(rng.normal(0, 0.2, 80), 1)
    labels = np.arange(80) % 2
    states = turned.x(0, where=labels).h(0).cx(0, 1).run()
    model = QNNClassifier(encoding="state", epochs=60, random_state=0).fit(states[:40], labels[:40])
    assert model.score(states[40:], labels[40:]) == 1.0
    _angles, weights, offset = model.get_parameters()
    z = z_of(model.circuit().run(states))
    assert np.allclose(model.decision_function(states), (z @ weights + offset)[:, 0], atol=1e-12)


def test_more_qubits_than_features_repeat_them_in_order():
    wide = QNNClassifier(8, random_state=0).initialise(3, [0, 1])
    twice = QNNClassifier(8, random_state=0).initialise(8, [0, 1])
    x = np.array([0.1, 0.2, 0.3])
    assert np.allclose(wide.circuit(x).run(), twice.circuit(x[[0, 1, 2, 0, 1, 2, 0, 1]]).run(), atol=1e-14)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"n_qubits": 3}, r"at least the 4 features of X, not 3.*PCA\(3\)"),
        ({"n_qubits": 13}, r"n_qubits must be at most 12, not 13.*PCA\(8\)"),
        (
            {"encoding": "phases"},
            "encoding must be 'phase', 'reuploading', 'state', 'z', 'zz', .*not 'phases'",
        ),
        ({"entanglement": "star"}, "entanglement must be one of"),
        ({"layers": 0}, "layers must be at least 1"),
        ({"epochs": 0}, "epochs must be at least 1"),
        ({"batch_size": 0}, "batch_size must be at least 1"),
        ({"initial": [np.zeros(3)]}, "initial must be a list of arrays of shapes"),
    ],
)
def test_refuses_options(options, says):
    with pytest.raises(ValueError, match=says):
        QNNClassifier(**options).fit(X, y)


@pytest.mark.parametrize("way", ["fit", "predict", "predict_proba", "score", "decision_function"])
@pytest.mark.parametrize("wrapped", [False, True])
def test_what_is_said_of_the_angles_points_at_the_line_that_brought_them(way, wrapped):
    model = QNNClassifier(epochs=1, random_state=0).fit(X, y)
    called = getattr(make_pipeline(model) if wrapped else model, way)
    with pytest.warns(UserWarning, match="angles that span") as said:
        called(9 * X, *([y] if way in ("fit", "score") else []))
    assert {each.filename for each in said} == {__file__}


@pytest.mark.parametrize("encoding", ["phase", "reuploading"])
def test_says_when_an_angle_is_taken_for_another(encoding):
    model = QNNClassifier(encoding=encoding, epochs=1, random_state=0).fit(X, y)
    turned = X + 2 * np.pi * np.array([1, -2, 0, 1])
    with pytest.warns(UserWarning, match=f"more than a whole turn: '{encoding}' has the period 2 pi"):
        same = model.predict_proba(turned)
    np.testing.assert_allclose(same, model.predict_proba(X), atol=1e-12)
    with pytest.warns(UserWarning, match="angles that span"):
        model.fit(turned, y)
    model.fit(np.clip(2 * X, -np.pi, np.pi), y)  # pi itself is an angle like any other


def test_refuses_data():
    with pytest.raises(ValueError, match="NaN"):
        QNNClassifier().fit(np.full((4, 2), np.nan), [0, 1, 0, 1])
    with pytest.raises(ValueError, match=r"Reduce the features first.*PCA"):
        QNNClassifier().fit(np.zeros((4, 30)), [0, 1, 0, 1])
    states = random_state(2, 4, rng=0)
    with pytest.raises(ValueError, match="n_qubits must be 2 or None, not 3: X holds states of 2 qubits"):
        QNNClassifier(3, encoding="state").fit(states, [0, 1, 0, 1])
    quantum = QNNClassifier(encoding="state")
    with pytest.raises(ValueError, match="X must be normalised"):
        quantum.fit(2 * states, [0, 1, 0, 1])
    with pytest.raises(ValueError, match="X must be states of shape"):
        quantum.fit(states[0], [0])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        quantum.fit(states, [0, 1])
    quantum.fit(states, [0, 1, 0, 1])
    with pytest.raises(ValueError, match="X must have 4 amplitudes for 2 qubits, not 8 for 3"):
        quantum.predict(random_state(3, 2, rng=0))
    with pytest.raises(ValueError, match="x must be None"):
        quantum.circuit([0.1, 0.2])
    with pytest.raises(ValueError, match="x must have 4 features"):
        QNNClassifier(epochs=1).fit(X, y).circuit([0.1])


CHEAP_REGRESSOR = {"layers": 1, "epochs": 1, "batch_size": None, "random_state": 0}


@pytest.mark.filterwarnings("ignore:X holds angles that span")
@parametrize_with_checks([QNNRegressor(entanglement="none", **CHEAP_REGRESSOR)])
def test_keeps_scikit_learns_contract_regressor(estimator, check):
    if "check_sample_weight_equivalence" in str(check):
        pytest.skip("its rows have 30 features, more than 12 qubits: test_switches.py repeats rows of three")
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


@pytest.mark.parametrize("encoding", ["phase", "reuploading"])
def test_predicts_what_its_circuit_measures_regressor(encoding):
    X = np.random.default_rng(0).uniform(-1, 1, (20, 3))
    model = QNNRegressor(encoding=encoding, observables=["ZZI", "IIZ"], **CHEAP_REGRESSOR).fit(
        X, 10 * X[:, 0] + 4
    )
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


FEW = np.random.default_rng(0).uniform(-1, 1, (30, 3))
LABELS = (FEW[:, 0] * FEW[:, 1] > 0).astype(int)
STRINGS = {"local": ["ZII", "IZI", "IIZ"], "global": ["ZZZ"], ("ZZI", "IZZ"): ["ZZI", "IZZ"]}


@pytest.mark.parametrize("observables", list(STRINGS))
@pytest.mark.parametrize("encoding", ["phase", "angle", ZZFeatureMap(reps=1)])
def test_scores_are_the_observables_of_its_circuit(observables, encoding):
    model = QNNClassifier(encoding=encoding, observables=observables, epochs=2, random_state=0).fit(
        FEW, LABELS
    )
    _, weights, offset = model.get_parameters()
    states = model.circuit(FEW).run()
    z = np.stack([expectation(states, s) for s in STRINGS[observables]], axis=-1)
    assert np.allclose(model.decision_function(FEW), (z @ weights + offset)[:, 0], atol=1e-12)


@pytest.mark.parametrize("encoding", ["phase", "reuploading", ZZFeatureMap(bandwidth=0.3)])
def test_the_same_model_in_qiskit_and_in_pennylane(encoding):
    import pennylane as qml
    from qiskit.quantum_info import SparsePauliOp, Statevector

    model = QNNRegressor(encoding=encoding, epochs=3, random_state=0).fit(FEW, FEW[:, 0])
    _, weights, offset = model.get_parameters()
    circuit = model.circuit(FEW[0])
    theirs = Statevector(circuit.to_qiskit())
    qiskit = [theirs.expectation_value(SparsePauliOp(s)).real for s in STRINGS["local"]]
    state = circuit.to_pennylane()()
    device = qml.device("default.qubit", wires=3)

    @qml.qnode(device)
    def measured():
        qml.StatePrep(state, range(3))
        return [qml.expval(qml.Z(w)) for w in range(3)]

    for z in (qiskit, measured()):
        value = (np.array(z) @ weights + offset) * model.target_scale_ + model.target_mean_
        assert value == pytest.approx(model.predict(FEW[:1]), abs=1e-10)


def test_a_name_means_in_a_network_what_it_means_in_a_kernel():
    options = {"epochs": 2, "random_state": 0}
    named = {"angle": AngleEncoding("y"), "zz": ZZFeatureMap(), "z": ZZFeatureMap(entanglement="none")}
    for name, encoding in {**named, "amplitude": AmplitudeEncoding()}.items():
        by_name, by_object = (
            QNNClassifier(encoding=given, **options).fit(FEW, LABELS) for given in (name, encoding)
        )
        np.testing.assert_array_equal(by_name.predict_proba(FEW), by_object.predict_proba(FEW))
        by_kernel = FidelityKernel(name).gram(FEW)
        np.testing.assert_allclose(by_kernel, overlap(by_name._inputs(FEW)), atol=1e-12)
    phase = QNNClassifier(**options).fit(FEW, LABELS)
    np.testing.assert_allclose(FidelityKernel("phase").gram(FEW), overlap(phase._inputs(FEW)), atol=1e-12)
    np.testing.assert_allclose(phase._inputs(FEW), AngleEncoding("z").states(FEW), atol=1e-15)


def test_a_turn_about_y_refuses_what_would_wrap():
    with pytest.raises(ValueError, match="out of range for the encoding"):
        QNNClassifier(encoding="angle").fit(4 * FEW, LABELS)


def test_an_encoding_object_survives_search_clone_and_pickle():
    model = QNNClassifier(encoding=ZZFeatureMap(), epochs=5, random_state=0)
    grid = {"encoding": [ZZFeatureMap(), ZZFeatureMap(bandwidth=0.5)]}
    search = GridSearchCV(model, grid, cv=2).fit(FEW, LABELS)
    assert search.best_params_["encoding"] in grid["encoding"]
    again = pickle.loads(pickle.dumps(search.best_estimator_))
    assert (again.predict(FEW) == search.predict(FEW)).all()
    assert clone(model).encoding == ZZFeatureMap()


def test_a_product_readout_learns_products_without_a_single_cnot():
    # the global product of product states is a product of functions of one feature: the sign of x0 x1 is one
    options = {"layers": 2, "entanglement": "none", "epochs": 80, "learning_rate": 0.1, "random_state": 0}
    rng = np.random.default_rng(1)
    rows = rng.uniform(-np.pi / 2, np.pi / 2, (600, 2))
    labels = (rows[:, 0] * rows[:, 1] > 0).astype(int)
    scores = {
        name: QNNClassifier(observables=name, **options)
        .fit(rows[:200], labels[:200])
        .score(rows[200:], labels[200:])
        for name in ("local", "global")
    }
    assert scores["global"] > 0.9
    assert scores["local"] < 0.65  # chance is .5 +- .025: 6 sigma


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            {"encoding": "amplitudes"},
            "encoding must be 'phase', 'reuploading', 'state', 'z', 'zz', .* or an object",
        ),
        ({"encoding": "angle", "n_qubits": 4}, "n_qubits must be 3 or None, not 4: so many has 'angle'"),
        ({"encoding": ZZFeatureMap}, "or an object with n_qubits, circuit and states"),
        ({"encoding": 3}, "or an object with n_qubits"),
        (
            {"encoding": ZZFeatureMap(), "n_qubits": 4},
            "n_qubits must be 3 or None, not 4: so many has ZZFeatureMap",
        ),
        ({"observables": "parity"}, "observables must be 'local', 'global', a string of 3 letters"),
        ({"observables": ["ZZ"]}, "observables must have one letter of I, X, Y, Z for each qubit"),
        ({"observables": {"ZZI": 1j}}, "observables must be Hermitian"),
        ({"readout": "counts"}, "readout must be 'expectations', 'probabilities' or a function"),
        ({"readout": "probabilities", "observables": "global"}, "observables must stay 'local'"),
        ({"entanglement": [(0, 3)]}, "entanglement must lie in 0 to 2"),
    ],
)
def test_refuses_encodings_observables_and_pairs(options, says):
    for model in (QNNClassifier, QNNRegressor):
        with pytest.raises(ValueError, match=says):
            model(**options).fit(FEW, LABELS)


X_IN, THETA = parameters("x", 4), parameters("theta", 4)
INSIDE = (
    Circuit(2).ry(X_IN[0], 0).ry(X_IN[1], 1).rx(THETA[0], 0).cx(0, 1).rz(X_IN[2], 0).ry(X_IN[3], 1).ry(THETA[1], 0)
    .crx(THETA[2] + X_IN[0], 0, 1).rz(0.5 * THETA[3], 1)
)  # fmt: skip
OWN = (
    Circuit(4).ry(THETA[0], 0).crx(THETA[1], 0, 1).cx(1, 2).rzz(THETA[2], 2, 3).rx(2 * THETA[0] + THETA[3], 3)
)


@pytest.mark.filterwarnings("ignore:X holds angles that span")
@parametrize_with_checks(
    [
        QNNClassifier(ansatz="hardware_efficient", **CHEAP),
        QNNClassifier(ansatz="strongly_entangling", layers=1, readout="probabilities", **CHEAP),
    ]
)
def test_keeps_scikit_learns_contract_with_an_ansatz_of_ones_own(estimator, check):
    test_keeps_scikit_learns_contract(estimator, check)


@pytest.mark.parametrize(
    "options",
    [
        {"ansatz": "hardware_efficient", "layers": 1},
        {"ansatz": "efficient_su2", "layers": 1, "observables": [{"XXII": 0.5, "IZIY": -1.0}, "ZZZZ"]},
        {"ansatz": "strongly_entangling", "encoding": ZZFeatureMap(reps=1)},
        {"ansatz": lambda n, layers: OWN, "encoding": "angle"},
        {"ansatz": INSIDE},
        {"ansatz": INSIDE, "observables": {"XY": 1.0}},
        {"ansatz": INSIDE, "readout": "probabilities"},
        {"ansatz": OWN, "readout": lambda outcome: outcome.bit_count() % 2},
        {"ansatz": Circuit(4).ry(THETA[0], 0).cx(0, 1).rz(X_IN[0] + X_IN[1] + X_IN[2] + X_IN[3], 1), "encoding": "phase"},
        {"readout": "probabilities"},
        {"observables": [{"XXII": 0.5, "IZIY": -1.0}], "encoding": "reuploading"},
    ],
    ids=str,
)  # fmt: skip
def test_scores_and_gradients_of_an_ansatz_of_ones_own_are_those_of_its_circuit(options):
    rows, labels = X[:12], y[:12]
    if options.get("encoding") == "angle":
        rows = np.abs(rows)
    model = QNNClassifier(random_state=1, **options).initialise(4, [0, 1])
    angles, weights, offset = parameters_ = model.get_parameters()
    loss, gradients = model.loss_and_gradient(parameters_, rows, labels)

    def read(angles):
        states = model.circuit(rows, [angles]).run()
        if "readout" in options:
            p = np.abs(states) ** 2
            interpret = options["readout"] if callable(options["readout"]) else int
            classes = np.array([interpret(j) for j in range(p.shape[1])])
            return np.stack([p[:, classes == k].sum(axis=1) for k in range(classes.max() + 1)], axis=-1)
        measured = [one if isinstance(one, dict) else {one: 1.0} for one in model.ansatz_.measured]
        return np.stack(
            [sum(w * expectation(states, s) for s, w in terms.items()) for terms in measured], axis=-1
        )

    def mean_loss(angles):
        return log_loss(labels, expit((read(angles) @ weights + offset)[:, 0]))

    assert loss == pytest.approx(mean_loss(angles), abs=1e-12)
    for index in list(np.ndindex(angles.shape))[:8]:
        moved = np.zeros_like(angles)
        moved[index] = 1e-5
        slope = (mean_loss(angles + moved) - mean_loss(angles - moved)) / 2e-5
        assert gradients[0][index] == pytest.approx(slope, abs=1e-8)
    predicted = model.set_params(epochs=2).fit(rows, labels).predict_proba(rows)[:, 1]
    angles, weights, offset = model.get_parameters()
    assert np.allclose(predicted, expit((read(angles) @ weights + offset)[:, 0]), atol=1e-12)


def test_own_layers_by_name_train_as_the_built_in_ones():
    options = {"epochs": 3, "random_state": 0}
    built_in = QNNClassifier(**options).fit(X, y)
    named = QNNClassifier(ansatz="hardware_efficient", **options).fit(X, y)
    assert named.parameters_[0].shape == (16,)
    for ours, theirs in zip(named.get_parameters(), built_in.get_parameters(), strict=True):
        assert np.allclose(ours, theirs.reshape(ours.shape), atol=1e-10)


def test_an_ansatz_of_ones_own_is_cloned_pickled_and_searched():
    model = QNNClassifier(ansatz=INSIDE, epochs=2, random_state=0).fit(X, y)
    again = pickle.loads(pickle.dumps(model))
    assert np.array_equal(again.predict_proba(X), model.predict_proba(X))
    same = clone(model).fit(X, y)
    assert np.array_equal(same.predict_proba(X), model.predict_proba(X))
    search = GridSearchCV(model, {"ansatz": [INSIDE, "real_amplitudes"]}, cv=2).fit(X, y)
    assert search.cv_results_["mean_test_score"].shape == (2,)
    assert model.partial_fit(X, y).score(X, y) > 0.3
    with pytest.raises(ValueError, match="ansatz must stay"):
        model.set_params(ansatz=OWN).partial_fit(X, y)


def test_a_regressor_with_features_where_one_likes_follows_their_frequencies():
    # One wire, three turns by the feature with trained ones between: a Fourier series of degree three.
    x, theta = parameters("x", 1), parameters("theta", 8)
    circuit = Circuit(1)
    for k in range(4):
        circuit = circuit.rz(theta[2 * k], 0).ry(theta[2 * k + 1], 0)
        circuit = circuit.rx(x[0], 0) if k < 3 else circuit
    t = np.linspace(-np.pi, np.pi, 50)[:, None]
    values = np.cos(3 * t[:, 0]) + 0.5 * np.sin(t[:, 0])
    model = QNNRegressor(ansatz=circuit, epochs=200, learning_rate=0.1, batch_size=None, random_state=3).fit(
        t, values
    )
    assert model.score(t, values) > 0.9
    assert model.ansatz_.measured == ["Z"]


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"ansatz": "amplitudes"}, ValueError, "ansatz must be one of hardware_efficient"),
        ({"ansatz": INSIDE, "n_qubits": 3}, ValueError, "n_qubits must be 2 or None, not 3"),
        ({"ansatz": INSIDE, "layers": 3}, ValueError, "layers must be left out"),
        ({"ansatz": INSIDE, "encoding": "reuploading"}, ValueError, "encoding must not be 'reuploading' with an ansatz"),
        ({"ansatz": INSIDE, "observables": "ZZZ"}, ValueError, "observables must have one letter"),
        ({"ansatz": INSIDE, "encoding": "phase"}, ValueError, "n_qubits must be at least the 4 features of X, not 2"),
        ({"ansatz": Circuit(2).ry(THETA[0], 0)}, ValueError, "n_qubits must be at least the 4 features of X, not 2"),
        ({"ansatz": Circuit(2).ry(THETA[0], 0).rz(X_IN[0], 1)}, ValueError, r"X must have the 1 features that the ansatz takes"),
        ({"ansatz": Circuit(13).ry(THETA[0], 0)}, ValueError, "n_qubits must be at most 12, not 13"),
        ({"ansatz": Circuit(4).h(0)}, ValueError, "must have a free angle to train"),
        ({"ansatz": OWN, "encoding": ZZFeatureMap, }, ValueError, "or an object with n_qubits"),
    ],
)  # fmt: skip
def test_refuses_an_ansatz_that_does_not_fit(options, error, says):
    with pytest.raises(error, match=says):
        QNNClassifier(**options).fit(X, y)


def test_quantum_data_and_an_ansatz_of_ones_own():
    states = random_state(2, 30, rng=0)
    labels = (expectation(states, "XY") > 0).astype(int)
    own = Circuit(2).rx(THETA[0], 0).ry(THETA[1], 1).cx(0, 1).ry(THETA[2], 0)
    model = QNNClassifier(ansatz=own, encoding="state", epochs=2, random_state=0).fit(states, labels)
    _, weights, offset = model.get_parameters()
    z = z_of(model.circuit().run(states))
    assert np.allclose(model.decision_function(states), (z @ weights + offset)[:, 0], atol=1e-12)
    with pytest.raises(ValueError, match="encoding must not be 'state' with an ansatz that takes features"):
        QNNClassifier(ansatz=INSIDE, encoding="state").fit(states, labels)


def test_training_may_start_from_angles_alone():
    X, y = np.random.default_rng(0).uniform(-1, 1, (12, 2)), np.arange(12) % 2
    still = {"optimizer": "sgd", "learning_rate": 1e-15, "epochs": 1, "random_state": 3}
    drawn = QNNClassifier(**still).fit(X, y).get_parameters()
    angles = np.full((2, 2, 2), 0.25)
    found = QNNClassifier(**still, initial=[angles]).fit(X, y).get_parameters()
    for value, start in zip(found, [angles, *drawn[1:]], strict=True):
        np.testing.assert_allclose(value, start, atol=1e-12)


@pytest.mark.parametrize(
    "initial", [[0.1, 0.2, 0.3, 0.4], [], [np.zeros((2, 2, 2)), np.zeros((2, 2))], np.zeros(8)]
)
def test_first_parameters_of_other_shapes_are_told_the_shapes(initial):
    X, y = np.random.default_rng(0).uniform(-1, 1, (12, 2)), np.arange(12) % 2
    says = r"initial must be a list of arrays of shapes \[\(2, 2, 2\), \(2, 1\), \(1,\)\] or of the first of them"
    with pytest.raises(ValueError, match=says):
        QNNClassifier(initial=initial).fit(X, y)
