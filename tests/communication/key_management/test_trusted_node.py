"""A relay over three hops of real key services: one key at both ends, nothing of one that was broken, no link key twice."""

import json
import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from functools import reduce

import httpx
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.key_management import (
    KeyStore,
    KMEClient,
    KMEError,
    RelayError,
    TrustedNode,
    relay_over_links,
    trusted_node,
)
from qlearn.communication.key_management.trusted_node import RECEIPT_BITS
from qlearn.communication.secret_key import forgery_probability

NAMES = ("Alice", "E 1", "E 2", "Bob")
SIZE = 256
LINK_SIZE = SIZE + RECEIPT_BITS + 256


def xor(*parts):
    return bytes(reduce(lambda a, b: a ^ b, column) for column in zip(*parts, strict=True))


class Tapped(KMEClient):
    """A client of a KME that notes what it was given."""

    def __init__(self, url, **options):
        super().__init__(url, **options)
        self.drawn, self.fetched = [], []

    def enc_keys(self, slave, **asked):
        keys = super().enc_keys(slave, **asked)
        self.drawn += keys
        return keys

    def dec_keys(self, master, key_ids):
        keys = super().dec_keys(master, key_ids)
        self.fetched += keys
        return keys


class Link:
    """A link with a KME at each end: two servers that share what the link has made."""

    def __init__(self, make_service):
        self.near = make_service()
        self.near.fill(400)
        self.far = type(self.near)(self.near.pki, self.near.settings)
        self.ends = (self.near, self.far)

    def stored(self):
        store = KeyStore(self.near.path)
        stored = store.stored
        store.close()
        return stored


@pytest.fixture(scope="module")
def links(make_service):
    """Three links, six servers."""
    # What fails in a thread is raised here, and not a None that every test stumbles over.
    with ThreadPoolExecutor(3) as threads:
        made = list(threads.map(lambda _: Link(make_service), range(3)))
    yield made
    for link in made:
        link.far.stop(signal.SIGKILL)  # the nearer ones end with all that were made


@pytest.fixture
def chain(links):
    """Four nodes, each with clients of its own, and the clients: `chain.nodes`, `chain.on[0]`, `chain.back[1]`."""

    class Chain:
        def __init__(self):
            def client(service, name):
                return Tapped(service.url, **service.files(name), kme_id="KME1")

            self.on = [client(link.near, name) for link, name in zip(links, NAMES, strict=False)]
            self.back = [None, *(client(link.far, name) for link, name in zip(links, NAMES[1:], strict=True))]
            both = zip(NAMES, self.back, [*self.on, None], strict=True)
            self.nodes = [TrustedNode(name, back=back, on=on) for name, back, on in both]

        def close(self):
            for client in (*self.on, *self.back[1:]):
                client.close()

    made = Chain()
    yield made
    made.close()


def test_both_ends_hold_one_key_and_each_link_key_was_used_once(chain, links):
    before = [link.stored() for link in links]
    carried = [relay_over_links(chain.nodes) for _ in range(8)]
    for made in carried:
        assert made.first == made.last
        assert 8 * len(made.first) == SIZE
        assert repr(made) == "CarriedKey(256 bits over Alice - E 1 - E 2 - Bob)"
    assert len({made.first for made in carried}) == 8
    for near, far in zip(chain.on, chain.back[1:], strict=True):
        assert near.drawn == far.fetched
        assert len({key.key for key in near.drawn}) == 8
        assert all(8 * len(key.key) == LINK_SIZE for key in near.drawn)
    # a key of 640 bits is made of three of the stock
    assert [link.stored() for link in links] == [stored - 8 * 3 for stored in before]


def test_the_announcements_are_those_of_the_link_keys(chain):
    carried = relay_over_links(chain.nodes, key_size=512)
    pads = [client.drawn[-1].key[:64] for client in chain.on]
    assert carried.first == carried.last == pads[0]
    assert carried.announced == (xor(pads[0], pads[1]), xor(pads[1], pads[2]))


