"""Masked client: what it refuses, in each step, and that it gives one kind of share."""

import copy
import pickle
import threading
from dataclasses import replace

import numpy as np
import pytest

from qlearn.networks.secure_aggregation import (
    KeySessionAborted,
    MaskedClient,
    Opening,
    RefusedMessage,
    Request,
    Signer,
    StoreKeys,
    Survivors,
)
from qlearn.networks.secure_aggregation.survivors import hash_of, keys_statement, list_statement
from tests.networks.secure_aggregation.conftest import ROSTER, SIGNERS


def opened(clients, server, number=1):
    """Play until each client holds its shares; return the openings."""
    server.open(number)
    joined = [client.join(number) for client in clients]
    members = server.members(joined)
    return server.relay([client.share(members) for client in clients])


def masked(clients, server, number=1):
    """Play until each client has sent its update."""
    openings = opened(clients, server, number)
    return [client.mask(openings[client.name], np.arange(client.terms.size)) for client in clients]


def test_a_round_is_not_played_twice(fresh):
    clients, server = fresh()
    opened(clients, server, 3)
    for number in (1, 3):
        with pytest.raises(
            RefusedMessage, match=f"Ann refuses: round {number} was here already, the last was 3"
        ):
            clients[0].join(number)
    assert len(clients[0].refused) == 2


def test_members_are_checked(fresh):
    clients, server = fresh()
    server.open(1)
    members = server.members([client.join(1) for client in clients])
    ben = clients[1]
    for wrong, says in (
        (Survivors(1, ("Ann", "Ben", "Cem")), "Survivors came where Members is expected"),
        (replace(members, number=2), "a message of round 2 came in round 1: it is old, or repeated"),
        (replace(members, members=("Ann", "Cem", "Dia")), "leaves out Ben"),
        (replace(members, members=("Ben", "Ann", "Cem")), "each once, in this order"),
        (replace(members, members=("Ann", "Ben", "Eve")), "is not some of Ann, Ben, Cem, Dia"),
        (replace(members, members=("Ann", "Ben")), "has 2 clients, below the threshold 3"),
        (replace(members, signatures={}), "key IDs of Ann are not signed by it for round 1"),
        (
            replace(members, key_ids={**members.key_ids, "Ann": {"Ben": ("0",)}}),
            "key IDs of Ann are not signed",
        ),
    ):
        with pytest.raises(RefusedMessage, match=says):
            ben.share(wrong)
    ben.share(members)  # a refusal costs nothing
    with pytest.raises(RefusedMessage, match="where this client has shared, not where it has joined"):
        ben.share(members)


def test_key_ids_of_another_round_are_refused(fresh):
    """A server that relays the IDs of round 1 in round 2, with their own signature."""
    clients, server = fresh()
    server.open(1)
    old = server.members([client.join(1) for client in clients])
    server.open(2)
    new = server.members([client.join(2) for client in clients])
    with pytest.raises(RefusedMessage, match="key IDs of Ann are not signed by it for round 2"):
        clients[1].share(replace(new, key_ids=old.key_ids, signatures=old.signatures))


def test_a_key_is_used_once(fresh, parties):
    """A master that names a key again, and signs that: the slave knows the ID, and the store would refuse, too."""
    clients, server = fresh()
    server.open(1)
    first = [client.join(1) for client in clients]
    members = server.members(first)
    ben = clients[1]
    ben.share(members)
    server.open(2)
    again = [client.join(2) for client in clients]
    ids = first[0].key_ids
    signature = SIGNERS["Ann"].sign(keys_statement(ben.terms, 2, "Ann", ids))
    again[0] = replace(again[0], key_ids=ids, signature=signature)
    with pytest.raises(RefusedMessage, match="Ann names a key that was used before: a pad is used once"):
        ben.share(server.members(again))
    with pytest.raises(LookupError, match="not found"):
        parties.store.take("Ben", "Ann", ids["Ben"])


def test_no_keys_no_round(fresh, parties):
    clients, _ = fresh()
    parties.store.hand_out("Eve", "Mallory", number=parties.store.stored)
    with pytest.raises(
        KeySessionAborted, match=r"Ann got no keys with Ben: NotEnoughKeys: .* No update was sent"
    ):
        clients[0].join(1)


