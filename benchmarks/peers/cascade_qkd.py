"""Cascade in the Rust core of the package qkd, run in its own environment: prints the seconds of some frames.

It draws the keys itself, and one program holds both of them: there are no parties and no messages. The seconds are
of work, on whatever threads it is done.
"""

import sys
import time

from qkd import reconcile  # type: ignore[import-not-found]

frames, frame, qber = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
settings = reconcile.Cascade(frame=frame)
best = float("inf")
for seed in range(5):
    start = time.process_time()
    disclosed, failed = reconcile.run_cascade(qber, frames=frames, seed=seed, cfg=settings)
    best = min(best, time.process_time() - start)
print(f"{disclosed / frame:.4f} bit disclosed a bit, {failed} frames failed", file=sys.stderr)
print(best)