def test_each_node_in_between_reads_it_and_nobody_else(chain, links):
    carried = relay_over_links(chain.nodes)
    assert (carried.readers, carried.others_read) == (("E 1", "E 2"), False)
    assert relay_over_links([chain.nodes[0], TrustedNode("E 1", back=chain.back[1])]).readers == ()
    # A node of the chain is no reader of a link that is not its own, and neither is a stranger to it.
    chain.nodes[0].begin(NAMES)
    (fresh,) = chain.on[0].drawn[-1:]
    for name in ("Bob", "Carol"):
        with links[0].far.client(name) as other, pytest.raises(KMEError, match="401"):
            other.dec_keys("Alice", [fresh.key_id])
    assert chain.back[1].dec_keys("Alice", [fresh.key_id]) == [fresh]


def test_nothing_of_the_key_or_the_tags_is_in_what_is_said(chain):
    message = chain.nodes[0].begin(NAMES)
    said = [message]
    for node in chain.nodes[1:3]:
        said.append(node.forward(said[-1]))
    key, receipt = chain.nodes[3].end(said[-1])
    secrets = [client.drawn[-1].key for client in chain.on]
    for message in said:
        announced = [bytes.fromhex(text) for text in json.loads(message)["announced"]]
        assert not {key.key + receipt, *(pad[:48] for pad in secrets)} & set(announced)
        assert all(pad[48:].hex() not in message.decode() for pad in secrets)
    assert forgery_probability(said[-1]) < 1e-28
    assert chain.nodes[0].finish(key.key_id, receipt) == key
    assert secrets[0][:32].hex() not in repr([*chain.nodes, key])


def altered(message):
    """What Eve may make of a message, each still in its form."""
    said = json.loads(message)
    yield said | {"path": [said["path"][1], said["path"][0], *said["path"][2:]]}
    yield said | {"path": ["Carol", *said["path"][1:]]}
    yield said | {"key_ID": "0" * 8 + said["key_ID"][8:]}
    yield said | {"size": said["size"] - 8, "announced": [text[:-2] for text in said["announced"]]}
    yield said | {
        "announced": [xor(bytes.fromhex(text), b"\1" + bytes(47)).hex() for text in said["announced"]]
    }
    yield said | {"tag": "00" * 16}
    yield said | {"tag": said["tag"][:-2]}


@pytest.mark.parametrize("which", range(7))
def test_an_altered_message_is_refused_and_no_other_link_is_drawn_on(chain, which):
    message = chain.nodes[1].forward(chain.nodes[0].begin(NAMES))
    bad = json.dumps(list(altered(message))[which]).encode()
    with pytest.raises((RelayError, KMEError)):
        chain.nodes[2].forward(bad)
    assert chain.on[2].drawn == []
    # What the forgery has cost is the key of its own link: the genuine message finds none, or still its own.
    if chain.back[2].fetched:
        with pytest.raises(KMEError, match="not found"):
            chain.nodes[2].forward(message)
    else:
        chain.nodes[2].forward(message)


def test_a_message_passes_once_and_in_its_place(chain):
    first, second, third, last = chain.nodes
    message = first.begin(NAMES)
    for node in (third, last):
        with pytest.raises(RelayError, match="not one for"):
            node.forward(message)
    with pytest.raises(RelayError, match="in the middle"):
        TrustedNode("E 1", back=chain.back[1]).end(first.begin(NAMES))
    passed = second.forward(message)
    with pytest.raises(KMEError, match="not found"):
        second.forward(message)
    message = third.forward(passed)
    key, receipt = last.end(message)
    with pytest.raises(KMEError, match="not found"):
        last.end(message)
    with pytest.raises(RelayError, match="the last node"):
        TrustedNode("Bob", back=chain.back[3], on=chain.on[0]).forward(
            third.forward(second.forward(first.begin(NAMES)))
        )
    assert first.finish(key.key_id, receipt) == key
    with pytest.raises(RelayError, match="no relay of this key"):
        first.finish(key.key_id, receipt)


def test_without_the_receipt_the_first_node_delivers_nothing(chain):
    first, second, third, last = chain.nodes
    key, receipt = last.end(third.forward(second.forward(first.begin(NAMES))))
    with pytest.raises(RelayError, match="not the last node's"):
        first.finish(key.key_id, bytes(len(receipt)))
    with pytest.raises(RelayError, match="no relay"):  # one try: nobody guesses on
        first.finish(key.key_id, receipt)


