"""How many resource blocks a user takes."""

from math import ceil, log2

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="and now it is clear what a weak signal costs: not quality, but blocks that others would have had.",
    because=r"""
        A block of 360 kHz carries at most $B\log_2(1+\mathrm{SINR})$ bits a second (Shannon), and no more than the densest
        modulation allows. Blocks are whole, so round up. At 0 dB signal and interference are equal and a hertz carries one
        bit; at -6 dB it carries about a third of one, and the same film takes three times the blocks.
    """,
)
def blocks_needed(rate_mbps, sinr_db):
    """A user asks for `rate_mbps` million bits a second and has a ratio of signal to interference and noise of `sinr_db`
    decibels. A resource block has 360 kHz, each hertz of it carries log2(1 + ratio) bits a second, but never more than 7.40625.
    Return how many whole blocks the user needs.
    """
    bits = min(log2(1 + 10 ** (sinr_db / 10)), 7.40625)
    return ceil(rate_mbps * 1e6 / (360e3 * bits))


@blocks_needed.cases
def signals(rng):
    """Weak and strong signals, the cap, a rate that fills its blocks to the last bit."""
    yield 3.6, 0
    yield 0.36, 0
    yield 20.0, 40.0
    yield 26.6625, 35.0
    for sinr_db in (-12.0, -5.0, 2.0, 9.0, 18.0, 21.5, 22.5, 30.0):
        yield float(rng.uniform(1, 60)), float(sinr_db + rng.uniform(-0.4, 0.4))


@blocks_needed.mistake("a part of a block cannot be given out: round up.")
def parts(rate_mbps, sinr_db):
    return _exact(rate_mbps, sinr_db)


@blocks_needed.mistake(
    "rounded to the nearest number of blocks, some users get less than they asked for: round up."
)
def nearest(rate_mbps, sinr_db):
    return round(_exact(rate_mbps, sinr_db))


@blocks_needed.mistake("rounded down, a user gets less than it asked for: round up.")
def down(rate_mbps, sinr_db):
    return int(_exact(rate_mbps, sinr_db))


@blocks_needed.mistake("one block more than needed where the rate fills its blocks exactly.")
def one_more(rate_mbps, sinr_db):
    return int(_exact(rate_mbps, sinr_db)) + 1


@blocks_needed.mistake("decibels are no ratio: the ratio is 10 to the power of a tenth of them.")
def decibels(rate_mbps, sinr_db):
    return ceil(rate_mbps * 1e6 / (360e3 * min(log2(1 + abs(sinr_db) + 1e-9), 7.40625)))


@blocks_needed.mistake(
    "no modulation carries more than 7.40625 bits a second and hertz: where the signal is strong you count on more."
)
def no_cap(rate_mbps, sinr_db):
    return ceil(rate_mbps * 1e6 / (360e3 * log2(1 + 10 ** (sinr_db / 10))))


@blocks_needed.mistake("without noise there would be no limit: it is log2 of 1 *plus* the ratio.")
def without_the_one(rate_mbps, sinr_db):
    return ceil(rate_mbps * 1e6 / (360e3 * min(max(sinr_db / 10 * log2(10), 1e-3), 7.40625)))


def _exact(rate_mbps, sinr_db):
    return rate_mbps * 1e6 / (360e3 * min(log2(1 + 10 ** (sinr_db / 10)), 7.40625))
