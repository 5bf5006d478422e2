"""The likelihood ratio: a ratio indeed, above every single feature, certain where it must be."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.photons import LINKS, Source
from qlearn.control.eavesdropper_detection import (
    Blinding,
    BlockStream,
    Intercept,
    MonitoredLink,
    PhotonSplitting,
    TimeShift,
    hidden_attacks,
    known_attacks,
    link_stream,
    log_likelihood_ratio,
)

# Bright and noisy, so that all cells fill up.
BRIGHT = replace(LINKS["gys"], receiver_efficiency=0.6, background=0.01, misalignment=0.05)
LINE = MonitoredLink(
    BRIGHT, transmittance=0.8, source=Source((0.8, 0.3, 0.0), (0.6, 0.2, 0.2), 0.4), pulses=100_000
)


@pytest.mark.parametrize("eve", [Intercept(0.02), TimeShift(0.05), Blinding(0.02), PhotonSplitting(0.05)])
def test_likelihood_ratio_has_the_mean_of_a_likelihood_ratio(eve):
    """E[exp(L)] = 1 without Eve, for any attack whatever: 4000 blocks, six of their own standard errors (2e-9)."""
    line = replace(LINE, pulses=2000)
    ratio = np.exp(log_likelihood_ratio(link_stream(4000, line, rng=9), line, eve))
    assert abs(ratio.mean() - 1) < 6 * ratio.std() / np.sqrt(len(ratio))
    assert ratio.std() > 0.05


def test_what_an_attack_never_does_speaks_for_certain():
    # A blinded receiver has no errors and no double clicks; a quiet one that cannot err has none either.
    quiet = link_stream(50, LINE, rng=1)
    assert (log_likelihood_ratio(quiet, LINE, Blinding(1.0)) == -np.inf).all()
    clean = replace(LINE, link=replace(BRIGHT, misalignment=0.0, background=0.0))
    assert (
        log_likelihood_ratio(link_stream(50, clean, Intercept(1.0), rng=1), clean, Intercept(0.5)) == np.inf
    ).all()
    neither = log_likelihood_ratio(quiet, clean, Blinding(1.0))
    assert np.isnan(neither).all()


def test_no_feature_tells_more_than_the_likelihood_ratio():
    from sklearn.metrics import roc_auc_score

    line = replace(LINE, pulses=20_000)
    for eve in (*known_attacks(line).values(), *hidden_attacks(line).values()):
        weak = replace(eve, fraction=eve.fraction / 3)
        streams = [link_stream(1500, line, attack, rng=i) for i, attack in enumerate((None, weak))]
        labels = np.repeat([0, 1], 1500)
        best = roc_auc_score(labels, np.concatenate([log_likelihood_ratio(s, line, weak) for s in streams]))
        features = np.concatenate([s.features() for s in streams])
        for column in features.T:
            area = roc_auc_score(labels, column)
            # 3000 blocks: the sd of a difference of two areas is under 0.015; 6 sd for each of 64: 6e-8
            assert max(area, 1 - area) < best + 6 * 0.015


def test_a_block_in_which_nothing_was_sent_has_no_ratio():
    line, stream = MonitoredLink(), link_stream(3, MonitoredLink(), rng=1)
    keep = np.array([[1], [0], [1]])
    lost = BlockStream(
        stream.sent * keep, stream.cells * keep, stream.timing * keep, stream.attacked, stream.information
    )
    assert np.isnan(log_likelihood_ratio(lost, line, Intercept(0.1))).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("stream", "attack", "says"),
    [
        ("stream", Intercept(), "stream must be a BlockStream"),
        (link_stream(3, LINE, rng=1), None, "not None"),
    ],
)
def test_refuses(stream, attack, says):
    with pytest.raises(TypeError, match=says):
        log_likelihood_ratio(stream, LINE, attack)
