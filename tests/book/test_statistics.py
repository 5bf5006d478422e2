"""The checks of a page: one chance of a false alarm for all that it counts, stated and true.

What a page has to state follows from what it does, which its code says: no chapter is listed.
"""

import json
import re
from math import isclose
from pathlib import Path
from typing import Literal

import pytest

ROOT = Path(__file__).resolve().parents[2]

TOLD = {  # what counts_agree may be given, all calls of a page together, and the words for it
    1e-6: r"fewer than one run of this page in a million",
    5e-7: r"one false alarm in two million runs for all of them together",
}
BY_HAND = re.compile(r"def fits?\(|\bbinom\b|assert [^\n]*binomial_error")
# < 5 * bar, - 5 * np.sqrt(...), < 5 / np.sqrt(...): how many standard errors an assert allows
SIGMAS = re.compile(
    r"(?:[<>+-] (?=[\d.]+ \*)|[<>] (?=[\d.]+ /))(\d+(?:\.\d+)?) [*/] (?:\w*(?:bar|error|noise|sigma|spread)\b|np\.sqrt\()"
)

CELL = "\n# ---\n"
VERDICT = re.compile(r"\.verdict\(|not told apart|\bahead\"|\bbehind\"|in said\b|said\[")
FIXED_SEEDS = re.compile(r"not in that number|what passes once passes again")
# Six verdicts that could be "ahead" by chance alone; the page counts them at their level.
ALLOWED = {"learning/comparison": ['assert "ahead" not in said']}
# The concentration: of fixed seeds, and the page says that it is outside its number.
OUTSIDE = {"learning/qsvm": {"loose", "lifted"}}


def checks(root: Path, chapter: str) -> tuple[str, str, str]:
    """The words before the checks, their code, and all code of the page."""
    cells = json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    start = next(i for i, source in enumerate(sources) if re.search(r"^## Checks$", source, re.MULTILINE))
    codes = [i for i, cell in enumerate(cells) if cell["cell_type"] == "code"]
    asserted = "\n".join(sources[i] for i in codes if i > start)
    assert re.search(r"print\(f?\"all checks", asserted)
    return sources[start], asserted, CELL.join(sources[i] for i in codes)


def kind_of(chapter: str) -> Literal["run", "tabled", "counted", "measured"]:
    """What the asserts of a page rest on.

    "run": runs decide, so a sign or the side of a border is asserted, and its chance counted in one `false_alarm`;
    "tabled": what was compared is in its table of `verdicts` alone; "counted": `counts_agree`; "measured": nothing is
    counted, as where means and variances of amplitudes are compared.
    """
    _, _, code = checks(ROOT, chapter)
    if re.search(r"= false_alarm\(", code):
        return "run"
    if re.search(r"\bverdicts\(", code):
        return "tabled"
    return "counted" if "counts_agree(" in code else "measured"


def chapters() -> list[str]:
    """The chapters that are written, as part/name."""
    found = sorted((ROOT / "book").glob("*/*.ipynb"))
    return [path.relative_to(ROOT / "book").with_suffix("").as_posix() for path in found]


def pages(*kinds: str) -> list[str]:
    """The chapters of these kinds."""
    return [chapter for chapter in chapters() if kind_of(chapter) in kinds]


@pytest.mark.parametrize("page", pages("counted"))
def test_a_page_has_one_false_alarm_chance_for_all_that_it_counts(root, page):
    stated, asserted, code = checks(root, page)
    calls = re.findall(r"assert counts_agree\(\*\w+, failure=([\d.e-]+)\)", asserted)
    assert len(calls) == asserted.count("counts_agree") >= 1
    assert not BY_HAND.search(asserted)
    assert not re.search(r"import[^\n]*\bbinom\b", code)
    told = [words for chance, words in TOLD.items() if isclose(chance, sum(map(float, calls)))]
    assert len(told) == 1
    assert re.search(told[0], stated)
    assert "exact binomial bands" in stated
    sigmas = set(SIGMAS.findall(asserted))
    if sigmas:  # what is no count is allowed six standard errors, and has half of the million
        assert sigmas == {"6"}, "five standard errors are 6e-7 for one point, and a page has many"
        assert told[0] == TOLD[5e-7]
        assert re.search(r"\bsix\b.* standard errors", stated)
        assert "less than once in a million runs" in stated


