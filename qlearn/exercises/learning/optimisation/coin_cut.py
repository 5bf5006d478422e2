"""What coins cut."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="15/2: each edge is cut when two coins differ. Every method has to beat this.",
    because="""
        Two coins differ with probability 1/2, so each edge is cut with probability 1/2, and expectations add up
        although the edges share nodes. It is also what QAOA gives at angles 0: the uniform superposition, measured.
    """,
)
def coin_cut():
    """The Petersen graph has 10 nodes and 15 edges, and its best cut has 12. Every node tosses a fair coin
    for its side. How many edges are cut on average? By hand.
    """
    return 15 / 2


@coin_cut.mistake("12 is the best cut. Coins do not know about edges: what do they cut *on average*?")
def the_best_cut():
    return 12


@coin_cut.mistake("5 is how many nodes land on one side. The question is about edges.")
def half_of_the_nodes():
    return 5


@coin_cut.mistake("a quarter would be two given coins both heads. Two coins *differ* in two of four cases.")
def both_heads():
    return 15 / 4


@coin_cut.mistake("all 15 edges are cut only if no two neighbours agree, and this graph has rings of five.")
def all_edges():
    return 15


@coin_cut.mistake("half of the *best* cut: coins do not aim at it. Take half of what there is to cut.")
def half_of_the_best():
    return 12 / 2


@coin_cut.mistake("that is the chance of one edge. There are 15, and expectations add up.")
def one_edge():
    return 1 / 2


@coin_cut.mistake("10 counts nodes. The question is about edges.")
def all_nodes():
    return 10


@coin_cut.mistake("half of the pairs of nodes: most of these 45 have no edge between them.")
def half_of_the_pairs():
    return 45 / 2
