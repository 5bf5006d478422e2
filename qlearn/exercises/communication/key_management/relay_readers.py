"""Who can read a key that was relayed over several paths."""

from itertools import product

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import NOTHING, a


def same_readers(answered, due):
    """Compare sets of sets of nodes, given as whatever collections."""
    if answered is None:
        return NOTHING
    if isinstance(answered, str | dict) or not isinstance(answered, set | frozenset | list | tuple):
        return f"a set of sets of nodes is asked for, and you give {a(answered)}"
    got = set()
    for group in answered:
        if isinstance(group, str | dict) or not isinstance(group, set | frozenset | list | tuple):
            return f"each entry is a set of nodes, and yours is {a(group)}: a node that reads alone is a set of one"
        got.add(frozenset(group))
    if missing := len(due - got):
        return (
            f"{missing} of {len(due)} sets are missing"
            if len(due) > 1
            else "the one set that there is is missing"
        )
    more = len(got - due)
    return f"there {'is one set' if more == 1 else f'are {more} sets'} too many" if more else None


@exercise(
    level="stretch",
    intact=True,
    same=same_readers,
    right="one node of each path, and no more than needed: where paths cross, fewer have to be bought.",
    because="""
        On each path travels a share, and the key is the XOR of all. A node on a path knows the share of that path; a share that
        is missing is uniform, and with it the key. So those who read it are the sets that *hit* every path. Take the paths one
        after the other: a set that already has a node of the path stays, any other is joined by each of its nodes in turn. Then
        drop what contains another. With disjoint paths each set has as many nodes as there are paths; one node that two
        paths share counts twice for Eve. A path without a node in between is a link of its own, and nobody hits it.
    """,
)
def relay_readers(paths):
    """A key goes from one end to the other over several paths of trusted nodes: over each, one share; the key is the XOR of
    the shares. `paths` is a list of lists of names, each from the same first end to the same second. Return the sets of
    nodes *in between* that can read the key if they put together what they know, all those of which no member can be
    spared: a set of frozensets. What nodes announce is heard by all. Paths may share nodes, and each has link keys of its
    own; a path may be one link, without a node in between.
    """
    readers = {frozenset()}
    for path in paths:
        nodes = frozenset(path[1:-1])
        joined = {
            held | new
            for held in readers
            for new in ([frozenset()] if held & nodes else [{node} for node in nodes])
        }
        readers = {held for held in joined if not any(other < held for other in joined)}
    return readers


@relay_readers.cases
def relays(rng):
    """One path, disjoint ones, such as share a node or all but one, the same twice, a direct link, and random ones."""
    towns = [
        "Graz", "Wien", "Brno", "Bern", "Lodz", "Nice", "Bari", "Genf", "Gent",
        "Ulm", "Köln", "Mainz", "Metz", "Lyon", "Pisa", "Split", "Pécs", "Olomouc", "Zadar", "Trier",
    ]  # fmt: skip
    names = [towns[k] for k in rng.permutation(len(towns))]
    first, last, a, b, c, d, e, f, g, *_ = names
    yield ([[first, a, last]],)
    yield ([[first, a, b, c, last]],)
    yield ([[first, last]],)
    yield ([[first, a, b, last], [first, last]],)
    yield ([[first, last], [first, a, b, last]],)
    yield ([[first, a, last], [first, b, last]],)
    yield ([[first, a, b, last], [first, c, last], [first, d, e, f, last]],)
    yield ([[first, a, b, last], [first, c, b, d, last]],)
    yield ([[first, a, b, last], [first, b, a, last]],)
    yield ([[first, a, b, last], [first, b, c, last], [first, c, a, last]],)
    yield ([[first, a, b, last], [first, a, b, c, last], [first, a, last], [first, d, a, last]],)
    yield ([[first, a, b, c, last], [first, a, d, last], [first, b, d, e, last], [first, f, g, last]],)
    yield ([[first, a, last], [first, b, c, last], [first, d, last], [first, e, last], [first, f, g, last]],)
    for n in (2, 3, 3, 4, 4):
        inner = [rng.permutation(names[2:9])[: int(rng.integers(1, 5))].tolist() for _ in range(n)]
        yield ([[first, *nodes, last] for nodes in inner],)


def _inner(paths):
    return [path[1:-1] for path in paths]


def _least(groups):
    return {group for group in groups if not any(other < group for other in groups)}


@relay_readers.mistake(
    "a node knows the share of *its* path; alone it reads the key only if it stands on all of them."
)
def any_node_alone(paths):
    return {frozenset([node]) for nodes in _inner(paths) for node in nodes}


@relay_readers.mistake(
    "you ask for all nodes of a path. One of them holds a link key of it, and that is enough for its share."
)
def whole_paths(paths):
    return {frozenset(nodes) for nodes in _inner(paths) if nodes}


@relay_readers.mistake("you found all nodes together. They can read it, and most of them can be spared.")
def all_together(paths):
    together = frozenset().union(*_inner(paths))
    return {together} if all(_inner(paths)) else set()


@relay_readers.mistake(
    "some of your sets have members that can be spared: where paths share a node, it counts for each of them."
)
def one_of_each_path(paths):
    return {frozenset(chosen) for chosen in product(*_inner(paths))}


@relay_readers.mistake(
    "you left out sets that are larger than the smallest. They read the key too, and no member of theirs can be spared."
)
def the_smallest_only(paths):
    groups = _least({frozenset(chosen) for chosen in product(*_inner(paths))})
    return {group for group in groups if len(group) == min(map(len, groups))}


@relay_readers.mistake(
    "the direct link is a path too, and its share is read by nobody in between: then nobody reads the key."
)
def without_the_direct_link(paths):
    inner = [nodes for nodes in _inner(paths) if nodes]
    return _least({frozenset(chosen) for chosen in product(*inner)}) if inner else set()


@relay_readers.mistake("you named the ends. They hold the key anyway; those in between are asked for.")
def with_the_ends(paths):
    return _least({frozenset(chosen) for chosen in product(*paths)})


@relay_readers.mistake(
    "you found who stands on *all* paths: each of them reads alone, and there are sets of several besides."
)
def on_all_paths(paths):
    shared = set(paths[0][1:-1]).intersection(*_inner(paths))
    return {frozenset([node]) for node in shared}


@relay_readers.mistake("you looked at the first path alone: a share of every path is needed.")
def the_first_path(paths):
    return {frozenset([node]) for node in paths[0][1:-1]}


@relay_readers.mistake(
    "you say that nobody reads it: the nodes in between are *trusted*, because together they can."
)
def nobody(paths):
    return set()


@relay_readers.mistake(
    "you took those beside the first end: any node of a path knows its share, not the first alone."
)
def the_neighbours_of_the_end(paths):
    inner = _inner(paths)
    return {frozenset(nodes[0] for nodes in inner)} if all(inner) else set()