@pytest.mark.parametrize("receipt", ["text", None, b""])
def test_what_is_no_receipt_is_refused(chain, receipt):
    first, second, third, last = chain.nodes
    key, _ = last.end(third.forward(second.forward(first.begin(NAMES))))
    with pytest.raises(RelayError, match="not the last node's"):
        first.finish(key.key_id, receipt)


def test_the_receipt_does_not_show_that_a_node_in_between_was_honest(chain, monkeypatch):
    first, second, third, last = chain.nodes
    passed = second.forward(first.begin(NAMES))
    with monkeypatch.context() as lie:
        lie.setattr(trusted_node, "_xor", lambda *pads: xor(*pads, b"\1" + bytes(47)))
        passed = third.forward(passed)
    key, receipt = last.end(passed)
    delivered = first.finish(key.key_id, receipt)
    assert xor(delivered.key, key.key) == b"\1" + bytes(31)


def test_when_the_kmes_of_a_node_are_killed_nothing_is_delivered(chain, links):
    """Both KMEs of the third node die: no end delivers; the message that waits passes when they are back, and once."""
    waiting = chain.nodes[1].forward(chain.nodes[0].begin(NAMES))
    for service in (links[1].far, links[2].near):
        service.stop(signal.SIGKILL)
    with pytest.raises(httpx.TransportError):
        chain.nodes[2].forward(waiting)
    with pytest.raises(httpx.TransportError):
        relay_over_links(chain.nodes)
    assert chain.back[3].fetched == []
    assert len(chain.nodes[0]._begun) == 1  # that of the message that waits
    for service in (links[1].far, links[2].near):
        service.start()
    back, on = links[1].far.client("E 2"), links[2].near.client("E 2")
    with back, on:
        third = TrustedNode("E 2", back=back, on=on)
        key, receipt = chain.nodes[3].end(third.forward(waiting))
        with pytest.raises(KMEError, match="not found"):
            third.forward(waiting)
        assert chain.nodes[0].finish(key.key_id, receipt) == key
        made = relay_over_links([*chain.nodes[:2], third, chain.nodes[3]])
        assert made.first == made.last != key.key
    for client in (*chain.on[:2], *chain.back[1:]):
        if client is not None:
            assert len({key.key for key in client.drawn + client.fetched}) == len(
                client.drawn + client.fetched
            )


DIES = """
import os, signal
from qlearn.communication.key_management import KMEClient, TrustedNode

class Dies(KMEClient):
    def enc_keys(self, *asked, **how):
        if drawn:
            super().enc_keys(*asked, **how)
        os.kill(os.getpid(), signal.SIGKILL)

back, on = KMEClient(back[0], **back[1]), Dies(on[0], **on[1])
says.send(TrustedNode("E 2", back=back, on=on).forward(message))
"""


