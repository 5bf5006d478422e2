"""Which messages of a round a server may take."""

import hmac

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="no stranger, no forger, nothing of yesterday, nobody twice; and a forger cannot make a client lose its turn.",
    because="""
        Each rule stops one attack: the key of the client that is named stops who pretends to be it; the round *within the tag*
        stops a message of an earlier round, with its old number or with a new one written on it; "each client once" stops a
        message that is sent again within the round. The order matters too. Whoever is noted as heard *before* the tag is
        checked can be shut out by anybody who sends rubbish in its name. The whole tag is compared, in constant time, by
        `hmac.compare_digest`.
    """,
)
def fresh_tags(messages, number, keys):
    """In round `number` a server gets `messages`, a list in the order they came, each `(client, round, body, tag)`: a text, a
    whole number, bytes, bytes. `keys` is a dict of the key (bytes) of each known client. The right tag is HMAC-SHA256 under the
    client's key of the round, as 8 bytes with the highest first, followed by the body. The server accepts a message if its
    client is known, it belongs to this round, its tag is right, and no message of the same client was accepted before. Return
    the list of the places in `messages`, from 0, of those that it accepts. Given: `hmac` (`hmac.digest(key, message,
    "sha256")`).
    """
    accepted, heard = [], set()
    for place, (client, sent_in, body, tag) in enumerate(messages):
        if client not in keys or client in heard or sent_in != number:
            continue
        due = hmac.digest(keys[client], sent_in.to_bytes(8, "big") + body, "sha256")
        if hmac.compare_digest(tag, due):
            accepted.append(place)
            heard.add(client)
    return accepted


def _tag(key, number, body):
    return hmac.digest(key, number.to_bytes(8, "big") + body, "sha256")


@fresh_tags.cases
def rounds(rng):
    """A quiet round, an empty one, and rounds with strangers, replays, forgeries of many kinds, doubled and cut messages."""
    towns = ["Graz", "Wien", "Brno", "Bern", "Lodz", "Nice", "Bari", "Genf"]
    yield [], 3, {"Graz": rng.bytes(32)}
    for turn in range(9):
        names = [towns[k] for k in rng.permutation(len(towns))]
        keys = {name: rng.bytes(32) for name in names[: int(rng.integers(3, 6))]}
        known, strangers, number = list(keys), names[len(keys) :], int(rng.integers(1, 400))
        own = {name: rng.bytes(32) for name in strangers}

        def honest(name, sent_in=number, body=None, key=None, keys=keys, own=own):
            body = rng.bytes(int(rng.integers(1, 40))) if body is None else body
            key = keys.get(name, own.get(name)) if key is None else key
            return name, sent_in, body, _tag(key, sent_in, body)

        right = [honest(name) for name in known]
        if turn == 0:
            yield right, number, keys
            continue
        victim, other, *rest = (right[k] for k in rng.permutation(len(right)))
        body, tag = victim[2], victim[3]
        old = honest(victim[0], number - 1)
        bad = [
            honest(strangers[0]),  # nobody knows it
            old,  # of the round before
            (old[0], number, *old[2:]),  # with the number of this one written on it
            honest(victim[0], number + 1),
            honest(victim[0], key=keys[other[0]]),  # a client pretends to be another
            (other[0], number, body, tag),  # a tag of another client
            (victim[0], number, body + b"\0", tag),
            (victim[0], number, body, tag[:-1]),
            (victim[0], number, body, b""),
            (victim[0], number, body, tag + b"\0"),
            (victim[0], number, body, tag[:16]),
            (victim[0], number, body, bytes(32)),
            (victim[0], number, body, hmac.digest(keys[victim[0]], body, "sha256")),
            (
                victim[0],
                number,
                body,
                hmac.digest(keys[victim[0]], number.to_bytes(8, "little") + body, "sha256"),
            ),
            (strangers[-1], number, body, tag),
            (victim[0], number - 1, body, tag),  # the number of another round on a message of this one
        ]
        before = [
            bad[k] for k in rng.permutation(len(bad))[: int(rng.integers(6, 13)) if turn % 4 else len(bad)]
        ]
        again = [victim, honest(victim[0]), other, *rest[:1]]
        late = [again[k] for k in rng.permutation(len(again))[: int(rng.integers(2, 5))]]
        mixed = right + before if turn % 4 == 3 else before + right
        if turn % 4 == 1:
            mixed = [mixed[k] for k in rng.permutation(len(mixed))]
        yield mixed + late, number, keys


