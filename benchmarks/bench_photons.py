"""Photons: a decoy session from the laser to the key, streamed; how long it takes and what it holds in memory."""

import time
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from tqdm import tqdm

from benchmarks.harness import Row
from qlearn.communication import photons, random_bits
from qlearn.communication.photons import LINKS
from qlearn.communication.secret_key import AuthenticationKey, DistilledKey

SECTION = "photons"
PULSES = 10**9
LENGTH_KM = 50


def rows() -> Iterable[Row]:
    """Yield the rows of the table."""
    link = replace(LINKS["lim2014"], afterpulse=0.0)
    channel = float(link.transmittance(LENGTH_KM))
    for intensities in (3, 2):
        source = photons.optimal_source(
            link=link, transmittance=channel, n_pulses=PULSES, intensities=intensities
        )
        # The memory is measured on a tenth: tracing every allocation makes the session slower, not larger.
        tracemalloc.start()
        made, _ = session(link, channel, source, PULSES // 10)
        mib = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        what = f"{intensities} intensities, {PULSES // 10:.0e} pulses over {LENGTH_KM} km: peak of its memory, MiB"
        yield Row(SECTION, what, mib, bound="<= 1024 MiB", holds=mib <= 1024)
        made, seconds = session(link, channel, source, PULSES)
        if made.alice is None or made.bob is None or not np.array_equal(made.alice, made.bob):
            raise RuntimeError(f"no key: {made.step}: {made.reason}")
        yield Row(SECTION, f"the same, {PULSES:.0e} pulses: seconds ({made.length:,} secret bits)", seconds)


def session(link: photons.Link, channel: float, source: photons.Source, n: int) -> tuple[DistilledKey, float]:
    """Stream and distil one session, with a progress bar; return it and its seconds."""
    start = time.perf_counter()
    sent = photons.stream(n, link=link, transmittance=channel, source=source, rng=1)
    with tqdm(total=n, unit="pulse", unit_scale=True, disable=None) as bar:

        def counted() -> Iterable[photons.LaserTransmission]:
            for laser in sent:
                yield laser
                bar.update(laser.photons.size)

        pool = AuthenticationKey(random_bits(512, rng=2))
        made = photons.distill(counted(), authentication_key=pool, rng=3)
    return made, time.perf_counter() - start
