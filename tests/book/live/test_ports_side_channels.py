"""The ports of the clock of two detectors, against the library."""

from collections.abc import Callable

import numpy as np

from qlearn.control.side_channels import DetectionTimes

N = 1000


def clocks(seed: int) -> list[tuple[float, float]]:
    """Offsets and ratios of jitters: any, and the ones at which the two laws lose a border or both."""
    rng = np.random.default_rng(seed)
    offsets, ratios = rng.uniform(-1, 5, N), rng.uniform(0.4, 3.2, N)
    offsets[:100], ratios[50:300] = 0, 1
    return list(zip(offsets.tolist(), ratios.tolist(), strict=True))


def test_what_exact_stamps_give_away(port: Callable, agree: Callable):
    asked = clocks(1)
    leaks = [DetectionTimes(*one) for one in asked]
    agree(port("control/side_channels", "guess", asked), [leak.guess for leak in leaks])
    agree(port("control/side_channels", "information", asked), [leak.information for leak in leaks], scale=1)
    theirs = port("control/side_channels", "_edges", asked)
    ours = [leak._edges() for leak in leaks]
    assert {len(one) for one in ours} == {2, 3, 4}
    finite = [np.concatenate([one[1:-1] for one in side]).astype(float) for side in (theirs, ours)]
    agree(*finite, scale=1)


def test_what_ticks_give_away(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    widths, edges = 10 ** rng.uniform(-0.5, 1.4, N), rng.uniform(-6, 9, N)
    asked = [(*one, w, e) for one, w, e in zip(clocks(2), widths.tolist(), edges.tolist(), strict=True)]
    ours = [DetectionTimes(d, r).information_in_bins(w, edge=e) for d, r, w, e in asked]
    agree(port("control/side_channels", "information_in_bins", asked), ours, scale=1)


def test_the_likelier_bit_of_stamps(port: Callable, agree: Callable):
    times = np.linspace(-6, 9, 31)
    asked = [(d, r, times.tolist()) for d, r in clocks(3)]
    assert port("control/side_channels", "read", asked) == [
        DetectionTimes(d, r).read(times).tolist() for d, r, _ in asked
    ]
    ours = [DetectionTimes(d, r)._below(times) for d, r, _ in asked]
    agree(port("control/side_channels", "_below", asked), ours, scale=1)
    bins = [np.diff(one, axis=1).T for one in ours]
    agree(port("control/side_channels", "_bins", asked), bins, scale=1)
