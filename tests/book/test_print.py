"""A chapter on paper, as the button above it prints it: what is left out, what breaks, what stays together."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

CHAPTER = "communication/bb84"


@pytest.fixture
def printed(page: Page, site: str) -> Page:
    """Return a chapter as it is laid out for paper."""
    page.goto(f"{site}/{CHAPTER}.html")
    page.emulate_media(media="print")
    return page


def shown(page: Page, selector: str) -> list[str]:
    """Return the text of what is laid out of all that a selector finds."""
    return page.eval_on_selector_all(
        selector, "found => found.filter(e => e.getClientRects().length).map(e => e.innerText.slice(0, 60))"
    )


@pytest.mark.parametrize(
    "gone",
    [
        "#jb-print-docs-body",
        ".exercise-solution",
        ".exercise-elsewhere",
        ".exercise-buttons",
        "details:not(.recall) > summary",
        ".copybtn",
        ".prev-next-area",
        ".bd-sidebar-primary",
    ],
)
def test_what_only_a_screen_can_do_is_left_out(printed: Page, gone: str):
    assert printed.locator(gone).count() > 0, "or it is asked for nothing"
    assert shown(printed, f".bd-main {gone}") == []


def test_what_paper_needs_is_there(printed: Page):
    assert [text[:8] for text in shown(printed, "article h1")] == ["6. BB84:"]
    assert len(shown(printed, ".exercise-task")) == 7
    assert len(shown(printed, "article figure img")) >= 6
    asked = shown(printed, "details.recall > summary")
    assert len(asked) == len(shown(printed, "details.recall > .recall-answer")) >= 3, (
        "an answer needs its question"
    )
    assert all(asked)


def test_a_question_stands_over_its_answer(printed: Page):
    questions = shown(printed, "article details.recall > summary")
    answers = shown(printed, "article details.recall > .recall-answer")
    assert len(questions) == len(answers) >= 5
    assert all(questions)


def test_nothing_that_holds_code_is_cut_or_kept_from_breaking(printed: Page):
    wrong = printed.eval_on_selector_all(
        "article .cell pre",
        """found => found.filter(e => e.getClientRects().length).flatMap(e => {
            const out = [];
            if (getComputedStyle(e).whiteSpace !== 'pre-wrap') out.push('does not wrap');
            if (e.scrollWidth > e.clientWidth + 1) out.push('is cut at the right');
            for (let up = e; up && !up.matches('.cell'); up = up.parentElement) {
                const s = getComputedStyle(up);
                if (s.display !== 'block' || s.overflowY !== 'visible' || s.breakInside !== 'auto')
                    out.push(`${up.className}: ${s.display}, ${s.overflowY}, ${s.breakInside}`);
            }
            return out.map(o => `${e.innerText.slice(0, 30)}: ${o}`);
        })""",
    )
    assert wrong == []


def test_a_link_to_elsewhere_says_where(page: Page, site: str):
    page.goto(f"{site}/appendix/bibliography.html")
    page.emulate_media(media="print")
    first = page.locator("article a.reference.external[href^='https://doi.org']").first
    after = first.evaluate("e => getComputedStyle(e, '::after').content")
    assert first.get_attribute("href") in after


def test_a_chapter_is_no_heap_of_paper(printed: Page, tmp_path: Path):
    target = tmp_path / "page.pdf"
    printed.pdf(path=target, prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", target.read_bytes()))
    assert 8 <= pages <= 24  # 31 without the rules