def test_an_update_is_checked_before_anything_is_sent(fresh):
    clients, server = fresh(size=3)
    openings = opened(clients, server)
    ann = clients[0]
    with pytest.raises(ValueError, match=r"shape \(3,\) that was agreed on, not \(4,\); nothing was sent"):
        ann.mask(openings["Ann"], np.zeros(4))
    with pytest.raises(ValueError, match="values must be finite"):
        ann.mask(openings["Ann"], [1.0, np.nan, 0.0])
    with pytest.raises(ValueError, match=r"must stay below 3\.51844e\+13, not 1e\+14: .*Nothing was sent"):
        ann.mask(openings["Ann"], [1e14, 0.0, 0.0])
    ann.mask(openings["Ann"], [1.0, 0.0, 0.0])
    with pytest.raises(RefusedMessage, match="where this client has masked, not where it has shared"):
        ann.mask(openings["Ann"], [1.0, 0.0, 0.0])


def test_it_masks_only_for_members_that_all_signed(fresh):
    clients, server = fresh()
    openings = opened(clients, server)
    ann, own = clients[0], openings["Ann"]
    few = {name: own.signatures[name] for name in ("Ann", "Ben", "Cem")}
    wrong_list = list_statement(ann.terms, 1, ("Ann", "Ben", "Cem"))
    other = {**own.signatures, "Dia": SIGNERS["Dia"].sign(wrong_list)}
    for opening, says in (
        (replace(own, signatures=few), r"needs 4 signatures, it has 3"),
        (
            replace(own, signatures=other),
            "signature of Dia is not on this list: somebody was shown another one",
        ),
        (replace(own, shares={}), "share of Ben for round 1 is missing, altered or of another round"),
        (
            replace(own, shares={**own.shares, "Ben": own.shares["Cem"]}),
            "share of Ben for round 1 is missing, altered",
        ),
        (Opening(2, own.signatures, own.shares), "a message of round 2 came in round 1"),
    ):
        with pytest.raises(RefusedMessage, match=says):
            ann.mask(opening, np.zeros(3))


def test_one_model_for_all(fresh):
    """A server that hands out two models: nobody masks, whichever hash it shows to whom."""
    clients, server = fresh()
    models = {"Ann": b"a model that makes updates vanish"}
    server.open(1, b"the model")
    members = server.members([client.join(1) for client in clients])
    openings = server.relay([client.share(members) for client in clients])  # one hash for all
    for client in clients[1:]:
        client.mask(openings[client.name], np.zeros(3), models.get(client.name, b"the model"))
    with pytest.raises(RefusedMessage, match="round 1 is about another model, other settings or other rows"):
        clients[0].mask(openings["Ann"], np.zeros(3), models["Ann"])
    with pytest.raises(RefusedMessage, match="about another model"):
        clients[0].mask(openings["Ann"], np.zeros(3))

    server.open(2, b"the model")
    members = server.members([client.join(2) for client in clients])
    others = replace(members, about=hash_of(models["Ann"]))
    openings = server.relay([client.share(others if client.name == "Ann" else members) for client in clients])
    for client in clients:  # each sees that somebody signed another hash
        with pytest.raises(RefusedMessage, match="is not on this list: somebody was shown another one"):
            client.mask(openings[client.name], np.zeros(3), models.get(client.name, b"the model"))


def test_an_altered_share_is_refused(fresh):
    clients, server = fresh()
    openings = opened(clients, server)
    share = openings["Ann"].shares["Ben"]
    for at in range(0, len(share), 5):
        bad = share[:at] + bytes([share[at] ^ 1]) + share[at + 1 :]
        with pytest.raises(RefusedMessage, match="missing, altered"):
            clients[0].mask(
                replace(openings["Ann"], shares={**openings["Ann"].shares, "Ben": bad}), np.zeros(3)
            )


def test_one_list_is_signed(fresh):
    clients, server = fresh()
    listed = server.survivors(masked(clients, server))
    ann = clients[0]
    for wrong, says in (
        (("Ben", "Cem", "Dia"), "leaves out Ann"),
        (("Ann", "Ben"), "below the threshold 3"),
        (("Ann", "Ben", "Cem", "Cem"), "each once"),
    ):
        with pytest.raises(RefusedMessage, match=says):
            ann.sign(Survivors(1, wrong))
    ann.sign(listed)
    with pytest.raises(
        RefusedMessage, match="a second list of survivors in round 1: Ann, Ben, Cem after Ann, Ben, Cem, Dia"
    ):
        ann.sign(Survivors(1, ("Ann", "Ben", "Cem")))
    with pytest.raises(RefusedMessage, match="the list of round 1 is signed already"):
        ann.sign(listed)


