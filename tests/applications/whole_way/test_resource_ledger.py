"""The ledger: what goes in comes out or is spent, joules only where they are estimated, and the same in every form."""

import csv
import io
import json
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from qlearn.applications.whole_way import ResourceEntry, ResourceLedger

LEDGER = ResourceLedger(
    (
        ResourceEntry("pulses", None, 1000, 0.5, 0.4, simulated=True),
        ResourceEntry("sift", 1000, 480),
        ResourceEntry("key", 480, 100, 1.25, 2.5),
        ResourceEntry("processes", seconds=3.0, cpu_seconds=4.0),
        ResourceEntry("round 1", 100, 40, 2.0, None),
    ),
    watts=7.0,
)


def test_the_sums_by_hand():
    assert LEDGER.bits_spent == 520 + 380 + 60
    assert LEDGER.seconds == 0.5 + 1.25 + 3.0 + 2.0
    assert LEDGER.cpu_seconds == 0.4 + 2.5 + 4.0
    assert LEDGER.joules == 7.0 * (2.5 + 4.0)  # not of the pulses, which stand in for a laser
    assert [LEDGER.energy(entry) for entry in LEDGER.entries] == [None, None, 17.5, 28.0, None]


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=8))
def test_spent_bits_add_up_along_arrows_that_fit(levels):
    falling = sorted(levels, reverse=True)
    entries = [ResourceEntry(str(i), a, b) for i, (a, b) in enumerate(pairwise(falling))]
    ledger = ResourceLedger(entries, 1.0)
    assert ledger.bits_spent == falling[0] - falling[-1]
    assert ledger.broken_arrows() == []


def test_an_arrow_that_does_not_fit_is_named():
    assert LEDGER.broken_arrows() == []
    wrong = ResourceLedger((*LEDGER.entries, ResourceEntry("round 2", 41, 0)), 7.0)
    assert wrong.broken_arrows() == ["round 2"]


def test_json_and_csv_hold_what_the_ledger_holds():
    said = json.loads(LEDGER.to_json(seed=3))
    assert (said["seed"], said["watts"]) == (3, 7.0)
    assert said["stages"] == LEDGER.rows()
    lines = list(csv.DictReader(io.StringIO(LEDGER.to_csv())))
    assert [line["stage"] for line in lines] == [entry.stage for entry in LEDGER.entries]
    for line, row in zip(lines, said["stages"], strict=True):
        for name in ("bits_in", "bits_out", "bits_spent", "seconds", "cpu_seconds", "joules"):
            assert line[name] == ("" if row[name] is None else str(row[name])), name


def test_text_and_table_have_a_dash_where_nothing_was_measured():
    lines = str(LEDGER).splitlines()
    assert lines[1].split() == ["pulses", "-", "-", "1,000", "0.50", "0.40", "-"]
    assert lines[2].split() == ["sift", "1,000", "520", "480", "-", "-", "-"]
    assert lines[-2].split() == ["all", "960", "6.75", "6.90", "45.5"]
    assert lines[-1] == (
        "joules: 7 W for each CPU second, an assumption; - where a processor stood in for a device"
    )
    table = LEDGER._repr_html_()
    assert table.count("<tr>") == 1 + len(LEDGER.entries) + 1
    assert ">28.0<" in table


def test_refuses_negative_power():
    with pytest.raises(ValueError, match="watts must be a finite number between 0 and inf, not -1"):
        ResourceLedger((), -1)
