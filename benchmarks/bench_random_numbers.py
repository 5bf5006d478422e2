"""Random numbers: NIST's tests and extractors beside packages of the same, the growth of entropy estimates, seed search."""

import json
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.harness import Row, compare, peer_seconds, time_best
from qlearn.communication import random_numbers
from qlearn.communication.secret_key import toeplitz_hash

SECTION = "random_numbers"
NIST80022 = Path(__file__).parent / "peers" / "random_numbers_nist80022.py"
RANDEXTRACT = Path(__file__).parent / "peers" / "random_numbers_randextract.py"
CRYPTOMITE = Path(__file__).parent / "peers" / "random_numbers_cryptomite.py"
MILLION = 10**6
TESTS = (
    random_numbers.monobit,
    random_numbers.block_frequency,
    random_numbers.runs,
    random_numbers.longest_run,
    random_numbers.rank,
    random_numbers.dft,
    random_numbers.non_overlapping_template,
    random_numbers.overlapping_template,
    random_numbers.universal,
    random_numbers.linear_complexity,
    random_numbers.serial,
    random_numbers.approximate_entropy,
    random_numbers.cumulative_sums,
    random_numbers.random_excursions,
    random_numbers.random_excursions_variant,
)


SEEDS = 2**22
"""How many a search tries."""


def extractors() -> Iterable[Row]:
    """Yield how long a million bits take; the rival makes the same bits or stops."""
    size = random_numbers.extractor_size(MILLION)
    made = {
        "toeplitz": (toeplitz_hash, MILLION, MILLION + MILLION // 2 - 1),
        "circulant": (random_numbers.circulant_hash, size - 1, size),
        "dodis": (random_numbers.dodis_extract, size, size),
    }
    for name, (extract, n, seed_bits) in made.items():
        bits, seed = (random_numbers.pseudo_random_bits(k, i) for i, k in enumerate((n, seed_bits)))
        work = partial(extract, bits, seed, MILLION // 2)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "data.npz")
            np.savez(file, bits=bits, seed=seed, out=work())
            theirs = peer_seconds("cryptomite", CRYPTOMITE, file, name)
        ours = time_best(work, repeat=3, clock=time.process_time)
        yield compare(SECTION, f"1e6 bits to 5e5, {name}", ours, "cryptomite", theirs, faster=4)

    trevisan = random_numbers.TrevisanExtractor(n=10_000, length=100, field_bits=32)
    bits, seed = (
        random_numbers.pseudo_random_bits(k, i) for i, k in enumerate((trevisan.n, trevisan.seed_bits))
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "data.npz")
        out = trevisan.extract(bits, seed)
        np.savez(file, bits=bits, seed=seed, positions=trevisan.positions, out=out)
        theirs = peer_seconds("randextract", RANDEXTRACT, file)
    ours = time_best(partial(trevisan.extract, bits, seed), repeat=3, clock=time.process_time)
    yield compare(SECTION, "1e4 bits to 100, Trevisan", ours, "randextract", theirs, faster=10)


def searches() -> Iterable[Row]:
    """Yield how long attacks take: all seeds of 32 bits (by the time of a part), outputs turned back, learning."""
    for generator in ("pcg32", "lcg"):
        seen = random_numbers.pseudo_random_bits(64, SEEDS - 1, generator)
        work = partial(random_numbers.find_seed, seen, generator, seeds=SEEDS)
        if work() != [SEEDS - 1]:
            raise RuntimeError(f"the seed of {generator} was not found")
        seconds = time_best(work, repeat=3, clock=time.process_time)
        what = f"all seeds of 32 bits, {generator}, s, from the time of 2^22"
        yield Row(SECTION, what, seconds * 2**32 / SEEDS)
    outputs = np.random.MT19937(1).random_raw(624)
    seconds = time_best(partial(random_numbers.clone_mersenne_twister, outputs), clock=time.process_time)
    yield Row(SECTION, "a Mersenne twister from 624 of its outputs, ms", 1e3 * seconds)
    bits = random_numbers.pseudo_random_bits(MILLION // 10, 1)
    for model in ("table", "logistic", "mlp"):
        predict = partial(random_numbers.predict_next_bit, bits, model=model, rng=1)
        seconds = time_best(predict, repeat=1, clock=time.process_time)
        yield Row(SECTION, f"1e5 bits, next bit by {model}, s", seconds)


def rows() -> Iterable[Row]:
    """Yield the rows of the table; every ratio is of this run, in seconds of work."""
    e = random_numbers.constant_bits("e", MILLION)
    report = random_numbers.suite(e)
    theirs: dict[str, float | None] = {}
    with tempfile.TemporaryDirectory() as folder:
        bits, ours = Path(folder, "e.npy"), Path(folder, "ours.json")
        np.save(bits, e)
        found = {name: test.p_values.tolist() for name, test in report.tests.items()}
        ours.write_text(json.dumps(found), encoding="utf8")
        for what in ("all", *found):
            theirs[what] = peer_seconds("nist80022", NIST80022, bits, ours, what)

    work = partial(time_best, repeat=3, clock=time.process_time)
    # Its script stops unless 13 tests agree, and the longest run and the universal test are the two that do not.
    name = "nist80022, 13 of 15 right, one template, state and direction"
    what = "1e6 bits, the fifteen tests of SP 800-22, 188 P-values"
    yield compare(SECTION, what, work(lambda: random_numbers.suite(e)), name, theirs["all"], faster=30)
    for test in TESTS:
        name, ours_s = test.__name__, work(partial(test, e))
        if name == "longest_run":
            yield Row(SECTION, f"1e6 bits, {name}, ms; nist80022 raises", 1e3 * ours_s)
        elif name == "linear_complexity":
            yield compare(SECTION, f"1e6 bits, {name}", ours_s, "nist80022", theirs[name], faster=100)
        else:
            its = theirs[name]
            yield Row(
                SECTION, f"1e6 bits, {name}", 1e3 * ours_s, "nist80022", None if its is None else 1e3 * its
            )

    for method in ("most_common", "collision", "markov", "compression"):
        small = work(partial(random_numbers.min_entropy, e[: MILLION // 10], method))
        large = work(partial(random_numbers.min_entropy, e, method))
        growth = np.log10(large / small)
        yield Row(SECTION, f"min_entropy of 1e6 bits, {method}, s", large, bound="<= 1 s", holds=large <= 1)
        what = f"the same: exponent of growth from 1e5 to 1e6 bits, {method}"
        yield Row(SECTION, what, growth, bound="<= 1.5", holds=bool(growth <= 1.5))
    yield from extractors()
    yield from searches()
