"""Aggregation server: what it takes, what it notes, when a round is over."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.networks.secure_aggregation import SecureAggregationAborted, Signed


def reasons(server):
    return [f"{failure.client} {failure.stage}: {failure.reason}" for failure in server.failures]


def test_it_takes_one_message_of_each_member_of_this_round(fresh):
    clients, server = fresh()
    server.open(1)
    old = [client.join(1) for client in clients]
    server.open(2)
    joined = [client.join(2) for client in clients]
    other = Signed(2, "Cem", b"")
    members = server.members([other, *joined, joined[0], old[1], replace(joined[0], sender="Eve")])
    assert members.members == ("Ann", "Ben", "Cem", "Dia")
    assert reasons(server) == [
        "Cem join: sent Signed where Joined is expected",
        "Ann join: sent a second message where one is expected: the first is taken",
        "Ben join: sent a message of round 1, this is 2",
        "Eve join: is none of Ann, Ben, Cem, Dia",
    ]


def test_the_first_of_two_updates_is_taken(fresh):
    clients, server = fresh()
    server.open(1)
    members = server.members([client.join(1) for client in clients])
    openings = server.relay([client.share(members) for client in clients])
    masked = [client.mask(openings[client.name], np.full(3, 1.0)) for client in clients]
    again = replace(masked[0], words=bytes(24))
    listed = server.survivors([*masked, again])
    request = server.request([client.sign(listed) for client in clients])
    total = server.total([client.reveal(request) for client in clients])
    assert total.tolist() == [4.0, 4.0, 4.0]
    assert "Ann mask: sent a second message" in reasons(server)[0]


def test_updates_of_another_length_do_not_count(fresh):
    clients, server = fresh()
    server.open(1)
    members = server.members([client.join(1) for client in clients])
    openings = server.relay([client.share(members) for client in clients])
    masked = [client.mask(openings[client.name], np.ones(3)) for client in clients]
    masked[0] = replace(masked[0], words=masked[0].words[:-8])
    assert server.survivors(masked).survivors == ("Ben", "Cem", "Dia")
    assert reasons(server) == ["Ann mask: sent 16 bytes, not the 24 of 3 words"]


def test_too_few(fresh):
    clients, server = fresh()
    server.open(1)
    joined = [client.join(1) for client in clients]
    with pytest.raises(SecureAggregationAborted, match="2 of 4 clients joined, below the threshold 3"):
        server.members(joined[:2])
    members = server.members(joined)
    shared = [client.share(members) for client in clients]
    with pytest.raises(
        SecureAggregationAborted, match="Dia joined and then said nothing: no update was masked yet"
    ):
        server.relay(shared[:3])
    openings = server.relay(shared)
    masked = [client.mask(openings[client.name], np.ones(3)) for client in clients]
    with pytest.raises(
        SecureAggregationAborted, match="2 of 4 clients sent an update, below the threshold 3"
    ):
        server.survivors(masked[:2])
    listed = server.survivors(masked)
    signed = [client.sign(listed) for client in clients]
    forged = replace(signed[0], signature=signed[1].signature)
    with pytest.raises(SecureAggregationAborted, match="2 of 4 clients signed the list of survivors"):
        server.request([forged, *signed[1:3]])
    assert reasons(server)[-1] == "Ann sign: the signature is not on this list"
    revealed = [client.reveal(server.request(signed)) for client in clients]
    with pytest.raises(SecureAggregationAborted, match="2 of 4 clients helped to take the masks off"):
        server.total(revealed[:2])
    assert server.total(revealed[1:]).tolist() == [4.0] * 3  # any three are enough


def test_what_is_revealed_is_checked(fresh):
    clients, server = fresh()
    server.open(1)
    members = server.members([client.join(1) for client in clients])
    openings = server.relay([client.share(members) for client in clients])
    masked = [client.mask(openings[client.name], np.ones(3)) for client in clients]
    listed = server.survivors(masked[:3])
    request = server.request([client.sign(listed) for client in clients[:3]])
    revealed = [client.reveal(request) for client in clients[:3]]
    good = server.total(revealed)
    assert good.tolist() == [3.0] * 3
    share = revealed[0].shares["Ben"]
    for wrong, says in (
        (replace(revealed[0], pads=b""), "Ann revealed 0 words of pads, not 3"),
        (
            replace(revealed[0], shares={}),
            "the self-mask of Ann does not come off: shares must be at least 3, not 2",
        ),
        (
            replace(revealed[0], shares={**revealed[0].shares, "Ben": share[:5]}),
            "Ben does not come off: shares must have one",
        ),
    ):
        with pytest.raises(SecureAggregationAborted, match=says):
            server.total([wrong, *revealed[1:]])


def test_who_falls_out_while_pads_are_taken_off_ends_the_round(fresh):
    clients, server = fresh(n=5)
    server.open(1)
    members = server.members([client.join(1) for client in clients])
    openings = server.relay([client.share(members) for client in clients])
    masked = [client.mask(openings[client.name], np.ones(3)) for client in clients]
    listed = server.survivors(masked[:4])
    request = server.request([client.sign(listed) for client in clients[:4]])
    revealed = [client.reveal(request) for client in clients[:3]]
    with pytest.raises(SecureAggregationAborted, match="Dia fell out while the pads with Eli were taken off"):
        server.total(revealed)


def test_rounds_go_up(fresh):
    _, server = fresh()
    server.open(2)
    assert server.last_round == 2
    for number in (1, 2):
        with pytest.raises(ValueError, match=f"number must be above the last round's 2, not {number}"):
            server.open(number)
