"""A key store in memory, from which each key leaves once."""

from contextlib import suppress
from uuid import UUID

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._refusals import Seen, outcome, two_functions
from qlearn.exercises.comparisons import NOTHING, a


@exercise(
    level="core",
    right="each key goes to its master once and to its slave once, and a refusal leaves all as it was.",
    because="""
        Look first, take afterwards: every reason to refuse is found before anything is removed, and so a refusal changes
        nothing. What is removed is removed for good (`pop`), so that nothing can be given twice. `free` is a copy, for a store
        shares its keys with nobody. In the chapter's store the same order stands within one transaction, which also
        holds if the program is killed between two lines.
    """,
    stub="def deliver_once(stock):\n    ...\n    # return get, get_by_ids\n",
)
def deliver_once(stock):
    """Write a key store. `stock` is a dict of keys (bytes) by their IDs (texts), the oldest first. Return two functions that
    keep what they need between calls: `get(slave, n)`, called by the master, takes the n oldest keys out of the stock, and
    `get_by_ids(slave, ids)`, called by that slave, takes its copies of keys the master has been given. Both return a list of
    pairs `(ID, key)`, the second in the order of `ids`; a copy leaves once, too. A refusal is an exception and *changes
    nothing*, even if most of a list could be had: `ValueError` if n is below 1, or `ids` is empty or names one twice;
    `LookupError` if there are fewer than n keys, or an ID is unknown, not yet handed out, or fetched already;
    `PermissionError` if a key waits for another slave. The dict `stock` is the caller's: leave it as it is, and do without it
    once the functions are made.
    """
    free, waiting = dict(stock), {}

    def get(slave, n):
        if n < 1:
            raise ValueError(f"n must be at least 1, not {n}")
        if n > len(free):
            raise LookupError(f"{n} keys are asked for, and there are fewer")
        taken = [(key_id, free.pop(key_id)) for key_id in list(free)[:n]]
        waiting.update({key_id: (slave, key) for key_id, key in taken})
        return taken

    def get_by_ids(slave, ids):
        if not ids or len(set(ids)) < len(ids):
            raise ValueError("ids must be one ID or more, each named once")
        # an ID that is not there is a KeyError, which is a kind of LookupError
        slaves = {waiting[key_id][0] for key_id in ids}
        if slaves != {slave}:
            raise PermissionError("not every key asked for waits for this slave")
        return [(key_id, waiting.pop(key_id)[1]) for key_id in ids]

    return get, get_by_ids


REFUSALS = (ValueError, LookupError, PermissionError)


def _stock(rng, n):
    """IDs in no order but that of age."""
    return {str(UUID(bytes=rng.bytes(16), version=4)): rng.bytes(32) for _ in range(n)}


class _Shop:
    """A store of the student's, and what is said when a call of it is not as it should be."""

    def __init__(self, answer, stock):
        self.calls = dict(
            zip(("get", "get_by_ids"), two_functions(answer(stock), "get, get_by_ids"), strict=True)
        )

    def gives(self, call, slave, what, due, else_say):
        """See that a call gives these pairs."""
        got, refusal = outcome(self.calls[call], slave, what if call == "get" else list(what))
        if refusal is not None:
            if isinstance(refusal, REFUSALS):
                raise Seen(else_say)
            raise refusal
        _see_that_it_is_a_list_of_pairs(call, got)
        pairs = [tuple(pair) for pair in got]
        if pairs != due:
            order = "the oldest first" if call == "get" else "that of `ids`"
            turned = f"`{call}` gives the right keys in another order: {order} is asked for."
            raise Seen(turned if sorted(pairs) == sorted(due) else else_say)
        return got

    def refuses(self, call, slave, what, kinds, when, else_say):
        """See that a call refuses by one of these exceptions."""
        got, refusal = outcome(self.calls[call], slave, what if call == "get" else list(what))
        named = " or ".join(kind.__name__ for kind in kinds)
        if refusal is None:
            if got is None or isinstance(got, bool | str | bytes | Exception):
                given = a(got) if got is not None else "None"
                raise Seen(f"{when}, `{call}` *returns* {given}: `raise {named}(...)`.")
            raise Seen(else_say)
        if not isinstance(refusal, kinds):
            raise Seen(f"{when}, `{call}` stops with {type(refusal).__name__}, and it is to be {named}.")


