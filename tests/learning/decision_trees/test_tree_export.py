"""Text and picture of a tree: scikit-learn's, word for word, of thresholds; of states what the questions are."""

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb
from sklearn.tree import DecisionTreeClassifier, export_text as their_text

from qlearn.learning.decision_trees import (
    QuantumDecisionTreeClassifier,
    QuantumForestClassifier,
    export_text,
    plot_tree,
)

Tree = QuantumDecisionTreeClassifier


@pytest.fixture
def ax():
    mpl.use("agg")
    fig, axes = plt.subplots()
    yield axes
    plt.close(fig)


def task(seed, n=200):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3)).astype(np.float32).astype(float)  # scikit-learn's trees see float32
    return X, np.array(["low", "mid", "top"])[(X[:, 0] > 0).astype(int) + (X[:, 1] > rng.normal(size=n))]


@settings(max_examples=30)
@given(
    st.integers(0, 5),
    st.integers(0, 4),
    st.integers(1, 5),
    st.integers(0, 4),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_thresholds_read_as_by_scikit_learn(seed, depth, spacing, decimals, show_weights, named, weighted):
    X, y = task(seed)
    weights = np.random.default_rng(seed).exponential(size=200) if weighted else None
    limits = {"max_depth": 3, "min_samples_leaf": 20}
    ours = Tree(**limits).fit(X, y, weights)
    theirs = DecisionTreeClassifier(criterion="entropy", random_state=0, **limits).fit(X, y, weights)
    names = {"feature_names": ["red", "green", "blue"], "class_names": ["a", "b", "c"]} if named else {}
    options = {"max_depth": depth, "spacing": spacing, "decimals": decimals, "show_weights": show_weights}
    assert export_text(ours, **options, **names) == their_text(theirs, **options, **names)


def test_states_are_asked_in_words():
    X, y = task(1, 30)
    pair = Tree("fidelity", max_depth=1, random_state=0).fit(X, y)
    a, b = pair.tree_.questions[0].landmarks
    lines = export_text(pair).splitlines()
    assert lines[0] == f"|--- more like row {a} than row {b}"
    assert lines[2] == f"|--- more like row {b} than row {a}"
    plane = Tree("kernel", landmarks=5, max_depth=1, random_state=0).fit(X, y)
    first = ", ".join(map(str, plane.tree_.questions[0].landmarks[:3]))
    lines = export_text(plane).splitlines()
    assert lines[0] == f"|--- above the hyperplane of rows {first}, ..."
    assert lines[2] == f"|--- below the hyperplane of rows {first}, ..."
    assert all(line.startswith("|   |--- class: ") for line in (lines[1], lines[3]))


def test_columns_that_were_seen_name_the_features():
    pandas = pytest.importorskip("pandas", reason="a table with names of its columns")
    X, y = task(2)
    tree = Tree(max_depth=1).fit(pandas.DataFrame(X, columns=["red", "green", "blue"]), y)
    assert export_text(tree).startswith(("|--- red <=", "|--- green <="))


def test_a_deep_tree_is_printed():
    X, y = np.arange(600.0)[:, None], np.arange(600) % 2
    weights = 1.1 ** -np.arange(600.0)  # what is worth most is the first row, each time
    tree = Tree().fit(X[:300], y[:300], weights[:300])
    assert export_text(tree, max_depth=400).count("class:") == tree.get_n_leaves()


def test_a_picture_has_a_box_for_each_node(ax):
    X, y = task(3)
    tree = Tree(max_depth=3, min_samples_leaf=10).fit(X, y)
    boxes = plot_tree(tree, ax=ax, filled=True, node_ids=True, feature_names=["red", "green", "blue"])
    assert len(boxes) == len(tree.tree_.questions)
    for node, box in enumerate(boxes):
        lines = box.get_text().splitlines()
        assert lines[0] == f"node #{node}"
        assert ("<=" in lines[1]) == (tree.tree_.questions[node] is not None)
        assert f"samples = {tree.tree_.n_rows[node]}" in lines
        assert lines[-1] == f"class = {tree.classes_[tree.tree_.counts[node].argmax()]}"
        x, y_place = box.get_position()
        assert y_place == -tree.tree_.depths[node]
        if tree.tree_.questions[node] is not None:
            yes, no = (boxes[child].get_position()[0] for child in tree.tree_.children[node])
            assert yes < x == (yes + no) / 2 < no
    leaves = [b.get_position()[0] for b, q in zip(boxes, tree.tree_.questions, strict=True) if q is None]
    assert sorted(leaves) == list(range(tree.get_n_leaves()))  # side by side, none on another
    assert {text.get_text().strip() for text in ax.texts} >= {"yes", "no"}
    assert len(ax.lines) == len(boxes) - 1


def test_doubt_is_pale(ax):
    X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
    root, sure, other = plot_tree(Tree().fit(X, y), ax=ax, filled=True)
    colors = [box.get_bbox_patch().get_facecolor()[:3] for box in (root, sure, other)]
    assert colors[0] == (1, 1, 1)
    assert colors[1] != colors[2]
    assert min(map(min, colors[1:])) < 0.6
    plain = plot_tree(Tree().fit(X, y), ax=ax)
    assert {box.get_bbox_patch().get_facecolor()[:3] for box in plain} == {to_rgb("white")}


def test_what_is_cut_off_has_dots(ax):
    X, y = task(4)
    tree = Tree(max_depth=3, min_samples_leaf=5).fit(X, y)
    boxes = plot_tree(tree, ax=ax, max_depth=1, impurity=False, proportion=True, precision=1)
    shown = int((tree.tree_.depths <= 1).sum())
    cut = sum(q is not None and d == 1 for q, d in zip(tree.tree_.questions, tree.tree_.depths, strict=True))
    assert [box.get_text() for box in boxes[shown:]] == ["(...)"] * cut
    assert cut > 0
    assert "entropy" not in boxes[0].get_text()
    shares = ", ".join(f"{share:.1f}" for share in tree.tree_.fractions()[0])
    assert f"samples = 100.0%\nvalue = [{shares}]" in boxes[0].get_text()


def test_a_tree_of_a_forest_is_drawn_where_one_stands(ax):
    X, y = task(5)
    forest = QuantumForestClassifier(Tree("kernel", max_depth=2), 2, random_state=0).fit(X, y)
    plt.sca(ax)
    boxes = plot_tree(forest.estimators_[1])
    assert all(box.axes is ax for box in boxes)
    assert boxes[0].get_text().startswith("above the hyperplane of rows")


@pytest.mark.parametrize("function", [export_text, plot_tree])
def test_refuses(function):
    X, y = task(6)
    tree = Tree(max_depth=1).fit(X, y)
    with pytest.raises(
        TypeError, match=r"decision_tree must be a QuantumDecisionTree.*one of its estimators_"
    ):
        function(QuantumForestClassifier(Tree(), 2).fit(X, y))
    with pytest.raises(ValueError, match="not fitted"):
        function(Tree())
    with pytest.raises(
        ValueError, match="feature_names must have one name for each feature, so 3, not the shape"
    ):
        function(tree, feature_names=["a", "b"])
    with pytest.raises(ValueError, match="class_names must have one name for each class, so 3"):
        function(tree, class_names=["a"])
    with pytest.raises(ValueError, match="max_depth must be at least 0"):
        function(tree, max_depth=-1)


def test_refuses_a_layout_without_room():
    tree = Tree(max_depth=1).fit(*task(6))
    with pytest.raises(ValueError, match="spacing must be at least 1"):
        export_text(tree, spacing=0)
    with pytest.raises(TypeError, match="decimals must be a whole number"):
        export_text(tree, decimals=1.5)
    with pytest.raises(ValueError, match="precision must be at least 0"):
        plot_tree(tree, precision=-1)


def test_the_picture_is_of_the_tree_as_it_was_grown(ax):
    X, y = task(3)
    tree = Tree(max_depth=2, class_states=[[1, 0], [0.8, 0.6], [0, 1]]).fit(X, y)
    before = [box.get_text() for box in plot_tree(tree, ax=ax)]
    tree.set_params(class_states=None)
    assert [box.get_text() for box in plot_tree(tree, ax=ax)] == before


@pytest.mark.parametrize("function", [export_text, plot_tree])
def test_true_asks_for_the_labels(function):
    tree = QuantumDecisionTreeClassifier().fit([[0.0], [1.0], [2.0]], ["no", "no", "yes"])
    said = [
        made if isinstance(made, str) else [box.get_text() for box in made]
        for made in (function(tree, class_names=names) for names in (True, ["no", "yes"]))
    ]
    assert said[0] == said[1]
