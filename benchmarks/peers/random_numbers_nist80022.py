"""The tests of SP 800-22 in the package nist80022, run in its own environment: prints the seconds of work they take.

`random_numbers_nist80022.py BITS OURS all|linear_complexity`: BITS is a million bits of e, as a file of NumPy; OURS holds
our P-values, by name. It makes one template of 148, one direction and one state each where we make all. Of its fifteen
tests 13 agree with ours, and with NIST's program; two do not, and the script stops if that has changed:

- longest run: raises, for it calls `scipy.zeros`, which SciPy no longer has;
- universal: asks for the longest words last, so that from 387,840 bits on all sequences are read in words of 6 bits.

Besides, the sums of its random walk run to n/(4z) - 1, where NIST's run to (n/z - 1)/4: 1011010111 has P = 1.1029 there, and
0.411659 by the document.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from nist80022.ApproximateEntropy import ApproximateEntropy  # type: ignore[import-not-found]
from nist80022.Complexity import ComplexityTest  # type: ignore[import-not-found]
from nist80022.CumulativeSum import CumulativeSums  # type: ignore[import-not-found]
from nist80022.FrequencyTest import FrequencyTest  # type: ignore[import-not-found]
from nist80022.Matrix import Matrix  # type: ignore[import-not-found]
from nist80022.RandomExcursions import RandomExcursions  # type: ignore[import-not-found]
from nist80022.RunTest import RunTest  # type: ignore[import-not-found]
from nist80022.Serial import Serial  # type: ignore[import-not-found]
from nist80022.Spectral import SpectralTest  # type: ignore[import-not-found]
from nist80022.TemplateMatching import TemplateMatching  # type: ignore[import-not-found]
from nist80022.Universal import Universal  # type: ignore[import-not-found]

TESTS: dict[str, Callable[[str], list]] = {
    "monobit": FrequencyTest.monobit_test,
    "block_frequency": FrequencyTest.block_frequency,
    "runs": RunTest.run_test,
    "longest_run": RunTest.longest_one_block_test,
    "rank": Matrix.binary_matrix_rank_text,
    "dft": SpectralTest.spectral_test,
    "non_overlapping_template": TemplateMatching.non_overlapping_test,
    "overlapping_template": TemplateMatching.overlapping_patterns,
    "universal": Universal.statistical_test,
    "linear_complexity": ComplexityTest.linear_complexity_test,
    "serial": Serial.serial_test,
    "approximate_entropy": ApproximateEntropy.approximate_entropy_test,
    "cumulative_sums": CumulativeSums.cumulative_sums_test,
    "random_excursions": RandomExcursions.random_excursions_test,
    "random_excursions_variant": RandomExcursions.variant_test,
}
WRONG = {"longest_run", "universal"}

text = "".join(map(str, np.load(sys.argv[1]).tolist()))
ours = json.loads(Path(sys.argv[2]).read_text(encoding="utf8"))
seconds, wrong = 0.0, set()
for name in TESTS if sys.argv[3] == "all" else [sys.argv[3]]:
    start = time.process_time()
    try:
        found = [part[-2] for part in TESTS[name](text)]
    except AttributeError as error:
        found = []
        print(f"{name}: {error}", file=sys.stderr)
    seconds += time.process_time() - start
    # Its parts are some of ours.
    if not found or np.abs(np.subtract.outer(found, ours[name])).min(axis=1).max() > 1e-4:
        wrong.add(name)
        print(f"{name}: {found}, ours {ours[name][:3]}", file=sys.stderr)
if wrong != WRONG & (set(TESTS) if sys.argv[3] == "all" else {sys.argv[3]}):
    raise SystemExit(f"nist80022 differs in {sorted(wrong)}, not in {sorted(WRONG)}")
ten = CumulativeSums.cumulative_sums_test("1011010111")[0][1]
if not 1.10 < ten < 1.11:
    raise SystemExit(f"nist80022 no longer has P = 1.1029 for ten bits: {ten}")
print(seconds)
