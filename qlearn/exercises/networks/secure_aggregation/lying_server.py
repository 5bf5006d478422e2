"""What two lists of survivors lay open."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import same_set


@exercise(
    level="stretch",
    same=same_set,
    right="also the update whose key nobody gave away: if the keys of all others are known, so are the pads it shares with them.",
    because="""
        For each client the server counts, among those who answered, how many gave a share of its self-mask (it stands on a list
        that they answered) and how many one of its key (it is missing on one). A client that answered two lists with the same
        thing on them gave the same share twice. A pair mask is known to whoever has the key of *either* end. So there are
        two ways to lay an update open: its own key, or the keys of all others. The second needs no lie about the client itself,
        and a single list on which nobody else survives does it: that is why honest clients answer one list only, signed by
        t of them, and none that is shorter than t.
    """,
)
def lying_server(answers, t):
    r"""The n clients 0, 1, ..., n - 1 sent their updates masked: client u added a self-mask, and a pair mask with each other
    client, which follows from the key of either of the two and public things. Every client holds a share of the self-mask and
    one of the key of every client, its own among them; t shares give a secret. Asked with a list of survivors, a client gives its
    share of the self-mask of each client on the list, and its share of the key of each that is not. A server that lies sends out
    different lists, two of them or more. `answers[v]` holds the lists that client v answered, as sets: none, one, or two if it
    helps the server. Return the set of the clients whose own updates the server can read.
    """
    clients = set(range(len(answers)))
    masks = {u for u in clients if sum(any(u in one for one in lists) for lists in answers) >= t}
    keys = {u for u in clients if sum(any(u not in one for one in lists) for lists in answers) >= t}
    return {u for u in masks if u in keys or keys >= clients - {u}}


@lying_server.cases
def servers(rng):
    """Honest rounds, with dropouts and too few answers; a client on one list alone; all but one gone; helpers; any lists."""
    everybody = set(range(5))
    yield [[everybody]] * 5, 3
    yield [[everybody - {2}]] * 4 + [[]], 3
    yield [[everybody]] * 2 + [[]] * 3, 3
    yield [[everybody]] * 3 + [[everybody - {4}]] * 3, 3
    yield [[everybody]] * 3 + [[everybody - {4}]] * 2, 3
    yield [[everybody, everybody - {1}]] + [[everybody]] * 2 + [[everybody - {1}]] * 2, 3
    yield [[everybody, everybody - {1}]] + [[everybody]] * 2 + [[everybody - {1}]] * 2, 4
    yield [[{3}]] * 5, 3
    yield [[{3}]] * 3 + [[]] * 2, 3
    yield [[{0, 1}]] * 5, 3
    yield [[everybody - {0}, everybody - {1}]] * 2 + [[everybody]] * 3, 3
    yield [[{0, 4}]] * 2 + [[{0}]] * 2 + [[]], 3
    yield [[everybody]] * 3 + [[everybody - {0}, everybody - {0, 1}]] * 2, 3
    yield [[everybody]] * 3 + [[everybody - {0}], [everybody - {0, 1}], [everybody - {0, 2}]], 3
    yield [[{0}]], 1
    yield [[set()]], 1
    for n in (2, 3, 4, 4, 5, 5, 6, 6, 7, 8):
        for t in (n // 2, n // 2 + 1, n - 1):
            gone = [
                rng.permutation(n)[: int(rng.integers(n + 1))].tolist()
                for _ in range(int(rng.integers(2, 4)))
            ]
            lists = [set(range(n)) - {*one} for one in gone]
            heard = rng.choice(3, n, p=(0.06, 0.7, 0.24))
            yield [[lists[k] for k in rng.permutation(len(lists))[:many]] for many in heard], max(t, 1)


def _open(answers, t, **changed):
    clients = set(range(len(answers)))
    one_count = changed.get("count", lambda held: any(held))
    masks = {u for u in clients if sum(one_count([u in one for one in lists]) for lists in answers) >= t}
    keys = {u for u in clients if sum(one_count([u not in one for one in lists]) for lists in answers) >= t}
    rule = changed.get("rule", lambda u: u in masks and (u in keys or keys >= clients - {u}))
    return (
        {u for u in clients if rule(u)} if "which" not in changed else changed["which"](masks, keys, clients)
    )


@lying_server.mistake(
    "there is a second way: a pair mask follows from the key of *either* end. Where the keys of all others are known, an "
    "update is open too."
)
def by_its_own_key_alone(answers, t):
    return _open(answers, t, which=lambda masks, keys, clients: masks & keys)


@lying_server.mistake(
    "you forgot that its own key opens an update as well: it gives all pair masks of that client."
)
def by_the_keys_of_all_others(answers, t):
    return _open(answers, t, which=lambda masks, keys, clients: {u for u in masks if keys >= clients - {u}})


@lying_server.mistake("the key takes the pair masks off. The self-mask is still on: that is what it is for.")
def without_the_self_mask(answers, t):
    return _open(answers, t, which=lambda masks, keys, clients: keys)


@lying_server.mistake("the self-mask is off. The pair masks are still on: a key is needed.")
def without_the_pair_masks(answers, t):
    return _open(answers, t, which=lambda masks, keys, clients: masks)


@lying_server.mistake("one of the two secrets is not enough: self-mask *and* pair masks have to go.")
def either_secret(answers, t):
    return _open(answers, t, which=lambda masks, keys, clients: masks | keys)


@lying_server.mistake(
    "a client that answers two lists in the same way gives the same share twice: it counts once."
)
def the_same_share_twice(answers, t):
    return _open(answers, t, count=sum)


@lying_server.mistake("t shares are enough: you ask for one more.")
def one_share_more(answers, t):
    return _open(answers, t + 1)


@lying_server.mistake("t shares are needed: one less gives nothing.")
def one_share_less(answers, t):
    return _open(answers, t - 1)


@lying_server.mistake("a single share opens nothing: t of them have to come together.")
def one_share(answers, t):
    return _open(answers, 1)


@lying_server.mistake("only the first list that a client answered is counted: helpers answer two.")
def the_first_list(answers, t):
    return _open([lists[:1] for lists in answers], t)


@lying_server.mistake(
    "you ask for t answers to one and the same list. Shares are counted, and a client may stand on several lists: they "
    "add up."
)
def lists_with_enough_answers(answers, t):
    clients = set(range(len(answers)))
    distinct = {frozenset(one) for lists in answers for one in lists}
    heard = [one for one in distinct if sum(one in map(frozenset, lists) for lists in answers) >= t]
    masks = {u for u in clients if any(u in one for one in heard)}
    keys = {u for u in clients if any(u not in one for one in heard)}
    return {u for u in masks if u in keys or keys >= clients - {u}}


@lying_server.mistake(
    "you name those about whom two clients were told different things; whether t shares come together, t decides."
)
def whoever_is_lied_about(answers, t):
    lists = [one for held in answers for one in held]
    return {u for u in range(len(answers)) if len({u in one for one in lists}) == 2}


@lying_server.mistake(
    "you say that nothing is open: an honest server learns nothing of a single update, and this one may lie."
)
def nothing(answers, t):
    return set()
