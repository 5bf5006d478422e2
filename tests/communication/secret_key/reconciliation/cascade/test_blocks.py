"""Block sizes: the published ones, and the limits.

Blocks: every bit in one place of every pass, and parities of blocks as the definition has them.
"""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication.secret_key.reconciliation.cascade import VARIANTS, Blocks, block_sizes

# Martinez-Mateo et al., arXiv:1407.3257, table 3: error rate, k1, k2, as measured at n = 2^14 with k3 = 4096.
PUBLISHED = [
    (0.005, 256, 1024),
    (0.010, 128, 512),
    (0.020, 64, 512),
    (0.030, 32, 512),
    (0.040, 32, 256),
    (0.050, 16, 256),
    (0.060, 16, 256),
    (0.070, 16, 256),
    (0.080, 8, 256),
    (0.090, 8, 256),
    (0.100, 8, 256),
    (0.110, 8, 256),
]


def formula(qber):
    """The closed form that the article gives for its table."""
    alpha = np.log2(1 / qber) - 0.5
    return int(2 ** np.ceil(alpha)), int(2 ** np.ceil((alpha + 12) / 2))


@pytest.mark.parametrize(("qber", "first", "second"), PUBLISHED)
def test_near_optimal_as_published(qber, first, second):
    assert block_sizes(2**14, qber) == (first, second, 4096) + 11 * (8192,)


def test_the_formula_doubles_one_size_at_three_rates_of_the_table():
    misfits = {qber: formula(qber) for qber, *sizes in PUBLISHED if formula(qber) != tuple(sizes)}
    assert misfits == {0.01: (128, 1024), 0.04: (32, 512), 0.08: (16, 256)}


@given(st.one_of(st.floats(0.001, 0.00499), st.floats(0.1101, 0.49)))
def test_the_formula_outside_of_the_table(qber):
    assert block_sizes(2**14, qber)[:2] == formula(qber)


def test_original_doubles():
    assert block_sizes(10_000, 0.01, "original") == (73, 146, 292, 584)
    assert block_sizes(10_000, 0.05, "original") == (15, 30, 60, 120)


@given(st.integers(1, 10**6), st.floats(0, 0.499), st.sampled_from(VARIANTS))
def test_no_block_exceeds_half_the_frame(n, qber, variant):
    sizes = block_sizes(n, qber, variant)
    assert len(sizes) == {"near-optimal": 14, "original": 4}[variant]
    assert min(sizes) >= 1
    assert max(sizes) <= (n + 1) // 2


@given(st.sampled_from(VARIANTS))
def test_without_errors_every_block_is_half_the_frame(variant):
    assert set(block_sizes(1000, 0.0, variant)) == {500}


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((0, 0.1), ValueError, "n must be at least 1"),
        ((1.5, 0.1), TypeError, "n must be a whole number"),
        ((10, 0.5), ValueError, "nothing in common"),
        ((10, -0.1), ValueError, "qber must be a probability"),
        ((10, "0.1"), TypeError, "qber must be a number"),
        ((10, 0.1, "optimal"), ValueError, "variant must be"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        block_sizes(*arguments)


def members(blocks: Blocks, row: int) -> list[int]:
    """The definition: the bits of a block, by halving it down to its places."""
    if blocks.levels(np.array([row]))[0]:
        left = 2 * row - int(blocks.first[blocks.pass_of(np.array([row]))[0]])
        return members(blocks, left) + members(blocks, left + 1)
    return [int(blocks.bit[row])] if blocks.bit[row] < blocks.length else []


lengths = st.integers(1, 40)
many_sizes = st.lists(st.integers(1, 45), min_size=1, max_size=3).map(tuple)
seeds = st.integers(0, 99)


def shuffled(length, sizes, seed, frames=1) -> Blocks:
    blocks = Blocks(np.array([seed], dtype=np.uint8), frames, length, sizes)
    assert [blocks.shuffle() for _ in sizes] == list(range(len(sizes)))
    return blocks


@given(lengths, many_sizes, seeds)
def test_whole_blocks_partition_every_frame_and_hold_at_most_the_size(length, sizes, seed):
    blocks = shuffled(length, sizes, seed)
    for number, size in enumerate(sizes):
        held = [members(blocks, row) for row in blocks.whole(number).tolist()]
        assert sorted(chain(*held)) == list(range(length))
        assert max(map(len, held)) <= size + 1  # the bits are spread evenly: rounding may add one
        assert max(map(len, held)) - min(map(len, held)) <= 1
        assert len(held) == -(-length // size)


@given(lengths, many_sizes, seeds)
def test_places_and_bits_are_inverse(length, sizes, seed):
    blocks = shuffled(length, sizes, seed)
    for number, place in enumerate(blocks.place):
        np.testing.assert_array_equal(blocks.bit[place], np.arange(length))
        assert (blocks.pass_of(place) == number).all()
        assert (blocks.levels(place) == 0).all()


@given(lengths, many_sizes, seeds)
def test_blocks_are_the_rows_that_halving_reaches(length, sizes, seed):
    blocks = shuffled(length, sizes, seed)
    reached = set()
    for number in range(len(sizes)):
        rows = blocks.whole(number)
        while rows.size:
            reached |= set(rows.tolist())
            left = 2 * rows[blocks.levels(rows) > 0] - blocks.first[number]
            rows = np.concatenate([left, left + 1])
    every = np.arange(int(blocks.first[-1]) + 9)
    assert set(every[blocks.exist(every)].tolist()) == reached


@given(lengths, many_sizes, seeds, st.integers(1, 3), st.randoms())
def test_gathered_parities_equal_the_definition(length, sizes, seed, frames, random):
    blocks = shuffled(length, sizes, seed, frames)
    rows = [[random.randint(0, 1) for _ in range(frames)] for _ in range(length)] + [[0] * frames]
    key = np.array(rows, dtype=np.uint8)
    tree = np.zeros((blocks.first[-1], frames), dtype=np.uint8)
    for number in range(len(sizes)):
        blocks.gather(number, key, np.bitwise_xor, tree)
    for row in np.flatnonzero(blocks.exist(np.arange(len(tree)))).tolist():
        np.testing.assert_array_equal(tree[row], key[members(blocks, row)].sum(axis=0) % 2)


def test_everybody_who_knows_the_seed_has_the_same_passes_and_each_pass_is_shuffled_anew():
    ours, theirs, other = (shuffled(500, (8, 64, 250, 250), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(ours.place, theirs.place)
    assert (ours.place[0] != other.place[0]).any()
    places = ours.place - ours.first[:-1, None]
    # The first pass too: errors that came side by side are not in one block.
    assert (np.diff(places, axis=1) != 1).any(axis=1).all()
    assert len({places[number].tobytes() for number in (2, 3)}) == 2  # these two have blocks of one size
