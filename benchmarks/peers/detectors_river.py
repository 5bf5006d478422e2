"""river's Page-Hinkley detector, run in its own environment: prints the seconds of work for a stream, one number at a time.

`detectors_river.py FILE`: FILE, of NumPy, holds the `stream`, standardised, whose mean rises by `shift` in the block `change`;
`reference` and `threshold` of our CUSUM; and `alarm`, the block of its first alarm. Page-Hinkley is the same sum about a mean
that it learns from the stream, so the script stops if it alarms before the change, or not within ten blocks of ours.
"""

import sys
import time

import numpy as np
from river.drift import PageHinkley  # type: ignore[import-not-found]

data = np.load(sys.argv[1])
stream = data["stream"].tolist()
change, alarm = int(data["change"]), int(data["alarm"])


def made() -> PageHinkley:
    """Return the detector with our settings; alpha = 1 forgets nothing."""
    return PageHinkley(
        min_instances=30,
        delta=float(data["reference"]),
        threshold=float(data["threshold"]),
        alpha=1.0,
        mode="up",
    )


detector, first = made(), None
for at, value in enumerate(stream):
    detector.update(value)
    if detector.drift_detected:
        first = at
        break
if first is None or first < change or abs(first - alarm) > 10:
    raise SystemExit(
        f"it alarms in block {first}, ours in block {alarm}, and the change is in block {change}"
    )

best = float("inf")
for _ in range(3):
    detector = made()
    start = time.process_time()
    for value in stream:
        detector.update(value)
    best = min(best, time.process_time() - start)
print(best)
