"""Extractors of the package cryptomite, run in its own environment: prints the seconds of work that one takes.

`random_numbers_cryptomite.py FILE toeplitz|circulant|dodis`: FILE, of NumPy, holds what goes in, `bits` and `seed`, and what
our extractor makes of them, `out`; the script stops if it makes anything else. Lists are its native form and are made
outside the clock. (It is licensed for non-commercial use; that is why it is a rival here and no dependency.)

Its circulant extractor asks for a prime only. With 7 and six output bits some pairs of strings collide eight times as often
as universal hashing allows; ours asks for a primitive root 2, too, and refuses 7.
"""

import sys
import time

import numpy as np
from cryptomite import Circulant, Dodis, Toeplitz  # type: ignore[import-not-found]

data = np.load(sys.argv[1])
bits, seed, out = data["bits"], data["seed"], data["out"].tolist()
n, m = bits.size, len(out)
extractor = {"toeplitz": Toeplitz, "circulant": Circulant, "dodis": Dodis}[sys.argv[2]](n, m)
if sys.argv[2] == "toeplitz":  # its diagonals count from the main one on
    seed = np.roll(seed, 1 - n)
first, second = bits.tolist(), seed.tolist()
start = time.process_time()
made = extractor.extract(first, second)
seconds = time.process_time() - start
if list(made) != out:
    raise SystemExit(f"{sys.argv[2]} makes other bits than ours")
print(seconds)
