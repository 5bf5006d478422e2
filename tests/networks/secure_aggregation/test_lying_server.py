"""The lying server: Flower's client gives everything, ours one list; both run here."""

from importlib import import_module
from itertools import permutations

import numpy as np
import pytest

from qlearn.networks.secure_aggregation import (
    Request,
    Survivors,
    answer_as_asked,
    both_secrets,
    least_threshold,
    opened_sums,
    recover_secret,
    show_two_lists,
    threshold_shares,
)
from qlearn.networks.secure_aggregation.fixed_point import words_of
from qlearn.networks.secure_aggregation.survivors import list_statement
from tests.networks.secure_aggregation.conftest import SIGNERS


def flower_states(n: int, threshold: int):
    """Clients of Flower's SecAgg+ after they shared their keys: the package's own functions."""
    from flwr.app import ConfigRecord

    mod = import_module(
        "flwr.client.mod.secure_aggregation.secaggplus_mod"
    )  # its package serves a function of this name

    states, keys = {}, {}
    for nid in range(1, n + 1):
        states[nid] = state = mod.SecAggPlusState()
        state.nid = nid
        settings = {
            mod.Key.SAMPLE_NUMBER: n,
            mod.Key.SHARE_NUMBER: n,
            mod.Key.THRESHOLD: threshold,
            mod.Key.CLIPPING_RANGE: 8.0,
            mod.Key.TARGET_RANGE: 2**16,
            mod.Key.MOD_RANGE: 2**32,
            mod.Key.MAX_WEIGHT: 100.0,
        }
        public = mod._setup(state, ConfigRecord(settings))
        keys[str(nid)] = [public[mod.Key.PUBLIC_KEY_1], public[mod.Key.PUBLIC_KEY_2]]
    sent = {nid: mod._share_keys(state, ConfigRecord(keys)) for nid, state in states.items()}
    for nid, state in states.items():
        for source, out in sent.items():
            for target, ciphertext in zip(
                out[mod.Key.DESTINATION_LIST], out[mod.Key.CIPHERTEXT_LIST], strict=True
            ):
                if target == nid:
                    secret = mod.decrypt(state.ss2_dict[source], ciphertext)
                    _, _, seed, key = mod.share_keys_plaintext_separate(secret)
                    state.rd_seed_share_dict[source], state.sk1_share_dict[source] = seed, key
    return mod, states


# Flower imports typer, which reads names that the newest click gives under others.
@pytest.mark.filterwarnings("ignore:'click.utils:DeprecationWarning")
def test_flower_gives_a_client_away():
    """The real package: client 5 of 5 stands in both lists, and four honest clients give both of its secrets."""
    pytest.importorskip("flwr", reason="flwr is an optional extra")
    from flwr.app import ConfigRecord
    from flwr.common.secure_aggregation.crypto.shamir import combine_shares

    n, threshold, victim = 5, 4, 5
    mod, states = flower_states(n, threshold)
    everybody = list(range(1, n + 1))
    lists = ConfigRecord({mod.Key.ACTIVE_NODE_ID_LIST: everybody, mod.Key.DEAD_NODE_ID_LIST: [victim]})
    mod.check_configs(mod.Stage.UNMASK, lists)  # its own check lets them through
    answers = {}
    for nid, state in states.items():
        if nid == victim:
            continue
        answer = mod._unmask(state, lists)
        answers[nid] = answer[mod.Key.SHARE_LIST]
        # the rule that the chapter shows is that of the package
        rule = answer_as_asked(state.rd_seed_share_dict, state.sk1_share_dict, everybody, [victim])
        assert answers[nid] == rule
    at_self, at_key = victim - 1, n
    assert combine_shares([answer[at_self] for answer in answers.values()]) == states[victim].rd_seed
    assert combine_shares([answer[at_key] for answer in answers.values()]) == states[victim].sk1


def test_both_secrets_of_the_victim():
    mask, key = threshold_shares(b"mask", 5, 3, rng=1), threshold_shares(b"key!", 5, 3, rng=2)
    other = threshold_shares(b"else", 5, 3, rng=3)

    def answers(points, active, dead):
        return {
            j: answer_as_asked({1: other[j], 7: mask[j]}, {1: other[j], 7: key[j]}, active, dead)
            for j in points
        }

    for points in permutations((1, 3, 5)):
        assert both_secrets(answers(points, [1, 7], [7]), [1, 7], [7], 7, 3) == (b"mask", b"key!")
    assert both_secrets(answers((1, 2), [1, 7], [7]), [1, 7], [7], 7, 3) is None  # too few answers
    assert both_secrets(answers((1, 2, 3), [1, 7], []), [1, 7], [], 7, 3) is None  # one list
    assert both_secrets(answers((1, 2, 3), [1], [7]), [1], [7], 7, 3) is None


