"""Where the whole way ends."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="Eve ends it at the link, a short key at the store, and the last stage never has to ask who listened.",
    because="""
        The questions stand in the order of the way. Without a key there is nothing to store, so the link is asked first. A
        key that fills no piece leaves the store as empty as none. What is stored pays for whole rounds; fewer than were
        wanted is no end, only a shorter training. So Eve never meets a client: with much of her the link ends, with less the
        key is shorter, and the shortage is all that a later stage sees of her.
    """,
)
def where_it_ends(made, piece, price, wanted):
    """The link has made `made` bits of key (0: none). The store keeps whole pieces of `piece` bits; a round takes `price`, and
    `wanted` rounds are asked for. Return a tuple (stage, rounds): "link" if there is no key, "store" if the key fills no
    piece, "rounds" if what is stored pays for no round, each with 0 rounds; else "model" and the rounds that are trained.
    """
    if made == 0:
        return "link", 0
    stored = made // piece * piece
    if stored == 0:
        return "store", 0
    rounds = min(wanted, stored // price)
    return ("model" if rounds else "rounds"), rounds


@where_it_ends.cases
def runs(rng):
    """No key, one that is too short at each stage, to the bit; fewer rounds than wanted, as many, more."""
    yield from (
        (0, 256, 14_592, 2),
        (1, 256, 14_592, 2),
        (255, 256, 14_592, 2),
        (256, 256, 14_592, 2),
        (14_591, 256, 14_592, 1),
        (14_592, 256, 14_592, 1),
        (14_592, 256, 14_592, 2),
        (29_184, 256, 14_592, 2),
        (256, 256, 256, 1),
        (700, 256, 600, 3),
    )
    for _ in range(8):
        piece = int(rng.choice([128, 256, 512]))
        price = piece * int(rng.integers(2, 40))
        yield int(rng.integers(0, 6 * price)), piece, price, int(rng.integers(1, 5))
    for _ in range(2):  # the rest of the last piece would make a round
        piece = 512
        price = piece * 3 + int(rng.integers(1, 200))
        yield piece * 7 // 2 + int(rng.integers(0, 100)), piece, price, 2
    yield 300, 512, 1024, 1  # and one that would fill half of a piece


@where_it_ends.mistake("what is left of the last piece is in no store: a round is paid from whole pieces.")
def from_what_was_made(made, piece, price, wanted):
    if made == 0:
        return "link", 0
    if made < piece:
        return "store", 0
    rounds = min(wanted, made // price)
    return ("model" if rounds else "rounds"), rounds


@where_it_ends.mistake("more rounds than were wanted are trained: take the smaller number.")
def all_that_is_paid(made, piece, price, wanted):
    stage, rounds = where_it_ends.solution(made, piece, price, 10**9)
    return stage, rounds


@where_it_ends.mistake("fewer rounds than wanted is no end: those that are paid are trained.")
def all_or_nothing(made, piece, price, wanted):
    stage, rounds = where_it_ends.solution(made, piece, price, wanted)
    return (stage, rounds) if stage != "model" or rounds == wanted else ("rounds", 0)


@where_it_ends.mistake("a key that fills no piece ends at the store: nothing is there to be asked for.")
def no_store(made, piece, price, wanted):
    stage, rounds = where_it_ends.solution(made, piece, price, wanted)
    return ("rounds" if stage == "store" else stage), rounds


@where_it_ends.mistake("the pieces are as large as `piece` says, and not always 256 bits.")
def pieces_of_256(made, piece, price, wanted):
    return where_it_ends.solution(made, 256, price, wanted)
