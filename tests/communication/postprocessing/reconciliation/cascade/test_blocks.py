"""Blocks: every bit in one place of every pass, and parities of blocks as the definition has them."""

from itertools import chain

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication.postprocessing.reconciliation.cascade import Blocks, passes


def members(blocks: Blocks, node: int) -> list[tuple[int, int]]:
    """The definition: frame and place of every bit of a block, by halving it down to its places."""
    if node < blocks.first_place:
        left, right = blocks.halves(np.array([node]))
        assert blocks.parents(left) == blocks.parents(right) == node
        return members(blocks, left[0]) + members(blocks, right[0])
    bits, frames = blocks.bits(np.array([node]))
    return [(int(frames[0]), int(bits[0]))] if bits[0] < blocks.place.size else []


cuts = st.tuples(st.integers(1, 3), st.integers(1, 40), st.integers(1, 45), st.integers(0, 99))


def one_pass(frames, length, size, seed) -> Blocks:
    (blocks,) = passes(np.array([seed], dtype=np.uint8), frames, length, (size,))
    return blocks


@given(cuts)
def test_whole_blocks_partition_every_frame_and_hold_at_most_the_size(cut):
    frames, length, size, _ = cut
    blocks = one_pass(*cut)
    for frame, row in enumerate(blocks.whole.T):
        held = [members(blocks, node) for node in row]
        assert sorted(chain(*held)) == [(frame, bit) for bit in range(length)]
        assert max(map(len, held)) <= size + 1  # the bits are spread evenly: rounding may add one
        assert max(map(len, held)) - min(map(len, held)) <= 1
    assert blocks.whole.size == frames * -(-length // size)


@given(cuts)
def test_places_and_bits_are_inverse(cut):
    blocks = one_pass(*cut)
    frames, bits = (part.ravel() for part in np.indices((cut[0], cut[1])))
    nodes = blocks.nodes(bits, frames)
    assert np.unique(nodes).size == nodes.size
    np.testing.assert_array_equal(blocks.bits(nodes), (bits, frames))


@given(cuts, st.randoms())
def test_gathered_parities_equal_the_definition(cut, random):
    blocks = one_pass(*cut)
    rows = [[random.randint(0, 1) for _ in range(cut[0])] for _ in range(cut[1])] + [[0] * cut[0]]
    key = np.array(rows, dtype=np.uint8)
    tree = blocks.gather(key, np.bitwise_xor)
    for node in range(blocks.first_whole, 2 * blocks.first_place):
        assert tree[node] == sum(key[bit, frame] for frame, bit in members(blocks, node)) % 2


def test_everybody_who_knows_the_seed_has_the_same_passes_and_each_pass_is_shuffled_anew():
    seed = np.arange(16, dtype=np.uint8)
    ours, theirs = (list(passes(seed, 2, 500, (8, 64, 250, 250))) for _ in range(2))
    for mine, yours in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(mine.place, yours.place)
    assert len({blocks.place.tobytes() for blocks in ours}) == 4
    other = next(passes(seed + 1, 2, 500, (8,)))
    assert (other.place != ours[0].place).any()
    # The first pass too: errors that came side by side are not in one block.
    assert (ours[0].place != np.arange(500)).any()
