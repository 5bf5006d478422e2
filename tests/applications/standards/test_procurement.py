"""Procurement: thirty questions, what is missing, and no score while a must is open."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from qlearn.applications.standards import PROCUREMENT_QUESTIONS, Assessment, Question, assess

KEYS = [question.key for question in PROCUREMENT_QUESTIONS]
MUSTS = [question.key for question in PROCUREMENT_QUESTIONS if question.must]
STANDARD = re.compile(r"QKD \d{3}|ISO/IEC \d+")
answers = st.dictionaries(st.sampled_from(KEYS), st.sampled_from([True, False, None]))


def test_thirty_questions_each_with_its_reason_and_a_chapter_that_is_there(root):
    assert len(KEYS) == len(set(KEYS)) == 30
    for question in PROCUREMENT_QUESTIONS:
        assert isinstance(question, Question)
        assert question.text.endswith("?")
        assert question.why
        assert (
            question.chapter == "applications/standards"
            or (root / "book" / f"{question.chapter}.ipynb").exists()
        ), question.chapter
    assert len({question.area for question in PROCUREMENT_QUESTIONS}) == 6


def test_a_standard_that_is_asked_for_is_shown_by_the_chapter_that_is_named(root):
    named = 0
    for question in PROCUREMENT_QUESTIONS:
        if asked := STANDARD.findall(question.text):
            page = (root / "book" / f"{question.chapter}.ipynb").read_text(encoding="utf8")
            assert any(number in page for number in asked), (question.key, question.chapter)
            named += 1
    assert named == 3


@given(answers)
def test_each_question_is_met_refused_or_unanswered(given):
    found = assess(given)
    assert sorted([*found.met, *found.refused, *found.unanswered]) == sorted(KEYS)
    assert set(found.met) == {key for key, value in given.items() if value}
    assert set(found.refused) == {key for key, value in given.items() if value is False}
    assert list(found.open_musts) == [key for key in MUSTS if not given.get(key)]


@given(answers)
def test_what_is_missing_begins_with_the_musts(given):
    missing = assess(given).missing()
    assert {question.key for question in missing} == set(KEYS) - {
        key for key, value in given.items() if value
    }
    assert all(first.must >= then.must for first, then in pairwise(missing))


@given(answers)
def test_points_elsewhere_do_not_make_up_for_a_must(given):
    found = assess(given)
    if found.open_musts:
        with pytest.raises(ValueError, match=f"while {found.open_musts[0]}"):
            _ = found.score
    else:
        assert found.score == len(found.met) / 30


def test_musts_alone_have_their_share():
    found = assess(dict.fromkeys(MUSTS, True))
    assert isinstance(found, Assessment)
    assert found.score == len(MUSTS) / 30
    assert found.missing()[0].key == next(key for key in KEYS if key not in MUSTS)


@pytest.mark.parametrize("met", [tuple(KEYS) * 2, (*KEYS, "price"), tuple(KEYS[1:])])
def test_an_assessment_that_nobody_made_by_the_list_is_refused(met):
    with pytest.raises(ValueError, match="must hold each question once together"):
        Assessment(met, (), ())


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        ([True] * 30, TypeError, "answers must be a mapping"),
        ({"price": True}, ValueError, "answers has no question 'price'; the keys are threat, "),
        ({"nodes": 1}, TypeError, "not 1 for nodes"),
        ({"nodes": "partly"}, TypeError, '"partly" is a no'),
    ],
)
def test_refuses(given, kind, says):
    with pytest.raises(kind, match=says):
        assess(given)