def test_it_reveals_after_enough_signatures_on_its_list_once(fresh):
    clients, server = fresh()
    listed = server.survivors(masked(clients, server)[:3])  # that of Dia is late
    signed = {client.name: client.sign(listed).signature for client in clients[:3]}
    ann = clients[0]
    other = SIGNERS["Cem"].sign(list_statement(ann.terms, 1, server._members, server._members))
    for signatures, says in (
        ({name: signed[name] for name in ("Ann", "Ben")}, r"needs 3 signatures, it has 2"),
        ({**signed, "Cem": other}, "signature of Cem is not on this list"),
        ({**signed, "Dia": signed["Ann"]}, "Dia signed the list and is none of Ann, Ben, Cem"),
    ):
        with pytest.raises(RefusedMessage, match=says):
            ann.reveal(Request(1, signatures))
    revealed = ann.reveal(Request(1, signed))
    # one kind a peer: shares of those on the list, pads with the others, and those as one sum
    assert set(revealed.shares) == {"Ann", "Ben", "Cem"}
    assert len(revealed.pads) == 8 * 3
    with pytest.raises(RefusedMessage, match="a message of round 1 came in no round"):
        ann.reveal(Request(1, signed))


def test_nothing_of_a_round_is_left_after_it(fresh):
    clients, server = fresh()
    listed = server.survivors(masked(clients, server))
    request = server.request([client.sign(listed) for client in clients])
    clients[0].reveal(request)
    assert clients[0]._state is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": "Eve"}, "name must be one of the clients Ann, Ben, Cem, Dia, not 'Eve'"),
        (
            {"roster": {"Ann": SIGNERS["Ann"].public_key}},
            "roster must have a public key of every client; it lacks Ben",
        ),
        ({"signer": Signer(bytes(32))}, None),
        ({"signer": SIGNERS["Ben"]}, "the public key of the signer of Ann, not another one"),
        (
            {"roster": {**ROSTER, "Cem": ROSTER["Ben"]}},
            "roster must hold different keys: Ben and Cem have the same, and one signature would count twice",
        ),
        (
            {"roster": {**ROSTER, "Cem": b"key"}},
            "public keys of 1952 bytes, as a Signer has; that of Cem is none",
        ),
        ({"key_bits": 12}, "key_bits must be a multiple of 8, not 12"),
    ],
)
def test_refuses(fresh, parties, change, says):
    clients, _ = fresh()
    options = {
        "name": "Ann",
        "terms": clients[0].terms,
        "keys": StoreKeys(parties.store, "Ann"),
        "signer": SIGNERS["Ann"],
        "roster": ROSTER,
        **change,
    }
    if says is None:  # Ann's own seed
        assert MaskedClient(**options).name == "Ann"
        return
    with pytest.raises(ValueError, match=says):
        MaskedClient(**options)


@pytest.mark.parametrize("name", ["Ann", "Eli"])
def test_signatures_of_another_run_with_the_same_round_say_nothing(fresh, name):
    """Lists that were signed honestly in three runs, each with round 1: together they would open the update of Ann.

    Ann would give its pads with Ben and Cem, Dia and Eli theirs with Ann, and Ann, Ben and Cem three shares of its self-mask.
    """
    told = {
        "Ann": ("Ann", "Dia", "Eli"),
        "Ben": ("Ann", "Ben", "Cem"),
        "Cem": ("Ann", "Ben", "Cem"),
        "Dia": ("Ben", "Cem", "Dia", "Eli"),
        "Eli": ("Ben", "Cem", "Dia", "Eli"),
    }
    collected = {}
    for survivors in set(told.values()):
        clients, server = fresh(5)  # a new run: clients and server are started anew
        sent = masked(clients, server)
        listed = server.survivors([message for message in sent if message.sender in survivors])
        request = server.request([client.sign(listed) for client in clients if client.name in survivors])
        assert len(request.signatures) == len(survivors)
        collected[survivors] = request
    clients, server = fresh(5)
    masked(clients, server)
    client = next(client for client in clients if client.name == name)
    client.sign(Survivors(1, told[name]))
    with pytest.raises(RefusedMessage, match=r"signature of .* is not on this list"):
        client.reveal(collected[told[name]])


