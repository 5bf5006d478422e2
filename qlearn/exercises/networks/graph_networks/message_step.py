"""One step of a graph network that passes messages."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the same two matrices serve every node, so one trained network takes graphs of any size.",
    because=r"""
        Row u of $Wx$ is $\sum_v w_{uv}x_v$: one product of matrices lets all nodes listen at once. Divided by $\sum_v w_{uv}$
        it is a mean, and does not grow with the number of neighbours. A node without any would divide 0 by 0: its message is 0,
        and what it knew itself goes on. No number of a node stands in the formula, and so the step is equivariant.
    """,
)
def message_step(x, weights, own, heard, offset):
    r"""`x` is an array of shape (nodes, features), `weights` a symmetric array of shape (nodes, nodes) of numbers of 0 or
    more with zeros on the diagonal; 0 says that two nodes are no neighbours. The message to a node is the weighted mean of the
    features of its neighbours; to a node that has none, zeros. Return the new state of all nodes,

    $\tanh(x_u\,\text{own}+m_u\,\text{heard}+\text{offset})$ in row u,

    with the message $m_u$. `own` and `heard` are of shape (features, hidden), `offset` has `hidden` numbers.
    """
    total = weights.sum(axis=1, keepdims=True)
    messages = weights @ x / np.where(total > 0, total, 1)
    return np.tanh(x @ own + messages @ heard + offset)


@message_step.cases
def graphs(rng):
    """One node to seven, with and without lonely ones; as many features as nodes and as hidden numbers; no edge
    at all; weak edges."""
    for nodes, features, hidden, share in (
        (2, 1, 1, 1.0),
        (4, 3, 2, 0.7),
        (3, 3, 3, 1.0),
        (7, 2, 4, 0.5),
        (5, 4, 5, 0.6),
        (1, 2, 3, 0.0),
        (3, 2, 2, 0.0),
        (6, 1, 2, 0.8),
    ):
        upper = np.triu(rng.uniform(0.2, 2, (nodes, nodes)) * (rng.random((nodes, nodes)) < share), 1)
        if nodes > 4:
            upper[1] = upper[:, 1] = 0  # a lonely node
        own, heard = rng.normal(size=(2, features, hidden)) / features
        yield rng.normal(size=(nodes, features)), upper + upper.T, own, heard, rng.normal(size=hidden)
    # Weak edges: what is divided by at least 1, or 0.2, is no mean.
    faint = np.zeros((4, 4))
    faint[0, 1:3] = faint[1:3, 0] = rng.uniform(0.002, 0.02, 2)
    own, heard = rng.normal(size=(2, 2, 3))
    yield rng.normal(size=(4, 2)), faint, own, heard, rng.normal(size=3)


def _means(x, weights):
    total = weights.sum(axis=1, keepdims=True)
    return weights @ x / np.where(total > 0, total, 1)


@message_step.mistake("the message is a weighted *mean*: divide by the sum of the weights of the neighbours.")
def a_sum(x, weights, own, heard, offset):
    return np.tanh(x @ own + weights @ x @ heard + offset)


@message_step.mistake(
    "you divide by the number of neighbours: of a weighted mean the weights add up to 1, so divide by their sum."
)
def divided_by_the_count(x, weights, own, heard, offset):
    count = (weights > 0).sum(axis=1, keepdims=True)
    return np.tanh(x @ own + weights @ x / np.maximum(count, 1) @ heard + offset)


@message_step.mistake("every neighbour counts the same with you: each has its weight.")
def plain_mean(x, weights, own, heard, offset):
    return np.tanh(x @ own + _means(x, (weights > 0).astype(float)) @ heard + offset)


@message_step.mistake("a node without neighbours divides 0 by 0 with you: its message is zeros.")
def lonely_nodes_are_lost(x, weights, own, heard, offset):
    with np.errstate(invalid="ignore"):
        means = weights @ x / weights.sum(axis=1, keepdims=True)
    return np.tanh(x @ own + means @ heard + offset)


@message_step.mistake("a node without neighbours still has what it knew itself: only its *message* is zero.")
def lonely_nodes_are_silent(x, weights, own, heard, offset):
    return message_step.solution(x, weights, own, heard, offset) * (weights.sum(axis=1, keepdims=True) > 0)


@message_step.mistake("a node without neighbours hears nobody, and not itself: its message is zeros.")
def lonely_nodes_hear_themselves(x, weights, own, heard, offset):
    alone = weights.sum(axis=1, keepdims=True) == 0
    return np.tanh(x @ own + np.where(alone, x, _means(x, weights)) @ heard + offset)


@message_step.mistake("a node is none of its own neighbours: `own` is there for what it knew itself.")
def hears_itself(x, weights, own, heard, offset):
    return np.tanh(x @ own + _means(x, weights + np.eye(len(x))) @ heard + offset)


@message_step.mistake("what the node knew itself is missing: x times `own`.")
def without_own(x, weights, own, heard, offset):
    return np.tanh(_means(x, weights) @ heard + offset)


@message_step.mistake("the offset is missing.")
def without_offset(x, weights, own, heard, offset):
    return np.tanh(x @ own + _means(x, weights) @ heard)


@message_step.mistake("`own` and `heard` are exchanged.")
def exchanged(x, weights, own, heard, offset):
    return np.tanh(x @ heard + _means(x, weights) @ own + offset)


@message_step.mistake("the tanh is missing: without it two steps are no more than one.")
def without_tanh(x, weights, own, heard, offset):
    return x @ own + _means(x, weights) @ heard + offset


@message_step.mistake("one tanh is taken of the whole sum, and not one of each part.")
def a_tanh_each(x, weights, own, heard, offset):
    return np.tanh(x @ own) + np.tanh(_means(x, weights) @ heard) + offset


@message_step.mistake("you divide by the sum of all weights of the graph: each node has a sum of its own.")
def divided_by_all(x, weights, own, heard, offset):
    return np.tanh(x @ own + weights @ x / max(weights.sum(), 1e-300) @ heard + offset)


@message_step.mistake("every node hears the mean of all: only its neighbours speak to it.")
def all_speak(x, weights, own, heard, offset):
    return np.tanh(x @ own + x.mean(axis=0) @ heard + offset)
