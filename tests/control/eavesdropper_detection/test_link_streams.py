"""Link streams: the counts of real pulses, the chances of all cells, drift, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.photons import LINKS, PhotonNumberSplitting, Source, error_gain, gain, stream
from qlearn.control.eavesdropper_detection import (
    FEATURES,
    Blinding,
    BlockStream,
    Drift,
    Intercept,
    MonitoredLink,
    PhotonSplitting,
    link_stream,
    log_likelihood_ratio,
)
from qlearn.control.eavesdropper_detection.link_streams import cell_probabilities
from qlearn.evidence import counts_agree

# Bright and noisy, so that all cells fill up.
BRIGHT = replace(LINKS["gys"], receiver_efficiency=0.6, background=0.01, misalignment=0.05)
LINE = MonitoredLink(
    BRIGHT, transmittance=0.8, source=Source((0.8, 0.3, 0.0), (0.6, 0.2, 0.2), 0.4), pulses=100_000
)


@pytest.mark.parametrize("eve", [None, PhotonNumberSplitting(0.7, 0.9)])
def test_pulses_one_by_one_fill_the_cells_with_these_chances(eve):
    n = 400_000
    pulses = stream(n, link=BRIGHT, transmittance=0.8, source=LINE.source, attack=eve, chunk=100_000, rng=4)
    counted = BlockStream.from_pulses(pulses)
    ours = None if eve is None else PhotonSplitting(1.0, eve.block, eve.forward)
    tables = cell_probabilities(LINE, LINE.state(), ours)
    shares = LINE.source.probabilities
    rows, first = [], 0
    for share, table in zip(shares, tables, strict=True):
        for chance, seen in zip(table[0], counted.cells.sum(axis=0)[first:], strict=False):
            rows.append((seen / n, share * chance, n))
        first += table.shape[1]
    assert len(rows) == 14
    assert counts_agree(*rows, failure=1e-6)
    if ours is not None:  # what Eve noted of the sifted signal bits
        sifted = int(counted.sifted.sum())
        noted = round(float((counted.information * counted.sifted.sum(axis=1)).sum()))
        assert counts_agree((noted / sifted, ours.information(LINE.state())[0], sifted), failure=1e-6)


def test_drawn_counts_have_the_same_chances():
    n = 300
    drawn = link_stream(n, LINE, Intercept(0.3), rng=1)
    tables = cell_probabilities(LINE, LINE.state(), Intercept(0.3))
    chances = np.concatenate([p * t[0] for p, t in zip(LINE.source.probabilities, tables, strict=True)])
    total = n * LINE.pulses
    assert counts_agree((drawn.cells.sum(axis=0) / total, chances, total), failure=1e-6)


def test_clicks_and_errors_are_the_gains_of_the_photons_chapter():
    # The chapter's error gain leaves double clicks out, of second order in the light: so a dim line.
    line = MonitoredLink(transmittance=0.01)
    state = line.state()
    for mu in line.source.intensities:
        right, wrong, both = state.honest(mu, "Z")[:, 0]
        assert right + wrong + both == pytest.approx(gain(mu, 0.01, link=line.receiver), rel=1e-9)
        assert wrong + both / 2 == pytest.approx(error_gain(mu, 0.01, link=line.receiver), rel=1e-3)


def test_properties_are_sums_of_cells():
    drawn = link_stream(50, LINE, rng=2)
    cells = drawn.cells
    assert np.array_equal(drawn.clicked.sum(axis=1), cells.sum(axis=1))
    assert np.array_equal(drawn.sifted, np.stack([cells[:, :4].sum(1), cells[:, 4:8].sum(1)], 1))
    assert np.array_equal(drawn.errors, np.stack([cells[:, 1] + cells[:, 3], cells[:, 5] + cells[:, 7]], 1))
    assert np.array_equal(drawn.double, cells[:, [2, 3, 6, 7, 9, 11, 13]].sum(1))
    assert np.array_equal(drawn.timing.sum(axis=1), cells.sum(axis=1))
    features = drawn.features()
    assert features.shape == (50, len(FEATURES))
    assert np.array_equal(features[:, 0], drawn.errors[:, 0] / drawn.sifted[:, 0])
    tags = [np.repeat(np.arange(-2, 3), row) for row in drawn.timing]
    assert features[:, 5] == pytest.approx([t.mean() for t in tags])
    assert features[:, 6] == pytest.approx([t.std() for t in tags])
    assert features[:, 7] == pytest.approx([(t < 0).mean() for t in tags])


def test_a_slice_and_a_mask_are_streams():
    drawn = link_stream(20, LINE, Intercept(), start=10, rng=3)
    assert len(drawn[5:15]) == 10
    assert drawn[drawn.attacked].attacked.all()
    assert len(drawn[drawn.attacked]) == 10


def test_eve_is_there_from_start_to_stop_and_grows():
    drawn = link_stream(100, LINE, Blinding(0.5), start=20, stop=80, ramp=40, rng=3)
    assert np.flatnonzero(drawn.attacked).tolist() == list(range(20, 80))
    assert (np.diff(drawn.information[20:60]) > 0).all()
    assert drawn.information[60:80] == pytest.approx(drawn.information[60])
    assert not drawn.information[:20].any()
    assert not drawn.information[80:].any()


def test_a_drifting_clock_moves_the_mean_and_nothing_else():
    slow = replace(LINE, drift=Drift(timing=1.0, memory=0.0))
    one, other = (link_stream(200, line, rng=7).features() for line in (LINE, slow))
    assert other[:, 5].std() > 10 * one[:, 5].std()
    assert abs(other[:, :5].mean(0) / one[:, :5].mean(0) - 1).max() < 0.02


def test_empty_blocks_are_nan_and_not_zero():
    dark = MonitoredLink(transmittance=0.0, pulses=10)
    features = link_stream(5, dark, rng=1).features()
    assert np.isnan(features[:, [0, 1, 3, 4, 5, 6, 7]]).all()
    assert (features[:, 2] == 0).all()


def _changed(**parts):
    good = link_stream(3, LINE, rng=1)
    old = {name: getattr(good, name) for name in ("sent", "cells", "timing", "attacked", "information")}
    return BlockStream(**{**old, **parts})


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: link_stream(0, LINE), ValueError, "n_blocks must be at least 1"),
        (lambda: link_stream(5, "gys"), TypeError, "monitored must be a MonitoredLink"),
        (lambda: link_stream(5, LINE, Intercept), TypeError, "attack must have a name"),
        (lambda: link_stream(5, LINE, Intercept(), start=6), ValueError, "start <= stop <= n_blocks = 5"),
        (lambda: link_stream(5, LINE, ramp=-1), ValueError, "ramp must be at least 0"),
        (lambda: BlockStream.from_pulses([]), ValueError, "at least one block"),
        (lambda: BlockStream.from_pulses([1]), TypeError, "LaserTransmission objects"),
        (
            lambda: _changed(cells=np.zeros((3, 13), int)),
            ValueError,
            r"cells must be whole numbers of shape \(3, 14\)",
        ),
        (lambda: _changed(cells=np.full((3, 14), -1)), ValueError, "cells must not be negative"),
        (lambda: _changed(sent=np.ones((3, 3), int)), ValueError, "cells must not exceed sent"),
        (lambda: _changed(timing=np.full((3, 5), 10**6)), ValueError, "more time tags than"),
        (lambda: _changed(timing=np.zeros((3, 5))), ValueError, "timing must be whole numbers"),
        (lambda: _changed(attacked=np.zeros(2, bool)), ValueError, "attacked must have one entry"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize("bits", [np.nan, -0.1, 1.1])
def test_nobody_knows_more_than_a_bit(bits):
    stream = link_stream(3, MonitoredLink(), rng=1)
    with pytest.raises(ValueError, match="information must be"):
        BlockStream(stream.sent, stream.cells, stream.timing, stream.attacked, np.full(3, bits))
    with pytest.raises(TypeError, match="attacked must be"):
        BlockStream(stream.sent, stream.cells, stream.timing, np.zeros(3), stream.information)


def test_lists_are_arrays():
    stream = link_stream(3, MonitoredLink(), rng=1)
    same = BlockStream(
        stream.sent.tolist(), stream.cells.tolist(), stream.timing.tolist(), [False] * 3, [0.0] * 3
    )
    np.testing.assert_array_equal(same.features(), stream.features())


def test_an_attack_on_more_than_all_pulses_is_refused():
    class Twice:
        name, fraction, offsets = "twice", 2.0, ((1.0, 0.0),)
        response, information = Intercept.response, Intercept.information

    for ask in (
        lambda: link_stream(3, MonitoredLink(), Twice(), rng=1),
        lambda: log_likelihood_ratio(link_stream(3, MonitoredLink(), rng=1), MonitoredLink(), Twice()),
    ):
        with pytest.raises(ValueError, match=r"attack\.fraction"):
            ask()