def _see_that_it_is_a_list_of_pairs(call, got):
    if got is None:
        raise Seen(f"`{call}`: {NOTHING}.")
    if not isinstance(got, list | tuple):
        raise Seen(f"`{call}` is to return a list of pairs (ID, key), and returns {a(got)}.")
    for pair in got:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise Seen(
                f"`{call}` is to return a list of pairs (ID, key), and what stands in yours is no pair."
            )
        if not isinstance(pair[0], str) or not isinstance(pair[1], bytes | bytearray):
            raise Seen(f"`{call}`: a pair is the ID, a text, and the key, bytes, in this order.")


def _handed_out(answer, rng):
    """The calls of masters: the oldest first, each key once, all of them or none."""
    stock = _stock(rng, 9)
    pairs = list(stock.items())
    shop = _Shop(answer, stock)
    shop.gives("get", "Bob", 1, pairs[:1], "`get` does not give the oldest key, the first of the dict.")
    once = "the second call of `get` does not give the two keys that are next: each leaves the stock once."
    shop.gives("get", "Bob", 2, pairs[1:3], once)
    some = "there are fewer keys than were asked for, and `get` gives what it has: all of them or none."
    shop.refuses("get", "Bob", 7, (LookupError,), "where there are fewer keys than n", some)
    lost = "`get` was refused, as it should be, and some keys have gone: look first, take afterwards."
    shop.gives("get", "Carol", 6, pairs[3:], lost)
    shop.refuses("get", "Carol", 1, (LookupError,), "where the stock is empty", some)
    if list(stock.items()) != pairs:
        raise Seen("the dict `stock` has changed: it is not yours. Work on a copy.")
    shop = _Shop(answer, stock)
    stock.clear()
    copied = (
        "the dict `stock` was emptied by who made it, and your store with it: take a copy when it is made."
    )
    shop.gives("get", "Bob", 3, pairs[:3], copied)
    for n in (0, -1):
        none = f"`get` takes n = {n}: there is nothing to hand out; refuse it."
        shop.refuses("get", "Bob", n, (ValueError,), f"for n = {n}", none)


def _fetched(answer, rng):
    """The calls of slaves: their own copies, in the order asked, once, all or none."""
    stock = _stock(rng, 11)
    pairs = list(stock.items())
    ids = [key_id for key_id, _ in pairs]
    one, other = _Shop(answer, dict(stock)), _Shop(answer, dict(stock))
    apart = "two stores of equal dicts share their state: each has its own."
    for shop, slave in ((one, "Bob"), (other, "Dave")):
        shop.gives("get", slave, 6, pairs[:6], apart)
    shop = one
    shop.gives("get", "Carol", 2, pairs[6:8], "`get` for a second slave does not go on in the stock.")
    again = "`get` for a slave who was here before does not go on in the stock."
    mine = shop.gives("get", "Bob", 1, pairs[8:9], again)
    if isinstance(mine, list):
        mine.clear()  # whoever got it may do with it what they like
    taken = "a slave does not get the keys that wait for it: a later `get`, or what the master did with its list, took them."
    shop.gives("get_by_ids", "Bob", [ids[8], ids[5]], [pairs[8], pairs[5]], taken)
    unknown = str(UUID(bytes=rng.bytes(16), version=4))
    lost = "`get_by_ids` has refused a list, as it should, and some of its keys have gone: look first, take afterwards."
    for own, key_id, what, kind in (
        (0, unknown, "an ID that nobody knows", LookupError),
        (1, ids[9], "the ID of a key that is still in stock", LookupError),
        (2, ids[6], "the ID of another slave's key", PermissionError),
    ):
        given = (
            f"`get_by_ids` takes {what}: a key is there for the slave that `get` named, and for nobody else."
        )
        shop.refuses("get_by_ids", "Bob", [key_id], (kind,), f"for {what}", given)
        in_part = f"`get_by_ids` answers a list with {what} among others: all of it or none."
        shop.refuses("get_by_ids", "Bob", [ids[own], key_id], (kind,), f"for a list with {what}", in_part)
        shop.gives("get_by_ids", "Bob", [ids[own]], [pairs[own]], lost)
    empty = "`get_by_ids` takes an empty list: refuse it."
    shop.refuses("get_by_ids", "Bob", [], (ValueError,), "for an empty list", empty)
    twice = "an ID that is named twice is answered: each is to be named once."
    for asked in ([ids[3], ids[3]], [ids[3], ids[4], ids[3]]):
        shop.refuses("get_by_ids", "Bob", asked, (ValueError,), "where an ID is named twice", twice)
    shop.gives("get_by_ids", "Bob", ids[3:5], pairs[3:5], lost)
    second = "a slave gets the same key a second time: a copy leaves once."
    shop.refuses("get_by_ids", "Bob", [ids[8]], (LookupError,), "for a key that was fetched", second)
    others = "a key that waits for another slave has gone: what one slave fetches, or is refused, is not the other's."
    shop.gives("get_by_ids", "Carol", ids[6:8], pairs[6:8], others)
    other.gives("get_by_ids", "Dave", ids[:6], pairs[:6], apart)
    late = "after slaves have fetched theirs, `get` does not go on in the stock."
    shop.gives("get", "Bob", 2, pairs[9:], late)
    given = sorted(ids[9:], reverse=True)
    outcome(shop.calls["get_by_ids"], "Bob", given)
    if given != sorted(ids[9:], reverse=True):
        raise Seen("`get_by_ids` changes the list `ids` that it was given: that is the caller's.")


