"""Ad hoc data: labels are the sign of a rotated parity, with a gap, under a unitary that is Haar random."""

import numpy as np
import pytest

from qlearn.learning import FidelityKernel, ad_hoc_data, parity_expectation
from qlearn.learning.qsvm import ad_hoc as adhoc
from qlearn.qubits import expectation


@pytest.mark.parametrize(("q", "gap"), [(2, 0.3), (3, 0.3), (2, 0.0), (4, 0.1)])
def test_labels_are_the_sign_of_the_parity_beyond_the_gap(q, gap):
    data = ad_hoc_data(15, 10, n_features=q, gap=gap, rng=q)
    for X, y, n in ((data.X_train, data.y_train, 15), (data.X_test, data.y_test, 10)):
        assert X.shape == (2 * n, q)
        assert y.tolist() == [0] * n + [1] * n
        assert X.min() >= 0
        assert X.max() < 2 * np.pi
        # independent of the fast path: the states of the circuit itself
        states = FidelityKernel().circuit(X).run()
        f = np.array([np.vdot(state, data.observable @ state).real for state in states])
        assert ((f > gap) == (y == 0)).all()
        assert ((f < -gap) == (y == 1)).all()


def test_the_observable_is_a_rotated_parity():
    M = ad_hoc_data(rng=0).observable
    np.testing.assert_allclose(M, M.conj().T, atol=1e-14)
    np.testing.assert_allclose(np.linalg.eigvalsh(M), [-1, -1, 1, 1], atol=1e-12)


def test_the_rotation_is_haar():
    # <00|V' ZZ V|00> for Haar V has mean 0 and variance 1/(d+1) = 1/5: 400 draws, 6 sd each (false alarm 2e-9)
    entries = np.array([ad_hoc_data(1, 1, gap=0.0, rng=seed).observable[0, 0].real for seed in range(400)])
    assert abs(entries.mean()) < 6 * np.sqrt(0.2 / 400)
    assert abs(entries.var() - 0.2) < 6 * 0.2 * np.sqrt(2 / 400)


def test_expectation_of_the_bare_parity_is_that_of_pauli_strings():
    X = np.random.default_rng(0).uniform(0, 2 * np.pi, (20, 3))
    parity = np.diag([1 - 2 * (i.bit_count() % 2) for i in range(8)])
    np.testing.assert_allclose(
        parity_expectation(X, parity), expectation(FidelityKernel().circuit(X).run(), "ZZZ"), atol=1e-12
    )


def test_the_classes_are_linearly_separable_in_feature_space():
    # the observable itself is the hyperplane: its margin is the gap, so training never errs
    from sklearn.svm import SVC

    data = ad_hoc_data(100, 1, rng=3)
    model = SVC(kernel=FidelityKernel(), C=1e6).fit(data.X_train, data.y_train)
    assert model.score(data.X_train, data.y_train) == 1.0


def test_a_seed_repeats_and_a_generator_goes_on():
    first, again = ad_hoc_data(rng=5), ad_hoc_data(rng=5)
    np.testing.assert_array_equal(first.X_train, again.X_train)
    generator = np.random.default_rng(5)
    ad_hoc_data(rng=generator)
    assert (ad_hoc_data(rng=generator).X_train != first.X_train).any()


def test_no_point_stands_twice():
    data = ad_hoc_data(50, 50, rng=1)
    assert len(np.unique(np.concatenate([data.X_train, data.X_test]), axis=0)) == 200


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"n_train": 0}, ValueError, "n_train must be at least 1"),
        ({"n_test": 1.5}, TypeError, "n_test must be a whole number"),
        ({"n_features": 1}, ValueError, "n_features must be at least 2"),
        ({"n_features": 11}, ValueError, "n_features must be 2 to 10"),
        ({"gap": 1.0}, ValueError, "gap must be below 1"),
        ({"gap": -0.1}, ValueError, "gap must be"),
        ({"gap": 0.95, "n_features": 4}, ValueError, "take a smaller gap or fewer features"),
    ],
)
def test_refuses(arguments, error, says, monkeypatch):
    monkeypatch.setattr(adhoc, "_PATIENCE", 8)
    with pytest.raises(error, match=says):
        ad_hoc_data(**arguments, rng=0)


@pytest.mark.parametrize(
    ("observable", "says"),
    [
        (np.eye(2), r"shape \(4, 4\) for 2 features, not \(2, 2\)"),
        (None, "must have shape"),
        (np.triu(np.ones((4, 4))), "must be Hermitian"),
        (np.full((4, 4), np.nan), "must be Hermitian and finite"),
    ],
)
def test_refuses_observables(observable, says):
    with pytest.raises(ValueError, match=says):
        parity_expectation([[0.1, 0.2]], observable)


def test_it_says_in_a_line_how_much_it_holds():
    assert repr(ad_hoc_data(20, 5, rng=7)) == "AdHocData(40 training rows, 10 test rows, 2 features)"
