"""Trevisan's extractor of the package randextract, run in its own environment: prints the seconds of work that one run takes.

`random_numbers_randextract.py FILE`: FILE, of NumPy, holds what goes in, `bits` and `seed`, our sets `positions`, and what our
extractor makes of them, `out`; the script stops if its sets or its bits are others. Three habits are translated: it counts
the highest coefficient first, has the places (a, p(a)) at p(a) q + a where ours are at a q + p(a), and pads the number of bits
of a choice to a prime. Its field is ours for 32 bits. The sets and the field are made outside the clock.
"""

import sys
import time
import warnings

import galois
import numpy as np
from randextract import FiniteFieldPolynomialDesign, PolynomialOneBitExtractor  # type: ignore[import-not-found]

warnings.simplefilter("ignore")
data = np.load(sys.argv[1])
bits, seed, positions = data["bits"], data["seed"], data["positions"]
m, used = positions.shape
q = seed.size // used
design = FiniteFieldPolynomialDesign(number_of_sets=m, size_of_sets=q)
design.compute_design()
sets = np.array([np.asarray(design.get_set(i)) for i in range(m)])[:, :used].astype(int)
if (sets % q * q + sets // q != positions).any():
    raise SystemExit("its sets are others than ours")

w = used // 2
padded = np.pad(bits, (0, -bits.size % w)).reshape(-1, w)[::-1].ravel()
extractor = PolynomialOneBitExtractor(input_length=padded.size, seed_length=used)
first, second = galois.GF2(padded), galois.GF2(seed)
extractor.extract(first, second[positions[0]])  # compiles
start = time.process_time()
made = [int(extractor.extract(first, second[chosen])) for chosen in positions]
seconds = time.process_time() - start
if made != data["out"].tolist():
    raise SystemExit("it makes other bits than ours")
print(seconds)
