"""Who has to meet whom, to convict a log that tells two stories."""

from itertools import combinations, pairwise

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import same_set


@exercise(
    level="core",
    same=same_set,
    right="and each such pair needs nobody's word: the log has signed both.",
    because="""
        One log, one size, two roots: the two lists of entries differ, and the log has put its name under each. Two roots of
        *different* sizes are no contradiction: the longer list may continue the shorter one, and only proofs say more: one of
        consistency, or two of different entries at one place. Roots of two logs have nothing to do with each other. And one
        reader with two such roots needs nobody: it has caught the log by itself.
    """,
)
def split_view(heads):
    """`heads` is a list of roots that readers were shown, all with right signatures: tuples `(reader, log, size, root)`, two
    texts, a whole number, bytes. A reader may have several. Return the set of the pairs of *different* readers that together
    prove that a log has equivocated, as tuples of two names in alphabetical order. Given: `combinations` of `itertools`.
    """
    pairs = set()
    for (reader, *what, root), (other, *where, another) in combinations(heads, 2):
        if reader != other and what == where and root != another:
            pairs.add((min(reader, other), max(reader, other)))
    return pairs


@split_view.cases
def gossip(rng):
    """Nothing, an honest log at several sizes, one with two stories or three, several logs, a reader who has both stories."""
    names = ["Bari", "Bern", "Brno", "Genf", "Graz", "Lodz", "Nice"]
    yield ([],)
    yield ([("Bern", "trial", 3, b"x"), ("Bari", "trial", 3, b"y")],)
    yield ([("Bari", "trial", 3, b"x"), ("Bern", "trial", 3, b"x")],)
    yield ([("Bari", "trial", 3, b"x"), ("Bern", "trial", 4, b"y")],)
    yield ([("Bari", "trial", 3, b"x"), ("Bern", "sensors", 3, b"y")],)
    yield ([("Bari", "trial", 3, b"x"), ("Bari", "trial", 3, b"y")],)
    both = [("Bari", "trial", 3, b"x"), ("Bari", "trial", 3, b"y"), ("Bern", "trial", 3, b"y")]
    yield (both,)
    yield (both[::-1],)
    yield ([both[1], both[0], ("Bern", "trial", 3, b"x")],)
    yield (
        [
            ("Graz", "trial", 3, b"x"),
            ("Bari", "trial", 3, b"y"),
            ("Brno", "trial", 5, b"z"),
            ("Brno", "trial", 3, b"x"),
        ],
    )
    three = [("Bari", "trial", 3, b"x"), ("Bern", "trial", 3, b"y"), ("Brno", "trial", 3, b"z")]
    yield (three,)
    yield ([*three, ("Graz", "trial", 3, b"y")],)
    for n in (4, 6, 9, 12, 20):
        roots = {(log, size, story): rng.bytes(32) for log in "pq" for size in range(3) for story in range(3)}
        heads = []
        for _ in range(n):
            log, size = "pq"[int(rng.integers(2))], int(rng.integers(3))
            story = int(rng.choice(3, p=(0.6, 0.2, 0.2)))
            heads.append((names[int(rng.integers(7))], log, size, roots[log, size, story]))
        yield (heads,)


def _pairs(heads, rule, named=lambda reader, other: (min(reader, other), max(reader, other))):
    return {named(one[0], two[0]) for one, two in combinations(heads, 2) if rule(one, two)}


@split_view.mistake(
    "roots of different sizes are no contradiction: the longer list may continue the shorter one."
)
def any_size(heads):
    return _pairs(heads, lambda a, b: a[0] != b[0] and a[1] == b[1] and a[3] != b[3])


@split_view.mistake("roots of different logs are compared: they have nothing to do with each other.")
def any_log(heads):
    return _pairs(heads, lambda a, b: a[0] != b[0] and a[2] == b[2] and a[3] != b[3])


@split_view.mistake("a reader makes a pair with itself for you: pairs of different readers are asked for.")
def alone(heads):
    return _pairs(heads, lambda a, b: a[1:3] == b[1:3] and a[3] != b[3])


@split_view.mistake("these are the pairs that agree: those whose roots *differ* prove something.")
def who_agrees(heads):
    return _pairs(heads, lambda a, b: a[0] != b[0] and a[1:3] == b[1:3] and a[3] == b[3])


@split_view.mistake(
    "each pair stands in it in both orders, or in the order of the list: alphabetical order is asked for."
)
def as_they_come(heads):
    return _pairs(heads, lambda a, b: a[0] != b[0] and a[1:3] == b[1:3] and a[3] != b[3], lambda a, b: (a, b))


@split_view.mistake("only neighbours in the list are compared: any two readers may meet.")
def neighbours(heads):
    return {
        (min(one[0], two[0]), max(one[0], two[0]))
        for one, two in pairwise(heads)
        if one[0] != two[0] and one[1:3] == two[1:3] and one[3] != two[3]
    }


@split_view.mistake(
    "of each reader only the last root counts for you: it has kept the earlier ones, and they are signed, too."
)
def the_last_of_each(heads):
    return split_view.solution(list({head[0]: head for head in heads}.values()))


@split_view.mistake(
    "you hold the second story against the first, and no more: a log that tells three contradicts itself in three pairs."
)
def two_stories_and_no_more(heads):
    first = {}
    for _, *what, root in heads:
        first.setdefault(tuple(what), root)
    return _pairs(
        heads,
        lambda a, b: a[0] != b[0] and a[1:3] == b[1:3] and a[3] != b[3] and first[a[1:3]] in (a[3], b[3]),
    )


@split_view.mistake("you name the readers one by one; pairs of them are asked for.")
def the_readers(heads):
    return {reader for pair in split_view.solution(heads) for reader in pair}


@split_view.mistake("you say that nothing is proven: two signatures under two roots of one size are proof.")
def nothing(heads):
    return set()
