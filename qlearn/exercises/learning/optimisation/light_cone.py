"""Light cone."""

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="14 nodes at d=3, p=2. What lies farther away cannot change that edge's chance to be cut.",
    because=r"""
        Each layer of phases couples neighbours, so influence travels one step a layer. From each of the two ends
        $d-1$ edges lead away, and $d-1$ from every node after. For a ring (d = 2) it is $2p+2$ nodes: this is where
        $(2p+1)/(2p+2)$ comes from. Around most edges a random 3-regular graph of n nodes looks like a tree until p
        comes near $\tfrac12\log_2 n$. With fewer layers QAOA cuts those edges as often, at the same angles, as in a
        graph that looks the same there and can be cut completely.
    """,
)
def light_cone(d, p):
    """The chance that QAOA cuts an edge depends only on the nodes within p steps of it. Write
    `light_cone(d, p)`: how many nodes are these, both ends counted, in a graph of degree d without
    short rings?
    """
    return 2 * sum((d - 1) ** k for k in range(p + 1))


@light_cone.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_light_cone of the old module
    yield ()


@light_cone.mistake("degree 3, 2 layers: that is what is seen from one *node*. An edge has two ends.")
def one_node(d, p):
    return 1 + d * sum((d - 1) ** k for k in range(p))


@light_cone.mistake(
    "degree 3, 2 layers: 20 counts nodes twice: each end is a neighbour of the other, so only d - 1 branches lead"
    " away from the edge."
)
def two_nodes(d, p):
    return 2 + 2 * d * sum((d - 1) ** k for k in range(p))


@light_cone.mistake("degree 3, 2 layers: going on, a node has d - 1 new neighbours: you came from the d-th.")
def goes_back(d, p):
    return 2 * sum(d**k for k in range(p + 1))


@light_cone.mistake("degree 3, 2 layers: 8 nodes? 14: both ends, and p steps outwards from each.")
def last_step_only(d, p):
    return 2 * (d - 1) ** p


@light_cone.mistake("degree 3, 2 layers: one step too few or too many. The ends themselves are step 0.")
def a_step_too_few(d, p):
    return 2 * sum((d - 1) ** k for k in range(p))


@light_cone.mistake("degree 3, 2 layers: that is one end and what lies behind it. An edge has two.")
def one_end(d, p):
    return sum((d - 1) ** k for k in range(p + 1))


@light_cone.mistake(
    "degree 2, 3 layers: you divide by zero. The closed form of the sum has d - 2 below; add the terms up "
    "instead."
)
def closed_form(d, p):
    return 2 * ((d - 1) ** (p + 1) - 1) // (d - 2)
