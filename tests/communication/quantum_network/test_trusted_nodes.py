"""Trusted nodes: both ends have the key; who else could, by brute force over all link keys."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.quantum_network import grid, knows_key, nsfnet, relay_key

PATH = (0, 7, 8, 12, 13)
TWO = [(0, 7, 8, 12, 13), (0, 2, 5, 13)]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_bob_gets_alices_key(seed, both):
    carried = relay_key(nsfnet(), TWO if both else TWO[:1], 40, rng=seed)
    np.testing.assert_array_equal(carried.alice, carried.bob)
    assert carried.alice.dtype == np.uint8
    assert [keys.shape for keys in carried.link_keys] == [(4, 40), (3, 40)][: 1 + both]
    assert [said.shape for said in carried.announcements] == [(3, 40), (2, 40)][: 1 + both]


def posterior(paths, nodes):
    """Tell, over all values of one bit of every link key, whether what is read fixes the key."""
    links = [(p, j) for p, path in enumerate(paths) for j in range(len(path) - 1)]
    seen = {}
    for bits in product((0, 1), repeat=len(links)):
        key = dict(zip(links, bits, strict=True))
        read = [key[p, j] ^ key[p, j + 1] for p, path in enumerate(paths) for j in range(len(path) - 2)]
        read += [key[p, j] for p, j in links if {paths[p][j], paths[p][j + 1]} & set(nodes)]
        final = sum(key[p, 0] for p in range(len(paths))) % 2
        seen.setdefault(tuple(read), []).append(final)
    shares = {float(np.mean(finals)) for finals in seen.values()}
    assert shares <= {0.0, 1.0} or shares == {0.5}
    return shares <= {0.0, 1.0}


@pytest.mark.parametrize("nodes", [(), (7,), (8,), (12,), (5,), (2, 5), (0,), (13,), (8, 2), (12, 5), (3,)])
@pytest.mark.parametrize("paths", [[PATH], TWO])
def test_who_knows_is_what_enumeration_says(paths, nodes):
    assert knows_key(nsfnet(), paths, nodes) == posterior(paths, nodes)


def test_the_table_of_one_path_and_of_two():
    net = nsfnet()
    assert not knows_key(net, [PATH])
    assert all(knows_key(net, [PATH], [node]) for node in PATH)
    inner = [{7, 8, 12}, {2, 5}]
    assert not any(knows_key(net, TWO, side) for side in inner)
    assert all(knows_key(net, TWO, [a, b]) for a in inner[0] for b in inner[1])


def test_what_is_announced_is_uniform_and_tells_nothing():
    # 6,000 bits: each of the 8 patterns (two announcements, one key bit) is binomial with 1/8, sd .0043; 6 sd: 2e-9 each
    carried = relay_key(grid(1, 4), [[(0, 0), (0, 1), (0, 2), (0, 3)]], 6000, rng=4)
    patterns = carried.alice + 2 * carried.announcements[0][0] + 4 * carried.announcements[0][1]
    assert np.abs(np.bincount(patterns, minlength=8) / 6000 - 1 / 8).max() < 6 * 0.0043


def test_refusals():
    net = nsfnet()
    with pytest.raises(ValueError, match="paths must hold at least one path"):
        relay_key(net, [], 8)
    with pytest.raises(ValueError, match="there is no link 0 - 13"):
        relay_key(net, [(0, 13)], 8)
    with pytest.raises(ValueError, match="paths must all join 0 and 13; one joins 0 and 12"):
        relay_key(net, [PATH, (0, 7, 8, 12)], 8)
    with pytest.raises(ValueError, match="must not share a link"):
        knows_key(net, [PATH, PATH])
    with pytest.raises(ValueError, match="n_bits must be at least 1"):
        relay_key(net, [PATH], 0)
    with pytest.raises(ValueError, match="there is no node 99"):
        knows_key(net, [PATH], [99])
    assert repr(relay_key(net, TWO, 8, rng=1)) == "RelayedKey(8 bits over 2 paths)"


def test_a_path_in_place_of_a_list_of_paths_and_a_node_in_place_of_a_list_are_refused():
    with pytest.raises(TypeError, match=r"paths must be a list of paths, \[\(0, 7, 8\)\] for one"):
        knows_key(nsfnet(), (0, 7, 8))
    with pytest.raises(TypeError, match="nodes must be a list or a set of nodes, not 8"):
        knows_key(nsfnet(), [(0, 7, 8)], 8)
