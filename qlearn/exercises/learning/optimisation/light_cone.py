"""How many nodes an edge of QAOA sees."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="stretch",
    same=equal,
    right="14 nodes at d=3, p=2. What lies farther away cannot change that edge's chance to be cut.",
    because=r"""
        Each layer of phases couples neighbours, so influence travels one step a layer. From each of the two ends
        $d-1$ edges lead away, and $d-1$ from every node after. For a ring (d = 2) it is $2p+2$ nodes: this is where
        $(2p+1)/(2p+2)$ comes from. (The sum's closed form divides by $d-2$, which a ring forbids.) Around most edges a
        random 3-regular graph of n nodes looks like a tree until p
        comes near $\tfrac12\log_2 n$. With fewer layers QAOA cuts those edges as often, at the same angles, as in a
        graph that looks the same there and can be cut completely.
    """,
)
def light_cone(d, p):
    """The chance that QAOA cuts an edge depends only on the nodes within p steps of it. Return how
    many nodes these are, both ends counted, in a graph of degree d (2 or more) without
    short rings; p may be 0.
    """
    return 2 * sum((d - 1) ** k for k in range(p + 1))


@light_cone.cases
def graphs(rng):
    """No layer, one, some; rings, 3-regular graphs, larger degrees."""
    yield from ((3, 2), (3, 1), (2, 3), (3, 0), (2, 0), (2, 1))
    for _ in range(8):
        yield int(rng.integers(2, 9)), int(rng.integers(1, 8))


@light_cone.mistake("that is what is seen from one *node*. An edge has two ends.")
def one_node(d, p):
    return 1 + d * sum((d - 1) ** k for k in range(p))


@light_cone.mistake(
    "you count nodes twice: each end is a neighbour of the other, so only d - 1 branches lead away from the edge."
)
def two_nodes(d, p):
    return 2 + 2 * d * sum((d - 1) ** k for k in range(p))


@light_cone.mistake("going on, a node has d - 1 new neighbours: you came from the d-th.")
def goes_back(d, p):
    return 2 * sum(d**k for k in range(p + 1))


@light_cone.mistake("those are the nodes exactly p steps away. The nearer ones, and the ends, count too.")
def last_step_only(d, p):
    return 2 * (d - 1) ** p


@light_cone.mistake("one step too few. The ends themselves are step 0, and p steps lead on from them.")
def a_step_too_few(d, p):
    return 2 * sum((d - 1) ** k for k in range(p))


@light_cone.mistake("one step too many. The ends themselves are step 0.")
def a_step_too_many(d, p):
    return 2 * sum((d - 1) ** k for k in range(p + 2))


@light_cone.mistake("that is one end and what lies behind it. An edge has two.")
def one_end(d, p):
    return sum((d - 1) ** k for k in range(p + 1))


@light_cone.mistake("you leave the two ends out. They are counted too.")
def without_the_ends(d, p):
    return 2 * sum((d - 1) ** k for k in range(1, p + 1))


@light_cone.mistake(
    "every step has as many nodes as the first: the branches branch again, d - 1 times at each node."
)
def no_branching(d, p):
    return 2 + 2 * (d - 1) * p