@pytest.mark.parametrize("n", [4, 5])
def test_ours_sign_one_list_and_help_once(fresh, n):
    clients, server = fresh(n)
    server.open(1)
    members = server.members([client.join(1) for client in clients])
    openings = server.relay([client.share(members) for client in clients])
    server.survivors([client.mask(openings[client.name], np.ones(3)) for client in clients])
    everybody = server.terms.clients
    lie = show_two_lists(clients, 1, everybody, everybody[:-1])
    assert lie.signatures == (n, 0)
    assert lie.revealed == everybody  # under the first list: the round ends as it should
    assert len(lie.refused) == n - 1
    assert all("a second list of survivors" in reason for reason in lie.refused)


def test_a_list_for_each_half_reaches_no_threshold(fresh):
    """Six clients, two lists of four that overlap: neither has four signatures, and nobody helps."""
    clients, server = fresh(6)
    server.open(1)
    members = server.members([client.join(1) for client in clients])
    openings = server.relay([client.share(members) for client in clients])
    server.survivors([client.mask(openings[client.name], np.ones(3)) for client in clients])
    names = server.terms.clients
    assert server.terms.threshold == 4
    lie = show_two_lists(clients, 1, names[:4], names[2:])
    assert lie.signatures == (4, 2)  # who stands on both signed the first
    assert lie.revealed == names[:4]
    assert any("needs 4 signatures, it has 2 (of Eli, Fay)" in reason for reason in lie.refused)
    with pytest.raises(ValueError, match="in no round"):
        clients[0].sign(Survivors(1, names))


def test_one_more_corrupted_than_agreed_opens_two_sums(fresh):
    """The bound is sharp on the real objects: threshold 3 of 5 is for none corrupted; Eli is, and signs two lists."""
    clients, server = fresh(5)
    assert server.terms.threshold == least_threshold(5, 0) == 3
    server.open(1)
    members = server.members([client.join(1) for client in clients])
    openings = server.relay([client.share(members) for client in clients])
    updates = {client.name: np.full(3, 2.0**u) for u, client in enumerate(clients)}
    masked = {}
    for client in clients:
        sent = client.mask(openings[client.name], updates[client.name])
        masked[client.name] = np.frombuffer(sent.words, ">u8").astype(np.uint64)
    eli = clients[4]._state  # what a corrupted client holds is the server's
    numbers, names = server.terms.numbers, server.terms.clients
    lists = [("Ann", "Ben", "Eli"), ("Cem", "Dia", "Eli")]
    predicted = opened_sums(
        {
            u: {v for v, name in enumerate(names[:4]) if name in one}
            for one in lists
            for u, name in enumerate(names[:4])
            if name in one
        },
        5,
        1,
        3,
        "one-time pads",
    )
    assert predicted == {frozenset({0, 1}), frozenset({2, 3})}
    for one in lists:
        honest = [client for client in clients[:4] if client.name in one]
        signatures = {client.name: client.sign(Survivors(1, one)).signature for client in honest}
        signatures["Eli"] = SIGNERS["Eli"].sign(list_statement(server.terms, 1, names, one, keys=eli.keys))
        answers = {client.name: client.reveal(Request(1, signatures)) for client in honest}
        total = np.zeros(3, np.uint64)
        for client in honest:
            name, point = client.name, names.index(client.name) + 1
            shares = {names.index(other) + 1: answer.shares[name] for other, answer in answers.items()}
            own_mask = recover_secret(shares | {5: eli.shares[name]}, 3)
            total = total + masked[name] - words_of(own_mask, 64) - words_of(answers[name].pads, 64)
            total = total - words_of(eli.pairs[name].pad, 64)  # added by those before Eli
            assert point < 5
        assert numbers.decode(total).tolist() == sum(updates[client.name] for client in honest).tolist()

    # agreed for one corrupted client, such lists are too short to be signed
    clients, server = fresh(5, corrupted=1)
    server.open(1)
    members = server.members([client.join(1) for client in clients])
    openings = server.relay([client.share(members) for client in clients])
    for client in clients:
        client.mask(openings[client.name], updates[client.name])
    with pytest.raises(ValueError, match="the list has 3 clients, below the threshold 4"):
        clients[0].sign(Survivors(1, lists[0]))
