"""Grow a tree from questions: ask the best one, part the rows, go on with each part."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Rows = NDArray[Any]
# How like two sets of rows are: the overlaps of their states, exact or counted.
Likeness = Callable[[Rows, Rows], NDArray[np.float64]]


class Question(Protocol):
    """Anything that answers yes or no for each row, where a row is whatever the tree was grown from."""

    def __call__(self, rows: Rows, likeness: Likeness | None = None) -> NDArray[np.bool_]:
        """Return the answers, shape (n,); what compares rows compares them by `likeness`, None: exactly."""
        ...

    def says(self, names: Sequence[str], decimals: int) -> tuple[str, str]:
        """Return what a row has in common with others that answer yes, and with others that answer no."""
        ...


@dataclass(frozen=True)
class Split:
    """A question at a node: its answers for the rows there, and the impurity that it takes away, in bits."""

    question: Question
    yes: NDArray[np.bool_]
    gain: float


Splitter = Callable[[NDArray[np.intp]], Split | None]


@dataclass(frozen=True)
class Tree:
    """A grown tree, its nodes in the order in which they were made: parents before children.

    Parameters
    ----------
    questions : tuple of Question or None
        One for each node; None marks a leaf.
    children : ndarray of int, shape (n_nodes, 2)
        Where to go on with a yes and with a no; -1 in a leaf.
    counts : ndarray, shape (n_nodes, n_classes)
        Training rows of each class that came by: int; with weights, the sum of theirs: float.
    depths : ndarray of int, shape (n_nodes,)
        Questions asked before the node: 0 for the root.
    gains : ndarray of float, shape (n_nodes,)
        Bits that the question of a node is worth; 0 in a leaf.
    searched : ndarray of bool, shape (n_nodes,)
        Whether a question was looked for, found or not.
    n_rows : ndarray of int, shape (n_nodes,)
        Training rows that came by, whatever their weights.
    """

    questions: tuple[Question | None, ...]
    children: NDArray[np.intp]
    counts: NDArray[Any]
    depths: NDArray[np.intp]
    gains: NDArray[np.float64]
    searched: NDArray[np.bool_]
    n_rows: NDArray[np.intp]

    def __repr__(self) -> str:
        return f"Tree({len(self.questions)} nodes, {self.questions.count(None)} leaves, depth {self.depths.max()})"

    def apply(self, rows: Rows, likeness: Likeness | None = None) -> NDArray[np.intp]:
        """Return the leaf in which each row ends, shape (n,)."""
        leaves = np.zeros(len(rows), dtype=np.intp)
        for node, here in self._visits(rows, likeness):
            leaves[here] = node  # a leaf comes after the nodes above it, and has the last word
        return leaves

    def decision_path(self, rows: Rows, likeness: Likeness | None = None) -> csr_matrix:
        """Return which nodes each row comes by: a sparse table of ones, shape (n, n_nodes)."""
        visits = list(self._visits(rows, likeness))
        here = np.concatenate([rows for _, rows in visits])
        nodes = np.repeat([node for node, _ in visits], [len(rows) for _, rows in visits])
        ones = np.ones(len(here), dtype=np.int64)
        return csr_matrix((ones, (here, nodes)), shape=(len(rows), len(self.questions)))

    def _visits(self, rows: Rows, likeness: Likeness | None) -> Iterator[tuple[int, NDArray[np.intp]]]:
        waiting = [(0, np.arange(len(rows)))]
        while waiting:
            node, here = waiting.pop()
            yield node, here
            question = self.questions[node]
            if question is None or not len(here):
                continue
            yes = question(rows[here], likeness)
            waiting += [(self.children[node, 0], here[yes]), (self.children[node, 1], here[~yes])]

    def fractions(self) -> NDArray[np.float64]:
        """Return the fraction of each class among the rows of each node, shape (n_nodes, n_classes)."""
        return self.counts / self.counts.sum(axis=1, keepdims=True)


def grow(
    split: Splitter,
    entropy: Callable[[NDArray], NDArray[np.float64]],
    membership: NDArray[Any],
    *,
    max_depth: int | None,
    min_samples_split: int,
    rows: NDArray[np.intp] | None = None,
) -> Tree:
    """Ask until every node is pure, or too small or too deep, or no question is left.

    `rows` are those that the tree is grown from, one drawn twice stands twice among them; None: all.
    """
    waiting = [(np.arange(len(membership)) if rows is None else rows, 0, -1, 0)]
    questions: list[Question | None] = []
    children: list[list[int]] = []
    counts, depths, gains, searched, n_rows = [], [], [], [], []
    while waiting:
        here, depth, parent, answer = waiting.pop()
        node, count = len(questions), membership[here].sum(axis=0)
        if parent >= 0:
            children[parent][answer] = node
        deep = max_depth is not None and depth >= max_depth
        # Rounding leaves 1e-16 bits in a node of equal states.
        done = deep or len(here) < min_samples_split or float(entropy(count)) < 1e-12
        found = None if done else split(here)
        questions.append(None if found is None else found.question)
        children.append([-1, -1])
        counts.append(count)
        depths.append(depth)
        gains.append(0.0 if found is None else found.gain)
        searched.append(not done)
        n_rows.append(len(here))
        if found is not None:
            waiting += [(here[~found.yes], depth + 1, node, 1), (here[found.yes], depth + 1, node, 0)]
    columns = (np.array(column) for column in (children, counts, depths, gains, searched, n_rows))
    return Tree(tuple(questions), *columns)
