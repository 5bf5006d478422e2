"""A tree as text and as a picture: the questions, and who is left in the leaves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

from qlearn._checks import as_count
from qlearn.learning.decision_trees.decision_tree import QuantumDecisionTreeClassifier

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

# One colour a class, in turn: those of the book, which the colour-blind tell apart.
_COLORS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")


def export_text(
    decision_tree: QuantumDecisionTreeClassifier,
    *,
    feature_names: ArrayLike | None = None,
    class_names: ArrayLike | None = None,
    max_depth: int = 10,
    spacing: int = 3,
    decimals: int = 2,
    show_weights: bool = False,
) -> str:
    """Return a tree as lines of text, one for each answer and each leaf, indented by their depth.

    Of thresholds it is what :func:`sklearn.tree.export_text` prints. Exemplars and landmarks are named by their rows in the
    training data. A tree of a forest is one of its ``estimators_``.

    Parameters
    ----------
    decision_tree : QuantumDecisionTreeClassifier
        A fitted tree.
    feature_names : array_like of str, shape (n_features,), optional
        Names of the features; None: those of the columns that `fit` saw, else ``feature_0`` and so on.
    class_names : array_like of str, shape (n_classes,), or True, optional
        Names of the classes in the order of their sorted labels; None or True: the labels.
    max_depth : int
        Questions in a row that are printed, at least 0; what follows is one line.
    spacing : int
        Width of a level, at least 1.
    decimals : int
        Digits of thresholds and weights.
    show_weights : bool
        Whether the weight of each class stands in the leaves: its rows, if they have no other weights.

    Returns
    -------
    str
        Every line ends in a line break.

    Examples
    --------
    >>> from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier
    >>> X, y = [[0.0, 3.0], [1.0, 0.0], [2.0, 3.0]], ["no", "no", "yes"]
    >>> print(export_text(QuantumDecisionTreeClassifier().fit(X, y), feature_names=["mass", "age"]), end="")
    |--- mass <= 1.50
    |   |--- class: no
    |--- mass >  1.50
    |   |--- class: yes
    >>> tree = QuantumDecisionTreeClassifier("fidelity", random_state=1).fit(X, y)
    >>> print(export_text(tree, show_weights=True, decimals=0), end="")
    |--- more like row 0 than row 2
    |   |--- weights: [2, 0] class: no
    |--- more like row 2 than row 0
    |   |--- weights: [0, 1] class: yes

    References
    ----------
    Pedregosa et al., "Scikit-learn: machine learning in Python", 2011, arXiv:1201.0490 (whose `export_text` this follows).
    """
    fitted = _as_tree(decision_tree)
    names, labels = _feature_names(fitted, feature_names), _class_names(fitted, class_names)
    deepest, width = as_count(max_depth, "max_depth", 0), as_count(spacing, "spacing")
    digits = as_count(decimals, "decimals", 0)
    tree = fitted.tree_
    heights = np.ones(len(tree.questions), dtype=int)
    for node in range(len(heights) - 1, -1, -1):  # children come after their parents
        if tree.questions[node] is not None:
            heights[node] = 1 + heights[tree.children[node]].max()

    lines: list[str] = []
    waiting: list[tuple[int, str | None, int]] = [(0, None, 0)]
    while waiting:
        node, answer, depth = waiting.pop()
        if answer is not None:
            lines.append(_indent(depth, width) + answer)
        question, own = tree.questions[node], _indent(depth + 1, width)
        if question is None:
            each = ", ".join(f"{weight:.{digits}f}" for weight in tree.counts[node])
            shown = f" weights: [{each}]" if show_weights else ""
            lines.append(f"{own}{shown} class: {labels[int(tree.counts[node].argmax())]}")
        elif depth > deepest:
            lines.append(f"{own} truncated branch of depth {heights[node]}")
        else:
            yes, no = question.says(names, digits)
            waiting += [
                (int(tree.children[node, 1]), f" {no}", depth + 1),
                (int(tree.children[node, 0]), f" {yes}", depth + 1),
            ]
    return "".join(f"{line}\n" for line in lines)


def _indent(depth: int, spacing: int) -> str:
    return ("|" + " " * spacing) * (depth - 1) + "|" + "-" * spacing


def plot_tree(
    decision_tree: QuantumDecisionTreeClassifier,
    *,
    max_depth: int | None = None,
    feature_names: ArrayLike | None = None,
    class_names: ArrayLike | None = None,
    filled: bool = False,
    impurity: bool = True,
    node_ids: bool = False,
    proportion: bool = False,
    precision: int = 3,
    ax: "Axes | None" = None,
    fontsize: float | None = None,
) -> "list[Annotation]":
    """Draw a tree: a box for each node, yes to the left.

    Parameters
    ----------
    decision_tree : QuantumDecisionTreeClassifier
        A fitted tree. One of a forest is one of its ``estimators_``.
    max_depth : int, optional
        Questions in a row that are drawn, at least 0; None: all. What follows is a box with dots.
    feature_names, class_names
        As for :func:`export_text`.
    filled : bool
        Whether a box has the colour of its most frequent class, the paler the more doubt there is.
    impurity, node_ids : bool
        Whether entropy in bits, and number of the node, stand in its box.
    proportion : bool
        Whether rows and weights are given as shares.
    precision : int
        Digits of thresholds, entropies and shares.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None: on the current axes. What was there goes.
    fontsize : float, optional
        Size of the text, in points; None: that of matplotlib.

    Returns
    -------
    list of matplotlib.text.Annotation
        The boxes, in the order of the nodes, then those with dots.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier
    >>> boxes = plot_tree(QuantumDecisionTreeClassifier().fit([[0.0], [1.0], [2.0]], ["no", "no", "yes"]))
    >>> print(boxes[0].get_text())
    feature_0 <= 1.500
    entropy = 0.918
    samples = 3
    value = [2, 1]
    class = no

    References
    ----------
    Pedregosa et al., "Scikit-learn: machine learning in Python", 2011, arXiv:1201.0490 (whose `plot_tree` this follows).
    """
    import matplotlib.pyplot as plt

    fitted = _as_tree(decision_tree)
    names, labels = _feature_names(fitted, feature_names), _class_names(fitted, class_names)
    digits = as_count(precision, "precision", 0)
    tree = fitted.tree_
    deepest = int(tree.depths.max()) if max_depth is None else as_count(max_depth, "max_depth", 0)
    entropies = fitted._impurity.entropy(tree.counts)
    places = _places(tree.children, tree.depths, deepest)
    axes = plt.gca() if ax is None else ax
    axes.clear()
    axes.set_axis_off()

    boxes, dots = [], []
    for node in np.flatnonzero(tree.depths <= deepest).tolist():
        question, lines = tree.questions[node], []
        if node_ids:
            lines.append(f"node #{node}")
        if question is not None:
            lines.append(question.says(names, digits)[0])
        if impurity:
            lines.append(f"entropy = {entropies[node]:.{digits}f}")
        lines += _who(tree.counts[node], int(tree.n_rows[node]), int(tree.n_rows[0]), proportion, digits)
        most = int(tree.counts[node].argmax())
        lines.append(f"class = {labels[most]}")
        face = _shade(most, entropies[node] / np.log2(len(labels))) if filled else "white"
        boxes.append(_box(axes, "\n".join(lines), places[node], face, fontsize))
        if question is None:
            continue
        x, y = places[node]
        if tree.depths[node] == deepest:
            dots.append(_box(axes, "(...)", (x, y - 1), "#DDDDDD", fontsize))
            _line(axes, (x, y), (x, y - 1))
            continue
        for answer, child in zip(("yes", "no"), tree.children[node].tolist(), strict=True):
            _line(axes, (x, y), places[child], "" if node else answer, fontsize)
    axes.set(
        xlim=(-0.6, max(x for x, _ in places.values()) + 0.6), ylim=(-deepest - (1.5 if dots else 0.5), 0.5)
    )
    return boxes + dots


def _places(
    children: NDArray[np.intp], depths: NDArray[np.intp], deepest: int
) -> dict[int, tuple[float, float]]:
    """Return where the nodes stand: leaves side by side, a question above the middle of its answers."""
    places: dict[int, tuple[float, float]] = {}
    ends = 0
    waiting = [(0, False)]
    while waiting:
        node, seen = waiting.pop()
        yes, no = map(int, children[node])
        if yes < 0 or depths[node] == deepest:
            places[node] = (float(ends), -float(depths[node]))
            ends += 1
        elif seen:
            places[node] = ((places[yes][0] + places[no][0]) / 2, -float(depths[node]))
        else:
            waiting += [(node, True), (no, False), (yes, False)]
    return places


def _who(counts: NDArray[Any], rows: int, of: int, proportion: bool, digits: int) -> list[str]:
    if proportion:
        shares = ", ".join(f"{share:.{digits}f}" for share in counts / counts.sum())
        return [f"samples = {100 * rows / of:.1f}%", f"value = [{shares}]"]
    each = ", ".join(f"{count:.{digits}f}" if count % 1 else f"{count:.0f}" for count in counts)
    return [f"samples = {rows}", f"value = [{each}]"]


def _shade(which: int, doubt: float) -> tuple[float, float, float]:
    from matplotlib.colors import to_rgb

    color = np.array(to_rgb(_COLORS[which % len(_COLORS)]))
    strength = 0.75 * (1 - doubt)
    red, green, blue = (strength * color + (1 - strength)).tolist()
    return red, green, blue


def _box(axes: Any, text: str, place: tuple[float, float], face: Any, fontsize: float | None) -> Any:
    frame = {"boxstyle": "round", "fc": face, "ec": "#333333"}
    # Above the lines, which begin and end in the middle of a box.
    return axes.annotate(
        text, place, ha="center", va="center", fontsize=fontsize, bbox=frame, zorder=3, annotation_clip=False
    )


def _line(
    axes: Any,
    start: tuple[float, float],
    end: tuple[float, float],
    answer: str = "",
    fontsize: float | None = None,
) -> None:
    axes.plot([start[0], end[0]], [start[1], end[1]], color="#767676", lw=1, zorder=1)
    if answer:
        side = "right" if end[0] < start[0] else "left"
        middle = (start[0] + 3 * end[0]) / 4, (start[1] + end[1]) / 2
        axes.text(*middle, f" {answer} ", ha=side, va="center", fontsize=fontsize, zorder=2)


def _as_tree(model: Any) -> QuantumDecisionTreeClassifier:
    if not isinstance(model, QuantumDecisionTreeClassifier):
        raise TypeError(
            f"decision_tree must be a QuantumDecisionTreeClassifier, not {type(model).__name__}: "
            "of a forest give one of its estimators_, scikit-learn's trees have functions of this name in sklearn.tree"
        )
    check_is_fitted(model)
    return model


def _feature_names(model: QuantumDecisionTreeClassifier, names: ArrayLike | None) -> Sequence[str]:
    if names is None:
        seen = getattr(model, "feature_names_in_", None)
        return [f"feature_{k}" for k in range(model.n_features_in_)] if seen is None else [*map(str, seen)]
    return _as_names(names, "feature_names", model.n_features_in_, "feature")


def _class_names(model: QuantumDecisionTreeClassifier, names: ArrayLike | None) -> Sequence[str]:
    if names is None or names is True:
        return [*map(str, model.classes_)]
    return _as_names(names, "class_names", len(model.classes_), "class")


def _as_names(names: ArrayLike, name: str, expected: int, what: str) -> Sequence[str]:
    each = np.asarray(names)
    if each.shape != (expected,):
        raise ValueError(
            f"{name} must have one name for each {what}, so {expected}, not the shape {each.shape}"
        )
    return [*map(str, each)]
