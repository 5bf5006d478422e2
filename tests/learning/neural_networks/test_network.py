"""What the classifier and the regressor share: any encoding, any products of Z, and the same circuit elsewhere."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from qlearn.learning import QNNClassifier
from qlearn.learning.encodings import ZZFeatureMap
from qlearn.learning.neural_networks.qnn import QNNRegressor
from qlearn.qubits import expectation

RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, (30, 3))
y = (X[:, 0] * X[:, 1] > 0).astype(int)
STRINGS = {"local": ["ZII", "IZI", "IIZ"], "global": ["ZZZ"], ("ZZI", "IZZ"): ["ZZI", "IZZ"]}


@pytest.mark.parametrize("observables", list(STRINGS))
@pytest.mark.parametrize("encoding", ["angle", ZZFeatureMap(reps=1)])
def test_scores_are_the_observables_of_its_circuit(observables, encoding):
    model = QNNClassifier(encoding=encoding, observables=observables, epochs=2, random_state=0).fit(X, y)
    _, weights, offset = model.get_parameters()
    states = model.circuit(X).run()
    z = np.stack([expectation(states, s) for s in STRINGS[observables]], axis=-1)
    assert np.allclose(model.decision_function(X), (z @ weights + offset)[:, 0], atol=1e-12)


@pytest.mark.parametrize("encoding", ["angle", "reuploading", ZZFeatureMap(bandwidth=0.3)])
def test_the_same_model_in_qiskit_and_in_pennylane(encoding):
    import pennylane as qml
    from qiskit.quantum_info import SparsePauliOp, Statevector

    model = QNNRegressor(encoding=encoding, epochs=3, random_state=0).fit(X, X[:, 0])
    _, weights, offset = model.get_parameters()
    circuit = model.circuit(X[0])
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
        assert value == pytest.approx(model.predict(X[:1]), abs=1e-10)


def test_an_encoding_object_survives_search_clone_and_pickle():
    model = QNNClassifier(encoding=ZZFeatureMap(), epochs=5, random_state=0)
    grid = {"encoding": [ZZFeatureMap(), ZZFeatureMap(bandwidth=0.5)]}
    search = GridSearchCV(model, grid, cv=2).fit(X, y)
    assert search.best_params_["encoding"] in grid["encoding"]
    again = pickle.loads(pickle.dumps(search.best_estimator_))
    assert (again.predict(X) == search.predict(X)).all()
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
        ({"encoding": "amplitude"}, "encoding must be one of angle, reuploading, state, or an object"),
        ({"encoding": ZZFeatureMap}, "or an object with n_qubits, circuit and states"),
        ({"encoding": 3}, "or an object with n_qubits"),
        (
            {"encoding": ZZFeatureMap(), "n_qubits": 4},
            "n_qubits must be 3 or None, not 4: so many has ZZFeatureMap",
        ),
        ({"observables": "parity"}, "observables must be 'local', 'global' or strings of 3 letters"),
        ({"observables": ["ZZ"]}, "strings of 3 letters"),
        ({"entanglement": [(0, 3)]}, "entanglement must lie in 0 to 2"),
    ],
)
def test_refuses_options(options, says):
    for model in (QNNClassifier, QNNRegressor):
        with pytest.raises(ValueError, match=says):
            model(**options).fit(X, y)
