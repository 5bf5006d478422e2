"""An adaptive run of 10,000 blocks: seconds, and what the environment adds to the draws and the proofs that it cannot spare."""

import time
from collections.abc import Iterable

import numpy as np

from benchmarks.harness import Row, compare, time_best
from qlearn.control.adaptive_qkd import (
    DriftingLink,
    KeyTable,
    LinkBins,
    LinkEnv,
    LinkVector,
    forecast_policy,
    play_link,
)
from qlearn.control.adaptive_qkd.link_settings import drawn_tables, key_from, share_of

SECTION = "adaptive"
BLOCKS = 10_000
SHORT = 1_000


def session(blocks: int) -> float:
    """Play a session by the best forecast of the next slot; return its secret bits per pulse."""
    env = LinkEnv(drift=DriftingLink(), slots=blocks)
    table = KeyTable(env.settings, pulses=env.pulses, knots=(25, 17))
    return play_link(env, forecast_policy(table, DriftingLink()), seed=1).rate


def fixed(blocks: int) -> float:
    """Play a session with one setting."""
    return play_link(LinkEnv(drift=DriftingLink(), slots=blocks), lambda seen: 1, seed=1).rate


def bare(blocks: int) -> float:
    """Do what no loop can spare: draw a block's counts and prove its key; no environment, no policy, no observation."""
    env, rng = LinkEnv(), np.random.default_rng(1)
    source, drift = env.settings[1].source, DriftingLink()
    trace, bits = drift.draw(blocks, rng), 0.0
    for loss, wrong in zip(trace.loss_db, trace.misalignment, strict=True):
        counts = drawn_tables(int(env.pulses), source, drift.link, share_of(loss), float(wrong), rng)
        bits += key_from(*counts, source, 1e-10, 1e-15, 1.16)
    return bits / env.pulses / blocks


def batch(blocks: int, links: int = 100) -> None:
    """Play so many blocks in all on a batch of links, at random."""
    env = LinkEnv()
    table = KeyTable(env.settings, pulses=env.pulses, knots=(25, 17))
    envs = LinkVector(
        links, table, LinkBins([7, 9.5, 12], [0.01, 0.02, 0.04]), DriftingLink(), blocks // links
    )
    rng = np.random.default_rng(1)
    envs.reset(seed=1)
    for _ in range(blocks // links):
        envs.step(rng.integers(len(env.settings), size=links))


def rows() -> Iterable[Row]:
    """Yield the seconds of 10,000 blocks, alone and in the batch, and the ratio to the bare loop."""
    seconds = time_best(lambda: session(BLOCKS), repeat=2, clock=time.process_time)
    what = f"{BLOCKS:,} blocks set by the best forecast, counts drawn and keys proved: seconds"
    yield Row(SECTION, what, seconds, bound="<= 15 s", holds=seconds <= 15)
    seconds = time_best(lambda: batch(BLOCKS), repeat=2, clock=time.process_time)
    what = f"{BLOCKS:,} blocks on a batch of 100 links, keys from the table: seconds"
    yield Row(SECTION, what, seconds, bound="<= 2 s", holds=seconds <= 2)
    ours = time_best(lambda: fixed(SHORT), repeat=3, clock=time.process_time)
    theirs = time_best(lambda: bare(SHORT), repeat=3, clock=time.process_time)
    what = f"{SHORT:,} blocks of one setting on the environment"
    yield compare(SECTION, what, ours, "draws and proofs in a bare loop", theirs, at_most=2.0)
