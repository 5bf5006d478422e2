"""Cost-complexity pruning: take back the questions that are worth least for each leaf they make."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import Bunch

from qlearn._checks import as_real
from qlearn.learning.decision_trees.tree_growth import Tree

Entropy = Callable[[NDArray], NDArray[np.float64]]


class _Branches:
    """The subtrees under the nodes of a tree: their leaves, their entropy, and what is pruned."""

    def __init__(self, tree: Tree, entropy: Entropy) -> None:
        weights = tree.counts.sum(axis=1)
        self.children = tree.children
        self.own = entropy(tree.counts) * weights / weights[0]
        self.asks = tree.children[:, 0] >= 0
        self.parents = np.full(len(weights), -1)
        self.parents[tree.children[self.asks].T] = np.flatnonzero(self.asks)
        self.leaves, self.cost = np.where(self.asks, 0, 1), np.where(self.asks, 0.0, self.own)
        for node in range(len(weights) - 1, 0, -1):  # children come after their parents
            self.leaves[self.parents[node]] += self.leaves[node]
            self.cost[self.parents[node]] += self.cost[node]

    def weakest(self) -> tuple[int, float]:
        """Return the node whose subtree is worth least for each leaf that it adds, and how much."""
        nodes = np.flatnonzero(self.asks)
        worth = (self.own[nodes] - self.cost[nodes]) / (self.leaves[nodes] - 1)
        least = int(worth.argmin())
        return int(nodes[least]), float(worth[least])

    def cut(self, top: int) -> None:
        """Make a leaf of a node."""
        fewer, more = self.leaves[top] - 1, self.own[top] - self.cost[top]
        under = [top]
        while under:
            node = under.pop()
            if self.asks[node]:
                self.asks[node] = False
                under += list(self.children[node])
        node = top
        while node >= 0:
            self.leaves[node] -= fewer
            self.cost[node] += more
            node = int(self.parents[node])


def prune(tree: Tree, entropy: Entropy, alpha: float) -> Tree:
    r"""Return a tree without the subtrees that are worth no more than `alpha` bits for each leaf that they add.

    .. math:: \alpha_t = \frac{R(t) - R(T_t)}{|T_t| - 1}, \qquad R(t) = \frac{n_t}{n} S(\rho_t)

    where :math:`T_t` is the subtree under node t, with :math:`|T_t|` leaves, whose R is the sum of theirs. The weakest goes
    first, then what is the weakest of the rest. With 0 nothing goes.

    Parameters
    ----------
    tree : Tree
        A grown tree.
    entropy : callable
        The impurity of nodes, from their class counts.
    alpha : float
        Bits a leaf, at least 0.

    Returns
    -------
    Tree
        The nodes that are left, numbered anew in their old order.

    Examples
    --------
    >>> from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier, mixture_entropy
    >>> X, y = [[0.0], [1.0], [2.0], [3.0], [4.0]], [0, 0, 0, 1, 0]
    >>> tree = QuantumDecisionTreeClassifier().fit(X, y).tree_
    >>> tree, prune(tree, mixture_entropy, 0.3), prune(tree, mixture_entropy, 0.4)
    (Tree(5 nodes, 3 leaves, depth 2), Tree(5 nodes, 3 leaves, depth 2), Tree(1 nodes, 1 leaves, depth 0))

    References
    ----------
    Breiman, Friedman, Olshen and Stone, "Classification and regression trees", 1984, section 3.3.
    """
    if as_real(alpha, "ccp_alpha", least=0) == 0 or not (tree.children >= 0).any():
        return tree
    branches = _Branches(tree, entropy)
    while branches.asks.any():
        node, worth = branches.weakest()
        if worth > alpha:
            break
        branches.cut(node)
    asks = branches.asks
    # What is left: the root, and the children of nodes that still ask.
    kept = np.array([node == 0 or bool(asks[branches.parents[node]]) for node in range(len(asks))])
    number = np.append(kept.cumsum() - 1, -1)
    return replace(
        tree,
        questions=tuple(tree.questions[node] if asks[node] else None for node in np.flatnonzero(kept)),
        children=number[np.where(asks[:, None], tree.children, -1)[kept]],
        counts=tree.counts[kept],
        depths=tree.depths[kept],
        gains=np.where(asks, tree.gains, 0.0)[kept],
        searched=tree.searched[kept],
        n_rows=tree.n_rows[kept],
    )


def pruning_path(tree: Tree, entropy: Entropy) -> Bunch:
    """Return at which alpha subtrees go, one after the other until the root is alone, and the entropy that is then left.

    Parameters
    ----------
    tree : Tree
        A grown tree.
    entropy : callable
        The impurity of nodes, from their class counts.

    Returns
    -------
    Bunch
        As scikit-learn's: ``ccp_alphas``, in bits a leaf, the first 0; ``impurities``, the mean entropy of the leaves that
        are left, in bits. Both of float64, shape (n_steps,).

    Examples
    --------
    >>> from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier, mixture_entropy
    >>> tree = QuantumDecisionTreeClassifier().fit([[0.0], [1.0], [2.0], [3.0], [4.0]], [0, 0, 0, 1, 0]).tree_
    >>> path = pruning_path(tree, mixture_entropy)
    >>> path.ccp_alphas.round(3), path.impurities.round(3)
    (array([0.   , 0.361]), array([0.   , 0.722]))

    References
    ----------
    Breiman, Friedman, Olshen and Stone, "Classification and regression trees", 1984, section 3.3.
    """
    branches = _Branches(tree, entropy)
    alphas, impurities = [0.0], [float(branches.cost[0])]
    while branches.asks.any():
        node, worth = branches.weakest()
        branches.cut(node)
        alphas.append(worth)
        impurities.append(float(branches.cost[0]))
    # A question that is worth nothing comes out a rounding below 0, which `ccp_alpha` may not be; and none goes before the last.
    rising = np.maximum.accumulate(alphas)
    return Bunch(ccp_alphas=rising, impurities=np.array(impurities))
