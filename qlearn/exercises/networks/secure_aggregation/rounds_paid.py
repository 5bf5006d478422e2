"""How many rounds of secure aggregation a link pays for in a day."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the price goes with the number of clients and with the size of the model; how many samples they have costs nothing.",
    because=r"""
        A pad takes a bit of key for each bit of a word, and is used once. With each of n - 1 others the client needs a pad of its
        own, as long as the whole message: $(n-1)(d+1)w$ bits. The weight is a word of the message and needs its pads like
        the others; left out, it would be read. A tag costs the same however long the message is. The link makes 86,400
        times its rate in a day, and a round that is half paid is not held.
    """,
)
def rounds_paid(rate, n, d, w, tag):
    """A client's link makes `rate` bits of key in a second, all day and for this client alone. In each round the client sends d
    parameters and one weight (its number of samples), each as a word of w bits. It hides all words under a one-time pad with
    *each* of the n - 1 other clients. Two messages of a round are authenticated with `tag` bits of key each: the model that comes
    and the words that go. The key of both ends is the same, and counts once. Return how many whole rounds a day are paid for.
    """
    return 86400 * rate // ((n - 1) * (d + 1) * w + 2 * tag)


@rounds_paid.cases
def links(rng):
    """Slow and fast, with small models and large; two clients and many; too little for one round; what comes out even."""
    yield from (
        (300_000, 10, 16, 64, 128),
        (300_000, 10, 10**6, 64, 128),
        (445, 2, 1, 12, 0),
        (1, 30, 10**5, 32, 128),
    )
    for _ in range(8):
        n, d, w, tag = (int(rng.integers(*ends)) for ends in ((2, 40), (1, 2000), (4, 65), (32, 257)))
        yield int(10 ** rng.uniform(2, 6)), n, d, w, tag
    for _ in range(2):  # to the bit
        n, d, w, tag = (int(rng.integers(*ends)) for ends in ((2, 9), (1, 20), (4, 65), (64, 257)))
        yield int(rng.integers(2, 9)) * ((n - 1) * (d + 1) * w + 2 * tag), n, d, w, tag


def _rounds(rate, cost):
    return 86400 * rate // cost


@rounds_paid.mistake(
    "the weight is a word too: without pads the server would read how many samples a client has."
)
def without_the_weight(rate, n, d, w, tag):
    return _rounds(rate, (n - 1) * d * w + 2 * tag)


@rounds_paid.mistake("a client has no pad with itself: there are n - 1 others.")
def a_pad_with_itself(rate, n, d, w, tag):
    return _rounds(rate, n * (d + 1) * w + 2 * tag)


@rounds_paid.mistake("those are the pads of all pairs of clients; the link pays for those of its own client.")
def all_pairs(rate, n, d, w, tag):
    return _rounds(rate, n * (n - 1) / 2 * (d + 1) * w + 2 * tag)


@rounds_paid.mistake(
    "one pad is not enough: whoever shares it reads the words. Each other client needs its own."
)
def one_pad(rate, n, d, w, tag):
    return _rounds(rate, (d + 1) * w + 2 * tag)


@rounds_paid.mistake("the tags are forgotten: they cost key too.")
def without_tags(rate, n, d, w, tag):
    return _rounds(rate, (n - 1) * (d + 1) * w)


@rounds_paid.mistake("one tag is missing: a message comes, and a message goes.")
def one_tag(rate, n, d, w, tag):
    return _rounds(rate, (n - 1) * (d + 1) * w + tag)


@rounds_paid.mistake("the client talks to the server: two tags a round, and not two with each other client.")
def tags_with_each(rate, n, d, w, tag):
    return _rounds(rate, (n - 1) * ((d + 1) * w + 2 * tag))


@rounds_paid.mistake("a tag is paid by the message, and not by the word.")
def tags_for_each_word(rate, n, d, w, tag):
    return _rounds(rate, (d + 1) * ((n - 1) * w + 2 * tag))


@rounds_paid.mistake(
    "the pads are counted twice: the model comes down in the open, only what goes up is hidden."
)
def pads_both_ways(rate, n, d, w, tag):
    return _rounds(rate, 2 * (n - 1) * (d + 1) * w + 2 * tag)


@rounds_paid.mistake("a word has w *bits*, and not one.")
def words_for_bits(rate, n, d, w, tag):
    return _rounds(rate, (n - 1) * (d + 1) + 2 * tag)


@rounds_paid.mistake("w counts bits already, and so does the key: no factor of eight.")
def bytes_for_bits(rate, n, d, w, tag):
    return _rounds(rate, 8 * (n - 1) * (d + 1) * w + 2 * tag)


@rounds_paid.mistake("that is an hour: a day has 86,400 seconds.")
def an_hour(rate, n, d, w, tag):
    return 3600 * rate // ((n - 1) * (d + 1) * w + 2 * tag)


@rounds_paid.mistake("round down: a round that is half paid is not held.")
def not_rounded(rate, n, d, w, tag):
    return 86400 * rate / ((n - 1) * (d + 1) * w + 2 * tag)


@rounds_paid.mistake("you rounded up: the last round runs out of pads, and its words would go in the open.")
def rounded_up(rate, n, d, w, tag):
    return -(-86400 * rate // ((n - 1) * (d + 1) * w + 2 * tag))


@rounds_paid.mistake("you counted whole rounds in a *second* first: what is left of each second is key too.")
def whole_rounds_a_second(rate, n, d, w, tag):
    return 86400 * (rate // ((n - 1) * (d + 1) * w + 2 * tag))
