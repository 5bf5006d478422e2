"""The ablation of the chapter: one switch, `entanglement="none"`, and all else equal."""

import ast
import json
from dataclasses import replace

import numpy as np
import pytest

from qlearn.learning import FidelityKernel, ad_hoc_data
from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier, QuantumForestClassifier

WITH, WITHOUT = "kernel forest, ZZ", "kernel forest, no coupling"
CONTESTS = {"trees-18": "the data of the map", "trees-21": "the wines"}


@pytest.fixture(scope="module")
def cells(root):
    page = json.loads((root / "book/learning/decision_trees.ipynb").read_text(encoding="utf8"))
    return {cell["id"]: "".join(cell["source"]) for cell in page["cells"]}


@pytest.fixture(scope="module")
def forests(cells):
    """The function of the page that makes its quantum forests."""
    (made,) = (
        part
        for part in ast.parse(cells["trees-18"]).body
        if isinstance(part, ast.FunctionDef) and part.name == "quantum_forests"
    )
    known = {
        "QuantumDecisionTreeClassifier": QuantumDecisionTreeClassifier,
        "QuantumForestClassifier": QuantumForestClassifier,
    }
    exec(ast.unparse(made), known)
    return known["quantum_forests"]


def asked(source, name):
    """The call of `quantum_forests` that a contest makes for the model of this name: arguments and options."""
    (model,) = (
        value
        for table in ast.walk(ast.parse(source))
        if isinstance(table, ast.Dict)
        for key, value in zip(table.keys, table.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == name
    )
    (call,) = (
        part
        for part in ast.walk(model)
        if isinstance(part, ast.Call) and getattr(part.func, "id", "") == "quantum_forests"
    )
    options = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    return [ast.unparse(value) for value in call.args], options


@pytest.mark.parametrize("cell", CONTESTS, ids=CONTESTS.values())
def test_a_contest_asks_for_the_same_forests_but_for_the_switch(cells, cell):
    args, options = asked(cells[cell], WITH)
    assert "entanglement" not in options
    assert asked(cells[cell], WITHOUT) == (args, {**options, "entanglement": "none"})


def test_the_forests_of_the_page_differ_in_the_switch_alone(forests):
    grid = [0.5, 1]
    for coupled, lone in zip(forests(grid), forests(grid, entanglement="none"), strict=True):
        one, other = coupled.get_params(), lone.get_params()
        one.pop("estimator"), other.pop("estimator")
        assert {name for name in one if one[name] != other[name]} == {"estimator__entanglement"}
        assert (one["estimator__entanglement"], other["estimator__entanglement"]) == ("full", "none")


@pytest.mark.parametrize("forest", [False, True], ids=["tree", "forest"])
@pytest.mark.filterwarnings("ignore:Some inputs do not have OOB scores")
def test_the_switch_reaches_the_states_and_nothing_else(forests, forest):
    data = ad_hoc_data(20, 50, rng=1)
    models = [next(iter(forests([0.7], entanglement=name))) for name in ("full", "none")]
    if not forest:
        models = [model.estimator.set_params(random_state=0) for model in models]
    coupled, lone = (model.fit(data.X_train, data.y_train) for model in models)
    assert coupled.bandwidth_ == lone.bandwidth_ == 0.7
    switched = replace(coupled.parameters_.kernel, entanglement="none")
    assert lone.parameters_ == replace(coupled.parameters_, kernel=switched)
    # the first node of each tree has drawn the same rows; its question is another one, for it sees other states
    trees = zip(coupled.trees_, lone.trees_, strict=True) if forest else [(coupled.tree_, lone.tree_)]
    for one, other in trees:
        np.testing.assert_array_equal(one.counts[0], other.counts[0])
        assert one.questions[0].landmarks == other.questions[0].landmarks
        assert not np.allclose(one.questions[0].weights, other.questions[0].weights)


def test_without_coupling_overlaps_are_products_of_those_of_single_features():
    X = np.random.default_rng(2).normal(size=(6, 3))
    lone = FidelityKernel("zz", entanglement="none", bandwidth=0.4)
    each = [FidelityKernel("zz", entanglement="none", bandwidth=0.4).gram(X[:, [k]]) for k in range(3)]
    np.testing.assert_allclose(lone.gram(X), np.prod(each, axis=0), atol=1e-12)
    coupled = replace(lone, entanglement="full").gram(X)
    assert np.abs(coupled - lone.gram(X)).max() > 0.01
