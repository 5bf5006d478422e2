"""The one-class machine with a quantum kernel: scikit-learn's contract, and scikit-learn's own machine on the same table."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning import FidelityKernel
from qlearn.learning.qsvm import OneClassQSVM


@parametrize_with_checks([OneClassQSVM(), OneClassQSVM("z", reps=1, nu=0.2)])
def test_scikit_learns_contract(estimator, check):
    if "check_sample_weight_equivalence" in str(check):
        pytest.skip(
            "its 30 features are 30 qubits; test_kernel_estimators.py asks machines whose states hold them"
        )
    check(estimator)


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(3)
    return rng.normal(size=(80, 3)), rng.normal(size=(40, 3)) * 2


@pytest.mark.parametrize("nu", [0.05, 0.3])
def test_equals_the_classical_machine_on_the_table_of_overlaps(rows, nu):
    quiet, new = rows
    model = OneClassQSVM("zz", bandwidth=0.3, nu=nu).fit(quiet)
    kernel = FidelityKernel("zz", bandwidth=0.3)
    a, b = (np.array([kernel.circuit(row).run() for row in part]) for part in (quiet, new))
    machine = OneClassSVM(kernel="precomputed", nu=nu).fit(np.abs(a.conj() @ a.T) ** 2)
    assert model.support_.tolist() == machine.support_.tolist()
    np.testing.assert_allclose(
        model.decision_function(new), machine.decision_function(np.abs(b.conj() @ a.T) ** 2), atol=1e-8
    )


@pytest.mark.parametrize("nu", [0.02, 0.1, 0.5])
def test_nu_bounds_the_share_outside_and_the_support_from_below(rows, nu):
    # Schoelkopf et al., 2001, proposition 4: outliers <= nu n <= support vectors; the solver's tolerance moves a row or two
    quiet, _ = rows
    model = OneClassQSVM(nu=nu).fit(quiet)
    outside = np.sum(model.decision_function(quiet) < -1e-6)
    assert outside <= nu * len(quiet) + 1
    assert len(model.support_) >= nu * len(quiet) - 1e-9


def test_goes_through_a_pipeline_and_a_clone(rows):
    quiet, new = rows
    pipe = make_pipeline(StandardScaler(), OneClassQSVM(nu=0.1))
    first = pipe.fit(quiet).decision_function(new)
    again = clone(pipe).fit(quiet).decision_function(new)
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"nu": 0.0}, "nu must be above 0"),
        ({"nu": 1.5}, "nu must be a finite number between"),
        ({"bandwidth": "wide"}, "bandwidth must be a number above 0 or 'scale'"),
    ],
)
def test_refuses(rows, options, says):
    with pytest.raises(ValueError, match=says):
        OneClassQSVM(**options).fit(rows[0])
