"""Who knows a key that trusted nodes relay over several paths."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Each path hides its share by one link key that only its own nodes hold: all shares are needed.",
    because="""
        The final key is the XOR of one share for each path. Any node of a path holds a link key of it, and takes the
        announcements off: it knows the share of *its* path. A share that is missing is uniform, and so is the XOR. So
        somebody must have been corrupted on *each* path. The two ends hold the key anyway and are on every path.
    """,
)
def who_knows(paths, corrupted):
    """Return True if those in `corrupted`, a set of nodes, together know the relayed key, else False. They hold what their
    nodes hold and hear all announcements. `paths` is a list of paths, each a list of nodes from Alice to Bob.
    """
    return all(any(node in corrupted for node in path) for path in paths)


@who_knows.cases
def relays(rng):
    """One path and several; nobody, one, one on each path, all of one path, the ends; nodes beside the paths."""
    names = [int(name) for name in rng.permutation(40)]
    for lengths in ((3,), (1, 2), (3, 1, 2)):
        alice, bob, *others = names
        inner, at = [], 0
        for length in lengths:
            inner.append(others[at : at + length])
            at += length
        paths = [[alice, *nodes, bob] for nodes in inner]
        beside = others[at : at + 2]
        one_each = {int(rng.choice(nodes)) for nodes in inner}
        yield paths, set()
        yield paths, set(beside)
        yield paths, set(inner[0])
        yield paths, {inner[-1][-1], beside[0]}
        yield paths, one_each
        yield paths, one_each | {beside[0]}
        yield paths, set().union(*inner[:-1]) | set(beside)
        yield paths, set(inner[0]) | set(inner[-1])  # of three paths the middle one is missing
        yield paths, {alice}
        yield paths, {bob}
    # a node that lies on two paths knows both shares
    a, b, c, d, e, f, *_ = names
    yield [[a, c, d, b], [a, e, c, f, b]], {c}
    yield [[a, c, d, b], [a, e, c, f, b]], {e}


@who_knows.mistake(
    "you let any one node of any path know the key. It knows the share of its own path; the others are missing."
)
def one_node_is_enough(paths, corrupted):
    return any(node in corrupted for path in paths for node in path)


@who_knows.mistake(
    "you ask that every node of a path be corrupted. One is enough for its share: it holds a link key, and the announcements."
)
def whole_paths(paths, corrupted):
    return all(all(node in corrupted for node in path[1:-1]) for path in paths)


@who_knows.mistake("you looked at the first path only: the key is the XOR of the shares of all paths.")
def the_first_path(paths, corrupted):
    return any(node in corrupted for node in paths[0])


@who_knows.mistake(
    "you left out the ends. Alice and Bob hold the key, and whoever corrupts one of them does too."
)
def without_the_ends(paths, corrupted):
    return all(any(node in corrupted for node in path[1:-1]) for path in paths)


@who_knows.mistake(
    "you compared numbers: as many corrupted nodes as there are paths. They must lie on the paths, one on each at least."
)
def counts_nodes(paths, corrupted):
    return len(corrupted) >= len(paths)