def _accepted(messages, number, keys, **changed):
    """The server with something changed."""
    accepted, heard = [], set()
    for place, (client, sent_in, body, tag) in enumerate(messages):
        if client not in keys and not changed.get("strangers"):
            continue
        if client in heard and changed.get("once", True):
            continue
        if sent_in != number and changed.get("round", True):
            continue
        text = changed.get("text", lambda sent_in, body: sent_in.to_bytes(8, "big") + body)(sent_in, body)
        due = hmac.digest(keys.get(client, b""), text, "sha256")
        same = changed.get("same", lambda tag, due, text: tag == due)(tag, due, text)
        if same or changed.get("early"):
            heard.add(client)
        if same:
            accepted.append(place)
    return accepted


@fresh_tags.mistake(
    "the round is not compared: a message of an earlier round has a right tag, and is taken again."
)
def any_round(messages, number, keys):
    return _accepted(messages, number, keys, round=False)


@fresh_tags.mistake(
    "a client is taken more than once: whoever sends its message again makes it count double."
)
def more_than_once(messages, number, keys):
    return _accepted(messages, number, keys, once=False)


@fresh_tags.mistake(
    "a client is noted as heard before its tag is checked: then rubbish in its name shuts it out. Note it when it is accepted."
)
def noted_too_early(messages, number, keys):
    return _accepted(messages, number, keys, early=True)


@fresh_tags.mistake("the tags are not checked: anybody can write a name and a round on a message.")
def no_tags(messages, number, keys):
    return _accepted(messages, number, keys, same=lambda tag, due, text: True)


@fresh_tags.mistake("the tag you expect has no round in it: with that, an old message gets a new number.")
def tags_without_the_round(messages, number, keys):
    return _accepted(messages, number, keys, text=lambda sent_in, body: body)


@fresh_tags.mistake('the round stands in the tag as 8 bytes with the *highest* first: "big".')
def the_lowest_first(messages, number, keys):
    return _accepted(messages, number, keys, text=lambda sent_in, body: sent_in.to_bytes(8, "little") + body)


@fresh_tags.mistake("the round comes before the body in what is tagged.")
def the_round_behind(messages, number, keys):
    return _accepted(messages, number, keys, text=lambda sent_in, body: body + sent_in.to_bytes(8, "big"))


@fresh_tags.mistake(
    "a tag that is cut is taken too: compare all of it, 32 bytes. An empty one begins like every other."
)
def beginnings(messages, number, keys):
    return _accepted(messages, number, keys, same=lambda tag, due, text: due.startswith(tag))


@fresh_tags.mistake("a tag with something behind it is taken too: it is another tag.")
def only_its_beginning(messages, number, keys):
    return _accepted(messages, number, keys, same=lambda tag, due, text: tag[:32] == due)


@fresh_tags.mistake(
    "any known key is good enough for you: one client may then speak for another. Take the key of who is named."
)
def any_known_key(messages, number, keys):
    def same(tag, due, text):
        return any(tag == hmac.digest(key, text, "sha256") for key in keys.values())

    return _accepted(messages, number, keys, same=same)


@fresh_tags.mistake(
    "of two messages of a client you take the last: the first that is right counts, the other is refused."
)
def the_last_of_each(messages, number, keys):
    last = {messages[place][0]: place for place in _accepted(messages, number, keys, once=False)}
    return sorted(last.values())


@fresh_tags.mistake("you return who was accepted; the places of the messages are asked for.")
def the_names(messages, number, keys):
    return [messages[place][0] for place in _accepted(messages, number, keys)]


@fresh_tags.mistake("places are counted from 0.")
def counted_from_one(messages, number, keys):
    return [place + 1 for place in _accepted(messages, number, keys)]


@fresh_tags.mistake("you return those that are refused.")
def the_refused(messages, number, keys):
    return [place for place in range(len(messages)) if place not in _accepted(messages, number, keys)]


@fresh_tags.mistake(
    "a client of which one message is wrong is refused altogether: the wrong one may be a forger's."
)
def none_of_a_client_with_a_wrong_one(messages, number, keys):
    right = _accepted(messages, number, keys, once=False)
    wrong = {messages[place][0] for place in range(len(messages)) if place not in right}
    return [place for place in _accepted(messages, number, keys) if messages[place][0] not in wrong]