@pytest.mark.parametrize("page", pages("measured"))
def test_a_page_that_counts_nothing_states_its_false_alarm_chance(root, page):
    stated, asserted, _ = checks(root, page)
    assert not BY_HAND.search(asserted)
    assert set(SIGMAS.findall(asserted)) == {"6"}
    assert re.search(r"\bsix\b.* standard errors", stated)
    assert "less than once in a million runs" in stated


@pytest.mark.parametrize("page", pages("counted", "measured"))
def test_no_page_takes_five_standard_errors_for_one_in_a_million(root, page):
    stated, _, _ = checks(root, page)
    assert not re.search(r"\b(?:three|four|five)\b[^.]* standard errors", stated)


def alarm_of(code: str) -> tuple[str, str, set[str]]:
    """The name of the one false alarm of a page, its cell without the asserts, and the names that tell it."""
    cells = [cell for cell in code.split(CELL) if re.search(r"= false_alarm\(", cell)]
    assert len(cells) == 1, "one number for the whole page"
    (name,) = re.findall(r"^(\w+) = false_alarm\(", cells[0], re.MULTILINE)
    told = set(re.findall(rf'glue\("(\w+)", f"[^\n]*\b{name}\b', code))
    return name, "\n".join(line for line in cells[0].splitlines() if not line.startswith("assert")), told


def uncounted(asserted: str, counted: str) -> set[str]:
    """The differences whose sign is asserted and whose chance is not in the false alarm."""
    names = set()
    for line in asserted.splitlines():
        own_border = re.search(
            r"\.error\b", line
        )  # so many standard errors: a number of its own in the false alarm
        if line.startswith("assert") and re.search(r"(?<!np)\.mean\b(?!\()", line) and not own_border:
            looped = re.findall(r" for [\w, ]+ in (\w+)", line)
            names |= set(looped or re.findall(r"(\w+)(?:\[[^\]]*\])?\.mean\b(?!\()", line))
    return {name for name in names if not re.search(rf"\b{name}\b", counted)}


def test_an_assert_of_a_sign_that_is_not_counted_is_seen():
    asserted = "assert gap.mean > 0\nassert all(each.mean > 0 for each in ahead)\nassert score.mean() > 0.5"
    assert uncounted(asserted, "luck = false_alarm(beyond(gap.mean / gap.error))") == {"ahead"}
    assert not uncounted(asserted, "luck = false_alarm(*map(slips, [gap, *ahead]))")


@pytest.mark.parametrize("page", pages("run"))
def test_what_runs_decide_is_in_one_false_alarm_that_the_page_tells(root, page):
    stated, asserted, code = checks(root, page)
    name, counted, told = alarm_of(code)
    assert any(f"`{each}`" in stated for each in told) or re.search(
        rf"print\(f\"all checks passed; [^\n]*{{[^}}\n]*\b{name}\b", asserted
    )
    assert not FIXED_SEEDS.search(stated), "a right page with other seeds is asked"
    assert not uncounted(asserted, counted) - OUTSIDE.get(page, set())
    if "counts_agree" in asserted:
        assert "1e-6" in counted


@pytest.mark.parametrize("page", pages("tabled"))
def test_a_page_that_asserts_counts_alone_says_so(root, page):
    stated, asserted, _ = checks(root, page)
    assert (
        len(re.findall(r"assert counts_agree\(.*failure=1e-6\)", asserted))
        == asserted.count("counts_agree")
        == 1
    )
    assert "once in a million" in stated
    assert not uncounted(asserted, "")


@pytest.mark.parametrize("page", pages("run", "tabled"))
def test_no_verdict_is_asserted(root, page):
    """With other seeds "ahead" needs more than the sign, and "not told apart" is what few replicates always say."""
    _, asserted, _ = checks(root, page)
    lines = [line for line in asserted.splitlines() if line.startswith("assert") and VERDICT.search(line)]
    assert lines == ALLOWED.get(page, []), lines


def test_a_kind_is_read_from_what_a_page_does():
    assert kind_of("learning/qsvm") == "run"
    assert kind_of("learning/optimisation") == "tabled"
    assert kind_of("communication/bb84") == "counted"
    assert kind_of("communication/continuous_variables") == "measured"
    assert {kind_of(page) for page in chapters() if page.startswith("learning/")} == {"run", "tabled"}
