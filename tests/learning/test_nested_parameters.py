"""Nested parameters: a search reaches into frozen objects, and nobody else's copy moves."""

import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from qlearn.learning import QSVC, FidelityKernel
from qlearn.learning.qsvm import ad_hoc_data


def test_every_depth_has_a_name_and_can_be_set():
    given = FidelityKernel("z")
    machine = QSVC(kernel=given)
    assert machine.get_params()["kernel__bandwidth"] == given.bandwidth
    assert "kernel__bandwidth" not in machine.get_params(deep=False)
    machine.set_params(kernel__bandwidth=0.1, kernel__reps=1, C=3)
    assert (machine.kernel.bandwidth, machine.kernel.reps, machine.C) == (0.1, 1, 3)
    assert given == FidelityKernel("z")


def test_an_object_and_what_is_changed_in_it_may_come_in_one_call():
    machine = QSVC().set_params(kernel__reps=3, kernel=FidelityKernel("zz"))
    assert machine.kernel.reps == 3


def test_a_search_over_them_tries_what_it_says():
    data = ad_hoc_data(10, 5, rng=0)
    search = GridSearchCV(QSVC(kernel=FidelityKernel("zz")), {"kernel__bandwidth": [0.01, 1.0]}, cv=2)
    search.fit(data.X_train, data.y_train)
    scores = search.cv_results_["mean_test_score"]
    assert scores[0] != scores[1]
    assert clone(search.best_estimator_).kernel.bandwidth == search.best_params_["kernel__bandwidth"]


@pytest.mark.parametrize("name", ["kernel__bandwith", "kernel__bandwidth__more", "nothing", "C__deeper"])
def test_refuses_what_is_not_there(name):
    with pytest.raises((ValueError, AttributeError)):
        QSVC(kernel=FidelityKernel("zz")).set_params(**{name: 1})
