"""Threats: every cell has its word and its reason, and no word goes against what stands elsewhere in the library."""

import pytest

from qlearn.applications.telemetry import PROTECTIONS, THREATS, Answer, ThreatTable, threat_table
from qlearn.applications.telemetry.threats import WORDS


def test_every_cell_has_a_word_and_a_reason_of_its_own():
    table = threat_table()
    assert isinstance(table, ThreatTable)
    for threat in THREATS:
        answers = [table.answer(threat, protection) for protection in PROTECTIONS]
        assert table.words(threat) == tuple(answer.word for answer in answers)
        for answer in answers:
            assert isinstance(answer, Answer)
            assert answer.word in WORDS
            assert answer.reason.endswith(".")
            assert len(answer.reason) > 30
        assert len({answer.reason for answer in answers}) == len(PROTECTIONS)


def test_both_views_show_every_word():
    table = threat_table()
    page, text = table._repr_html_(), repr(table)
    for word in WORDS:
        shown = sum(row.count(word) for row in map(table.words, THREATS))
        assert page.count(f"<b>{word}</b>") == shown
    assert len(text.splitlines()) == 1 + len(THREATS)
    for protection in PROTECTIONS:
        assert protection in text
        assert f'<th scope="col">{protection}</th>' in page


def test_no_protection_meets_all_and_none_a_jammed_radio():
    table = threat_table()
    assert set(table.words("denial")) == {"no"}
    for protection in PROTECTIONS:
        assert {table.answer(threat, protection).word for threat in THREATS} != {"meets"}


def test_a_word_follows_its_definition():
    """What can be hardened by doing more is "partly", whoever has more to do; and end to end stands where it decides."""
    table = threat_table()
    assert set(table.words("implementation")) == {"partly"}
    for protection, meaning in PROTECTIONS.items():
        end_to_end = "sensor to centre" in meaning
        assert (table.answer("gateway", protection).word == "meets") == end_to_end


def test_refuses():
    with pytest.raises(ValueError, match="threat must be one of recorded"):
        threat_table().answer("aliens", "classical")
    with pytest.raises(ValueError, match="protection must be one of classical"):
        threat_table().answer("recorded", "prayer")
