"""An encoding is what has its three methods, and kernels and networks take any.

The cost of loading: as counted by hand, by closed form, and by Qiskit.
"""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Binarizer, MinMaxScaler
from sklearn.svm import SVC

from qlearn.learning.encodings import (
    AmplitudeEncoding,
    AngleEncoding,
    BasisEncoding,
    Encoding,
    ReuploadingEncoding,
    ZZFeatureMap,
    loading_cost,
)
from qlearn.learning.encodings.encoding import (
    as_features,
    as_rows,
    as_wire_count,
    checked_states,
    largest_scales,
    room_for,
)
from qlearn.learning.neural_networks.qnn import QNNClassifier
from qlearn.learning.qsvm.qsvc import QSVC

ALL = [
    BasisEncoding(wires=3),
    AngleEncoding("z", bandwidth=0.5),
    AmplitudeEncoding(wires=2),
    ZZFeatureMap(1, "linear"),
    ReuploadingEncoding(2, scales=[1, 3], wires=3, wrap=True),
]
X = np.random.default_rng(0).uniform(0, 1, (24, 2))


def test_the_protocol_is_its_three_methods():
    assert isinstance(ZZFeatureMap(), Encoding)
    assert not isinstance("zz", Encoding)


@pytest.mark.parametrize("encoding", ALL, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize(
    "judge", [QSVC(), QNNClassifier(layers=1, epochs=2, random_state=0)], ids=["kernel", "net"]
)
def test_kernels_and_networks_take_every_encoding(encoding, judge):
    y = (X[:, 0] > 0.5).astype(int)
    before = Binarizer(threshold=0.5) if isinstance(encoding, BasisEncoding) else MinMaxScaler((0.2, 1))
    model = make_pipeline(before, clone(judge).set_params(encoding=encoding)).fit(X, y)
    for again in (pickle.loads(pickle.dumps(model)), clone(model).fit(X, y)):
        np.testing.assert_array_equal(again.decision_function(X), model.decision_function(X))
    name = type(judge).__name__.lower() + "__encoding"
    search = GridSearchCV(model, {name: [encoding]}, cv=2, error_score="raise").fit(X, y)
    assert search.best_params_ == {name: encoding}
    assert pickle.loads(pickle.dumps(encoding)) == encoding


@pytest.mark.parametrize("encoding", ALL, ids=lambda e: type(e).__name__)
def test_a_kernel_machine_sees_nothing_but_the_states(encoding):
    rows, y = X.round() if isinstance(encoding, BasisEncoding) else X, np.arange(len(X)) % 2
    states = encoding.states(rows)
    gram = abs(states @ states.conj().T) ** 2
    own = SVC(kernel="precomputed").fit(gram, y)
    np.testing.assert_allclose(
        QSVC(encoding).fit(rows, y).decision_function(rows),
        own.decision_function(gram),
        atol=1e-10,
    )


def test_rows_are_checked_in_one_place():
    assert as_rows([[1, 2]]).shape == (1, 2)
    assert as_features([1, 2]).dtype == float
    with pytest.raises(ValueError, match="a row for each sample"):
        as_rows([1.0, 2.0])
    with pytest.raises(TypeError, match="points must be an array of real numbers"):
        as_features(["a"], "points")


class Twice(AngleEncoding):
    """An encoding of somebody else, whose states are not normalised."""

    normalised = False

    def states(self, X):
        return 2 * super().states(X)


def test_states_of_others_are_checked():
    rows = np.array([[0.1, 0.2]])
    for encoding in ALL[1:]:
        np.testing.assert_array_equal(checked_states(encoding, rows), encoding.states(rows))
    with pytest.raises(ValueError, match="states of encoding must be normalised"):
        checked_states(Twice(), rows)


@pytest.mark.parametrize("encoding", [AngleEncoding(bandwidth=0.5), ReuploadingEncoding(bandwidth=0.5)])
def test_at_the_largest_scale_every_feature_turns_by_a_quarter_turn_at_most(encoding):
    rows = np.array([[1.0, -0.2], [-4.0, 0.1]])
    scales = largest_scales(encoding, rows)
    np.testing.assert_allclose(np.abs(0.5 * scales * rows).max(axis=0), np.pi / 2)
    encoding.states(2 * scales * rows)  # room for rows twice as far out, and no more
    with pytest.raises(ValueError, match="out of range"):
        encoding.states(2.01 * scales * rows)


def test_features_of_any_size_have_no_largest_scale():
    rows = np.ones((3, 2))
    for encoding in (AngleEncoding(wrap=True), ReuploadingEncoding(wrap=True), ZZFeatureMap()):
        assert (largest_scales(encoding, rows) == np.inf).all()
    with pytest.raises(ValueError, match="its features are whole numbers"):
        largest_scales(BasisEncoding(), rows)


def test_wires_are_counted_in_one_place():
    assert as_wire_count(3, None, each=2) == 6
    assert as_wire_count(3, 7, each=2) == 7
    with pytest.raises(
        ValueError, match=r"X has 4 features, more than the qubits can hold: wires=7.*PCA\(3\)"
    ):
        as_wire_count(4, 7, each=2)
    with pytest.raises(TypeError, match="n_features must be a whole number"):
        as_wire_count(2.5, None)


def test_room_is_asked_for_before_it_is_taken():
    room_for(4, 30)
    with pytest.raises(ValueError, match="8 states of 30 qubits"):
        room_for(8, 30)
    with pytest.raises(ValueError, match="more than memory holds"):
        room_for(1, 5000)


ALL_COST = [AmplitudeEncoding(), AngleEncoding("z"), BasisEncoding(2), ZZFeatureMap(), ReuploadingEncoding(3)]


@pytest.mark.parametrize("encoding", ALL_COST, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("d", [1, 3, 5])
def test_qiskit_counts_the_same(encoding, d):
    cost = loading_cost(encoding, d)
    circuit = encoding.circuit(np.ones(d)).to_qiskit()
    assert (cost.qubits, cost.gates, cost.depth) == (circuit.num_qubits, circuit.size(), circuit.depth())
    assert cost.coupling == circuit.num_nonlocal_gates()


@pytest.mark.parametrize("d", [2, 8, 16])
def test_closed_forms(d):
    assert loading_cost(AmplitudeEncoding(), d)[:3] == (d.bit_length() - 1, 2 * d - 3, d - 2)
    assert loading_cost(AngleEncoding(), d) == (d, d, 0, 1)
    pairs = d * (d - 1) // 2
    assert loading_cost(ZZFeatureMap(reps=2), d)[:3] == (d, 2 * (2 * d + 3 * pairs), 4 * pairs)


def test_refuses():
    with pytest.raises(ValueError, match="n_features must be at least 1"):
        loading_cost(AngleEncoding(), 0)
    with pytest.raises(ValueError, match="more than the qubits can hold"):
        loading_cost(AngleEncoding(wires=2), 3)


class Doubled(AngleEncoding):
    """Somebody's encoding, made of ours, with states that are none."""

    normalised = True

    def states(self, X):
        return 2 * super().states(X)


class OneRow(AngleEncoding):
    def states(self, X):
        return super().states(X)[:1]


@pytest.mark.parametrize("encoding", [Doubled(), OneRow()])
def test_states_of_an_encoding_that_inherits_ours_are_checked(encoding):
    with pytest.raises(ValueError, match="encod"):
        checked_states(encoding, np.zeros((3, 2)))