def test_members_of_another_run_are_no_members_of_this(fresh):
    clients, server = fresh()
    old = opened(clients, server)
    clients, server = fresh()
    new = opened(clients, server)
    for name, signatures in (("Ann", {**new["Ann"].signatures, "Ben": old["Ann"].signatures["Ben"]}),):
        with pytest.raises(RefusedMessage, match="the signature of Ben is not on this list"):
            clients[0].mask(replace(new[name], signatures=signatures), np.zeros(3))


def test_all_are_shown_the_same_keys(fresh):
    clients, server = fresh()
    server.open(1)
    members = server.members([client.join(1) for client in clients])
    with pytest.raises(RefusedMessage, match="under the name of Ben are not those that it drew"):
        clients[1].share(replace(members, key_ids={**members.key_ids, "Ben": {}}))
    with pytest.raises(RefusedMessage, match="key IDs of Cem are not signed by it"):
        clients[1].share(replace(members, key_ids={**members.key_ids, "Cem": {}}))


def test_two_rounds_with_one_update_differ_by_a_client(fresh):
    """What no masks hide: a server that calls a round failed, and says in the next that Dia fell out, reads Dia's update."""
    clients, server = fresh()
    updates = np.random.default_rng(7).integers(-50, 50, (4, 3)) / 16
    sums = []
    for number, survivors in ((1, "Ann Ben Cem Dia"), (2, "Ann Ben Cem")):
        openings = opened(clients, server, number)
        sent = [c.mask(openings[c.name], x) for c, x in zip(clients, updates, strict=True)]
        listed = server.survivors([message for message in sent if message.sender in survivors.split()])
        here = [client for client in clients if client.name in listed.survivors]
        request = server.request([client.sign(listed) for client in here])
        sums.append(server.total([client.reveal(request) for client in here]))
    assert (sums[0] - sums[1]).tolist() == updates[3].tolist()


def test_there_is_one_of_each_client(fresh):
    """Two copies would put two updates under one pad."""
    clients, server = fresh()
    openings = opened(clients, server)
    ann = clients[0]
    assert copy.copy(ann) is ann
    assert copy.deepcopy(ann) is ann
    with pytest.raises(TypeError, match="cannot be pickled: the copy would use the same pads once more"):
        pickle.dumps(ann)
    home, ann._home = ann._home, -1
    with pytest.raises(ValueError, match="belongs to process -1 and is asked in process"):
        ann.mask(openings["Ann"], np.zeros(3))
    ann._home = home
    ann.mask(openings["Ann"], np.zeros(3))


def test_two_threads_get_one_masked_update(fresh):
    clients, server = fresh(size=5000)
    openings = opened(clients, server)
    ann, sent, refused = clients[0], [], []
    start = threading.Barrier(4)

    def ask(value):
        start.wait()
        try:
            sent.append(ann.mask(openings["Ann"], np.full(5000, value)))
        except RefusedMessage as refusal:
            refused.append(refusal)

    threads = [threading.Thread(target=ask, args=(float(value),)) for value in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(sent), len(refused)) == (1, 3)


@pytest.mark.parametrize(
    "wrong", [{"members": ["Ann", "Ben", "Cem"]}, {"key_ids": None}, {"signatures": {"Ann": None}}]
)
def test_what_is_no_message_is_refused(fresh, wrong):
    clients, server = fresh()
    server.open(1)
    members = server.members([client.join(1) for client in clients])
    for message in (replace(members, **wrong), None, "members"):
        with pytest.raises(RefusedMessage, match=r"is not what it should be|came where Members is expected"):
            clients[1].share(message)
    clients[1].share(members)


@pytest.mark.parametrize("size", [None, 0, 64, 8000])
def test_keys_of_another_length_end_the_round(fresh, parties, size):
    """A corrupted master names no keys, or others than were asked for, and signs that."""
    clients, server = fresh()
    server.open(1)
    joined = [client.join(1) for client in clients]
    ids = {} if size is None else {"Ben": ()}
    if size:
        parties.fill(size)
        ids = {"Ben": tuple(key.key_id for key in parties.store.hand_out("Ann", "Ben", size=size))}
    signature = SIGNERS["Ann"].sign(keys_statement(clients[0].terms, 1, "Ann", ids))
    joined[0] = replace(joined[0], key_ids=ids, signature=signature)
    members = server.members(joined)
    with pytest.raises(
        KeySessionAborted, match=r"Ben got no keys with Ann: ValueError: .* must have .* bytes"
    ):
        clients[1].share(members)
    with pytest.raises(RefusedMessage, match="came in no round"):
        clients[1].share(replace(members, members=("Ben", "Cem", "Dia")))