def _any_order(answer, rng):
    """Calls as they come, on stores of no key to twelve."""
    slaves = ("Bob", "bob", "Bobby")
    for _ in range(25):
        free = _stock(rng, int(rng.integers(13)))
        shop, waiting, known = _Shop(answer, dict(free)), {}, [*free, "no such ID"]
        for turn in range(1, 31):
            slave, n = str(rng.choice(slaves)), int(rng.integers(-1, 5))
            what = f"after {turn} calls in any order on one store, "
            if rng.random() < 0.4:
                call, due = "get", list(free.items())[:n]
                kinds = (ValueError,) if n < 1 else (LookupError,) if n > len(free) else ()
                asked = n
            else:
                call = "get_by_ids"
                named = [key_id for key_id in waiting if waiting[key_id][0] == slave]
                asked = [str(x) for x in rng.permutation(named if rng.random() < 0.6 else known)[: max(n, 0)]]
                due = [(key_id, waiting.get(key_id, (None, b""))[1]) for key_id in asked]
                if asked and rng.random() < 0.15:
                    asked.insert(int(rng.integers(len(asked) + 1)), asked[0])  # one of them twice
                kinds = (
                    *((ValueError,) if len(set(asked)) < max(len(asked), 1) else ()),
                    *((LookupError,) if not waiting.keys() >= set(asked) else ()),
                    *((PermissionError,) if any(waiting.get(x, (slave,))[0] != slave for x in asked) else ()),
                )
            if kinds:
                given = f"{what}`{call}` gives what it must refuse."
                shop.refuses(call, slave, asked, kinds, f"{what}where it cannot be had", given)
                continue
            shop.gives(call, slave, asked, due, f"{what}`{call}` does not give what it should.")
            for key_id, key in due:
                if call == "get":
                    del free[key_id]
                    waiting[key_id] = slave, key
                else:
                    del waiting[key_id]


@deliver_once.grader
def each_key_once(answer, rng):
    """Ask as masters and slaves do, by turns, and look at what is left after each refusal."""
    try:
        for part in (_handed_out, _fetched, _any_order):
            part(answer, rng)
    except Seen as seen:
        return Verdict.wrong(str(seen))
    return None


def _slip(stock, **changed):
    """A store with something changed."""
    free, waiting = dict(stock), {}

    def get(slave, n):
        if n < 1 and not changed.get("takes_none"):
            raise ValueError(n)
        if n > len(free):
            raise changed.get("too_few", LookupError)(n)
        taken = [(key_id, free.pop(key_id)) for key_id in list(free)[: max(n, 0)]]
        if changed.get("forgets"):
            waiting.clear()
        waiting.update({key_id: (slave, key) for key_id, key in taken})
        return taken

    def get_by_ids(slave, ids):
        if not ids and not changed.get("takes_none_of_them"):
            raise ValueError(ids)
        if len(set(ids)) < len(ids) and not changed.get("takes_twice"):
            raise ValueError(ids)
        if not waiting.keys() >= set(ids):
            raise LookupError(ids)
        if changed.get("named", True) and any(waiting[key_id][0] != slave for key_id in ids):
            raise changed.get("not_named", PermissionError)(ids)
        found = [(key_id, waiting[key_id][1]) for key_id in ids]
        for key_id in set(ids) if changed.get("leaves", True) else ():
            del waiting[key_id]
        return sorted(found) if changed.get("sorts") else found

    return get, get_by_ids


