"""Masked client: what it refuses, in each step, and that it gives one kind of share."""

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
    with pytest.raises(
        RefusedMessage, match="round 1 is about another model than the one that this client got"
    ):
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