@pytest.mark.parametrize("drawn", [0, 3], ids=["after it has fetched", "after it has drawn"])
def test_a_node_that_is_killed_takes_its_keys_with_it(chain, links, drawn):
    """A process of its own is the third node, and dies in the middle: what it had is gone, and nobody gets it again."""
    message = chain.nodes[1].forward(chain.nodes[0].begin(NAMES))
    before = links[2].stored()
    forks = multiprocessing.get_context("forkserver")
    hears, says = forks.Pipe(duplex=False)
    ends = {"back": links[1].far, "on": links[2].near}
    names = {name: (end.url, end.files("E 2")) for name, end in ends.items()}
    names |= {"message": message, "drawn": drawn, "says": says}
    third = forks.Process(target=exec, args=(DIES, names))
    third.start()
    says.close()
    third.join(20)
    assert third.exitcode == -signal.SIGKILL
    with hears, pytest.raises(EOFError):
        hears.recv()
    assert links[2].stored() == before - drawn
    with pytest.raises(KMEError, match="not found"):
        chain.nodes[2].forward(message)
    carried = relay_over_links(chain.nodes)
    assert carried.first == carried.last
    old, new = chain.on[0].drawn
    assert carried.first == new.key[:32] != old.key[:32]


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=40)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    ).map(lambda content: json.dumps(content).encode())
)
def test_what_is_no_message_is_refused_before_a_kme_is_asked(content):
    node = TrustedNode("E 1", back=object(), on=object())
    with pytest.raises(RelayError):
        node.forward(content)
    with pytest.raises(RelayError):
        node.end(content)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"size": True}, "none of a relay"),
        ({"size": 0}, "sizes"),
        ({"size": 12}, "sizes"),
        ({"size": -8}, "sizes"),
        ({"size": 8 * 10**4297}, "sizes"),
        ({"announced": [7]}, "none of a relay"),
        ({"announced": ["zz"]}, "none of a relay"),
        ({"announced": ["00"]}, "sizes"),
        ({"announced": ["00" * 48]}, "not one for E 1"),
        ({"key_ID": "x"}, "names no key"),
        ({"link_key_ID": "\ud800"}, "names no key"),
        ({"path": [{}, "E 1"]}, "the path"),
        ({"path": ["E 1", "E 1"]}, "the path"),
        ({"path": ["", "E 1", "Bob"]}, "the path"),
        ({"path": ["x" * 70_000, "E 1", "Bob"]}, "the path"),
        ({"path": ["\ud800", "E 1", "Bob"]}, "the path"),
        ({"path": ["E 1", "Bob"]}, "not one for E 1"),
        ({"path": []}, "not one for E 1"),
        ({"tag": ""}, "none of a relay"),
        ({"more": 1}, "none of a relay"),
    ],
)
def test_what_is_no_message_is_refused_by_its_fault(changes, says):
    some = "01234567-89ab-cdef-0123-456789abcdef"
    said = {
        "path": ["Alice", "E 1", "Bob"],
        "key_ID": some,
        "size": 256,
        "link_key_ID": some,
        "announced": [],
    }
    message = json.dumps(said | {"tag": "00" * 16} | changes).encode()
    with pytest.raises(RelayError, match=says):
        TrustedNode("E 1", back=object()).forward(message)


class Gives:
    """A KME that gives what it was told to."""

    def __init__(self, store, size, number=1):
        self.store, self.size, self.number = store, size, number

    def enc_keys(self, slave, *, size):
        return self.store.hand_out("Alice", slave, size=self.size, number=self.number)


@pytest.mark.parametrize(("size", "number"), [(LINK_SIZE - 8, 1), (LINK_SIZE + 8, 1), (LINK_SIZE, 2)])
def test_a_kme_that_gives_another_key_than_was_asked_is_not_relied_on(tmp_path, size, number):
    store = KeyStore(tmp_path / "keys.db")
    store.add(os.urandom(1024))
    with pytest.raises(RelayError, match="one key of 640 bits"):
        TrustedNode("Alice", on=Gives(store, size, number)).begin(NAMES)
    store.close()


@pytest.mark.parametrize(
    ("work", "error", "says"),
    [
        (lambda: TrustedNode(""), ValueError, "name must be a text"),
        (lambda: TrustedNode("Alice"), ValueError, "without a link relays nothing"),
        (
            lambda: TrustedNode("Alice", on=object()).begin(["Bob", "Alice"]),
            ValueError,
            "begin with this node",
        ),
        (lambda: TrustedNode("Alice", on=object()).begin("Alice"), TypeError, "put them in brackets"),
        (
            lambda: TrustedNode("Alice", on=object()).begin(NAMES, key_size=12),
            ValueError,
            "multiple of 8, not 12",
        ),
        (
            lambda: TrustedNode("Alice", on=object()).begin(NAMES, key_size=2**20 + 8),
            ValueError,
            "at most 1048576 bits",
        ),
        (lambda: TrustedNode("Alice", back=object()).begin(NAMES), ValueError, "on must be a client"),
        (lambda: TrustedNode("Bob", on=object()).end(b"{}"), ValueError, "back must be a client"),
        (lambda: relay_over_links([TrustedNode("Alice", on=object())]), ValueError, "at least two"),
        (lambda: relay_over_links("Alice"), TypeError, "list of TrustedNode"),
        (lambda: relay_over_links([1, 2]), TypeError, "list of TrustedNode"),
    ],
)
def test_refuses(work, error, says):
    with pytest.raises(error, match=says):
        work()
