"""The picture: a bar for each stage that handles bits, as long as the ledger says."""

import pytest

from qlearn.applications.whole_way import Demo, DemoRun, ResourceEntry, ResourceLedger, draw_way

STAGES = (
    ResourceEntry("pulses", None, 1000),
    ResourceEntry("sift", 1000, 500),
    ResourceEntry("key", 500, 100),
    ResourceEntry("store", 100, 90),
    ResourceEntry("service", 90, 90),
)


def bars(figure) -> dict:
    left = figure.axes[0]
    names = [text.get_text() for text in left.get_yticklabels()]
    return dict(zip(names, (bar.get_width() for bar in left.patches), strict=True))


def test_bars_are_what_the_ledger_says():
    rounds = (ResourceEntry("round 1", 90, 60), ResourceEntry("round 2", 60, 35))
    figure = draw_way(DemoRun(Demo(), ResourceLedger((*STAGES, *rounds), 1.0)))
    assert bars(figure) == {
        "pulses sent": 1000,
        "bits sifted": 500,
        "secret key": 100,
        "in the store": 90,
        "spent in round 1": 30,
        "spent in round 2": 25,
    }
    assert [text.get_text() for text in figure.axes[1].texts] == ["no model"]


def test_a_round_that_was_broken_off_has_no_bar():
    broken = ResourceEntry("round 1, broken off", None, None, 1.0, 1.0)
    figure = draw_way(DemoRun(Demo(), ResourceLedger((*STAGES[:1], broken), 1.0), signal=15))
    assert list(bars(figure)) == ["pulses sent"]


def test_refuses_what_is_no_run():
    with pytest.raises(TypeError, match="done must be a DemoRun, as run_demo returns it, not Demo"):
        draw_way(Demo())