@deliver_once.mistake()
def the_key_stays_in_stock(stock):
    _, get_by_ids = _slip(stock)
    return lambda slave, n: list(stock.items())[:n], get_by_ids


@deliver_once.mistake()
def what_there_is(stock):
    get, get_by_ids = _slip(stock)
    free = list(stock)

    def gives_less(slave, n):
        n = min(n, len(free)) if n > 0 else n
        del free[: max(n, 0)]
        return get(slave, n) if n else []

    return gives_less, get_by_ids


@deliver_once.mistake()
def takes_before_it_looks(stock):
    free, waiting = dict(stock), {}

    def get(slave, n):
        if n < 1:
            raise ValueError(n)
        taken = []
        for _ in range(n):
            key_id = next(iter(free), None)
            if key_id is None:
                raise LookupError(n)
            taken.append((key_id, free.pop(key_id)))
        waiting.update({key_id: (slave, key) for key_id, key in taken})
        return taken

    return get, _slip(stock)[1]


@deliver_once.mistake()
def the_newest_first(stock):
    return _slip(dict(reversed(stock.items())))


@deliver_once.mistake()
def in_the_callers_dict(stock):
    get, get_by_ids = _slip(stock)

    def pops(slave, n):
        taken = get(slave, n)
        for key_id, _ in taken:
            del stock[key_id]
        return taken

    return pops, get_by_ids


@deliver_once.mistake()
def leans_on_the_callers_dict(stock):
    used, (get, get_by_ids) = [], _slip(stock)

    def looks(slave, n):
        if n > len([key_id for key_id in stock if key_id not in used]):
            raise LookupError(n)
        taken = get(slave, n)
        used.extend(key_id for key_id, _ in taken)
        return taken

    return looks, get_by_ids


@deliver_once.mistake()
def none_for_a_refusal(stock):
    get, get_by_ids = _slip(stock)

    def gives_none(slave, n):
        try:
            return get(slave, n)
        except LookupError:
            return None

    return gives_none, get_by_ids


@deliver_once.mistake()
def another_kind_of_refusal(stock):
    return _slip(stock, too_few=RuntimeError)


@deliver_once.mistake()
def hands_out_none(stock):
    return _slip(stock, takes_none=True)


@deliver_once.mistake()
def the_last_delivery_alone(stock):
    return _slip(stock, forgets=True)


@deliver_once.mistake()
def for_any_slave(stock):
    return _slip(stock, named=False)


@deliver_once.mistake()
def key_error_for_a_stranger(stock):
    return _slip(stock, not_named=KeyError)


@deliver_once.mistake()
def the_copy_stays(stock):
    return _slip(stock, leaves=False)


@deliver_once.mistake()
def takes_an_empty_list(stock):
    return _slip(stock, takes_none_of_them=True)


@deliver_once.mistake()
def takes_an_id_twice(stock):
    return _slip(stock, takes_twice=True)


@deliver_once.mistake()
def in_an_order_of_its_own(stock):
    return _slip(stock, sorts=True)


@deliver_once.mistake()
def one_by_one(stock):
    get, get_by_ids = _slip(stock)

    def in_turn(slave, ids):
        if not ids or len(set(ids)) < len(ids):
            raise ValueError(ids)
        return [pair for key_id in ids for pair in get_by_ids(slave, [key_id])]

    return get, in_turn


@deliver_once.mistake()
def skips_what_is_missing(stock):
    get, get_by_ids = _slip(stock)

    def what_there_is(slave, ids):
        found = []
        for key_id in ids:
            with suppress(LookupError):
                found += get_by_ids(slave, [key_id])
        if not found:
            raise LookupError(ids)
        return found

    return get, what_there_is


@deliver_once.mistake()
def keys_alone(stock):
    get, get_by_ids = _slip(stock)
    return lambda slave, n: [key for _, key in get(slave, n)], get_by_ids


@deliver_once.mistake()
def one_function(stock):
    return _slip(stock)[0]
