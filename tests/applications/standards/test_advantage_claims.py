"""Claims of advantage: each read by the same questions, and each with what became of it."""

from dataclasses import replace

import pytest

from qlearn.applications.standards import (
    ADVANTAGE_CLAIMS,
    READING_QUESTIONS,
    AdvantageClaim,
    open_questions,
)


def test_every_claim_has_its_source_and_its_fate_a_source():
    assert len({claim.name for claim in ADVANTAGE_CLAIMS}) == len(ADVANTAGE_CLAIMS) == 6
    for claim in ADVANTAGE_CLAIMS:
        assert isinstance(claim, AdvantageClaim)
        assert str(claim.year) in claim.source
        assert "(20" in claim.later_source
        assert list(claim.answers) == list(READING_QUESTIONS)


@pytest.mark.parametrize("claim", ADVANTAGE_CLAIMS, ids=lambda claim: claim.name)
def test_open_is_what_is_not_answered_with_yes(claim):
    by_hand = [key for key in READING_QUESTIONS if not claim.answers[key]]
    assert list(open_questions(claim)) == by_hand
    assert by_hand, "a claim without an open question would be news"


def test_whoever_was_overtaken_had_not_run_the_best_rival():
    for claim in ADVANTAGE_CLAIMS:
        if claim.fate == "overtaken":
            assert "best" in open_questions(claim)


def test_a_theorem_is_not_blamed_for_what_only_an_experiment_has():
    for claim in ADVANTAGE_CLAIMS:
        if claim.name in ("recommendation systems", "linear systems (HHL)"):
            assert claim.answers["errors"] is None
            assert claim.answers["open"] is None


def test_nobody_counted_calibration_and_energy():
    """200 seconds are the samples alone: the chip was calibrated before."""
    assert all(claim.answers["whole"] is not True for claim in ADVANTAGE_CLAIMS)


def test_the_readings_cannot_be_written_into():
    with pytest.raises(TypeError):
        ADVANTAGE_CLAIMS[0].answers["rival"] = True  # type: ignore[index]
    with pytest.raises(TypeError):
        READING_QUESTIONS["rival"] = ""  # type: ignore[index]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"answers": {"rival": True}}, "answers must have the questions rival, best"),
        ({"answers": dict.fromkeys(READING_QUESTIONS, "yes")}, "not 'yes' for rival"),
        ({"answers": dict.fromkeys(READING_QUESTIONS, 1)}, "not 1 for rival"),
        ({"fate": "refuted"}, "fate must be one of overtaken, disputed, conditional"),
    ],
)
def test_refuses_a_claim(change, says):
    with pytest.raises(ValueError, match=says):
        replace(ADVANTAGE_CLAIMS[0], **change)


def test_refuses_what_is_no_claim():
    with pytest.raises(TypeError, match="claim must be an AdvantageClaim, not str"):
        open_questions("supremacy")
