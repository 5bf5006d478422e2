"""What a reader lets the browser keep: recall questions, spacing, chapters done; on pages of their own, without a build."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

SITE = "http://book.test"
QUESTIONS = """
<details class="recall" id="recall-noise-loss"><summary>Why is a loss no flip?</summary>
<div class="recall-answer"><p>It is seen. <a href="#x">There</a></p></div></details>
<details class="recall" id="recall-noise-syndrome"><summary>How is it corrected?</summary>
<div class="recall-answer"><p>Unseen.</p></div></details>
"""
CHAPTER = f"""<article class="bd-article"><h1>Noise</h1>{QUESTIONS}</article>
<script type="module" src="/_static/recall.mjs"></script>
<script type="module" src="/_static/progress.mjs" id="progress-setup" data-chapter="qubits/noise" data-map="../course_map.html"
data-exercises="2"></script>"""
ALL = """<article class="bd-article">
<ul class="recall-chapters"><li><a href="../qubits/noise.html#recall">5. Noise</a> (2)</li></ul>
<div class="kept-buttons"></div></article>
<script type="module" src="/_static/recall_page.mjs" id="recall-setup" data-mathjax="/none.js"></script>"""
COLLECTED = [
    {
        "chapter": "qubits/noise",
        "title": "5. Noise",
        "questions": [
            {
                "name": f"recall-noise-{word}",
                "asks": f"Why {word}?",
                "answer": '<div class="recall-answer"><p>So. <a href="qubits/noise.html#fig">Seen</a></p></div>',
            }
            for word in ("loss", "syndrome")
        ],
    }
]
NEEDS = {  # of a chapter: how it is called, its exercises, what it needs
    "qubits/superposition": ("Superposition", 2, None),
    "qubits/measurement": ("Measurement", 1, "qubits/superposition"),
    "qubits/noise": ("Noise", 0, "qubits/measurement"),
    "communication/superdense": ("Superdense coding", 1, "qubits/measurement"),
    "networks/superdense_link": ("Two models", 1, "qubits/noise"),
}
MAP = (
    '<svg class="course-graph">'
    + "".join(f'<path data-from="{need}" data-to="{name}"/>' for name, (_, _, need) in NEEDS.items() if need)
    + "".join(
        f'<a href="{name}.html" data-chapter="{name}" data-exercises="{count}" aria-label="{title}, 35 minutes">'
        '<text class="course-state"></text></a>'
        for name, (title, count, _) in NEEDS.items()
    )
    + '</svg><div class="course-steps"><p><a href="qubits/superposition.html">Superposition</a>, 35 minutes</p>'
    '<p><a href="qubits/noise.html">Noise</a></p></div><script type="module" src="/_static/progress.mjs"></script>'
)
PAGES = {"qubits/noise.html": CHAPTER, "appendix/recall.html": ALL, "course_map.html": MAP}
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError'); }});"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"

Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, root: Path) -> Iterator[Opened]:
    """Open a page of a small book, at a day, with what was kept before."""
    contexts: list[BrowserContext] = []

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(f"{SITE}/").partition("#")[0].partition("?")[0]
        if path in PAGES:
            head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Book</title>'
            route.fulfill(body=head + PAGES[path], content_type="text/html")
        elif path.startswith("_static/") and (root / "book" / path).is_file():
            route.fulfill(path=root / "book" / path, content_type="text/javascript")
        elif path == "_static/recall.json":
            route.fulfill(body=json.dumps(COLLECTED), content_type="application/json")
        else:
            route.fulfill(status=404)

    def open_page(
        path: str,
        kept: Any = None,
        day: str = "2026-11-30",
        script: str = "",
        context: BrowserContext | None = None,
    ) -> Page:
        if context is None:
            context = browser.new_context()
            contexts.append(context)
            context.route("**/*", serve)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"{path}: {error}"))
        page.clock.set_fixed_time(f"{day}T20:00:00")
        if script:
            page.add_init_script(script)
        if kept is not None:
            text = kept if isinstance(kept, str) else json.dumps(kept)
            setting = f"sessionStorage.getItem('set') || localStorage.setItem('qlearn', {json.dumps(text)});"
            page.add_init_script(f"{setting} sessionStorage.setItem('set', '1');")
        page.goto(f"{SITE}/{path}")
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()


def stored(page: Page) -> Any:
    return json.loads(page.evaluate("localStorage.getItem('qlearn')"))


def one(step: int, on: str, knew: bool = True) -> dict[str, Any]:
    return {"step": step, "on": on, "knew": knew}


# Spacing


def test_a_question_comes_again_after_1_3_7_21_60_days_and_stays_at_60(opened: Opened):
    page = opened("qubits/noise.html")
    days = page.evaluate(
        """async () => {
      const {answered, due} = await import('/_static/kept.mjs');
      let one, day = '2026-11-30';
      const days = [];
      for (let i = 0; i < 7; i++) {
        one = answered(one, true, day);
        days.push(day = due(one));
      }
      return days;
    }"""
    )
    # by the calendar: 1, 3, 7, 21, 60, 60, 60 days, over two ends of years and a February
    assert days == [
        "2026-12-01",
        "2026-12-04",
        "2026-12-11",
        "2027-01-01",
        "2027-03-02",
        "2027-05-01",
        "2027-06-30",
    ]


@pytest.mark.parametrize(
    ("before", "knew", "day", "after"),
    [
        (None, True, "2026-11-30", one(1, "2026-11-30")),
        (None, False, "2026-11-30", one(0, "2026-11-30", False)),
        (
            one(2, "2026-11-28"),
            True,
            "2026-11-30",
            one(2, "2026-11-28"),
        ),  # before its day: one sitting is one step
        (one(2, "2026-11-27"), True, "2026-11-30", one(3, "2026-11-30")),  # on its day
        # a clock that was ahead had written the day before: the question does not wait for it
        (one(2, "2031-01-01"), True, "2026-11-30", one(2, "2026-11-30")),
        (one(5, "2026-01-01"), True, "2026-11-30", one(5, "2026-11-30")),
        (one(4, "2026-11-29"), False, "2026-11-30", one(0, "2026-11-30", False)),  # from the beginning
        (one(0, "2026-11-30", False), True, "2026-11-30", one(1, "2026-11-30")),
    ],
)
def test_what_an_answer_changes(opened: Opened, before: Any, knew: bool, day: str, after: Any):
    page = opened("qubits/noise.html")
    code = "async given => (await import('/_static/kept.mjs')).answered(...given)"
    assert page.evaluate(code, [before, knew, day]) == after


def test_the_day_is_that_of_the_readers_calendar(browser: Browser, opened: Opened):
    page = opened("qubits/noise.html", day="2026-12-31")
    code = "async () => (await import('/_static/kept.mjs')).today(new Date(2026, 11, 31, 23, 59))"
    assert page.evaluate(code) == "2026-12-31"


# A chapter


def test_an_answer_is_hidden_until_it_is_asked_for_and_kept(opened: Opened):
    page = opened("qubits/noise.html")
    question = page.locator("#recall-noise-loss")
    expect(question.get_by_role("button", name="I knew it")).to_be_hidden()
    question.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(question.locator("p").first).to_be_visible()
    page.keyboard.press("Tab")  # the link of the answer
    page.keyboard.press("Tab")
    expect(question.get_by_role("button", name="I knew it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(question.get_by_role("status")).to_have_text("You knew it. Kept in this browser.")
    kept = {
        "version": 1,
        "spaced": False,
        "recall": {"recall-noise-loss": one(1, "2026-11-30")},
        "chapters": {},
    }
    assert stored(page) == kept
    page.reload()
    expect(page.locator("#recall-noise-loss")).to_have_attribute("data-known", "yes")


def test_who_lets_questions_come_again_reads_when(opened: Opened):
    page = opened("qubits/noise.html", kept={"version": 1, "spaced": True})
    question = page.locator("#recall-noise-loss")
    question.locator("summary").click()
    question.get_by_role("button", name="Not yet").click()
    expect(question.get_by_role("status")).to_have_text("Not yet. It comes again on 1 December 2026.")


@pytest.mark.parametrize("script", [NO_STORAGE, FULL])
def test_where_nothing_can_be_kept_all_works_until_the_page_is_left(opened: Opened, script: str):
    page = opened("qubits/noise.html", script=script)
    question = page.locator("#recall-noise-loss")
    question.locator("summary").click()
    question.get_by_role("button", name="I knew it").click()
    expect(question.get_by_role("status")).to_contain_text("This browser keeps nothing")
    expect(question).to_have_attribute("data-known", "yes")
    page.get_by_role("button", name="I have done this chapter").click()
    expect(page.locator(".chapter-done")).to_contain_text("Done, until this page is left")
    other = opened("appendix/recall.html", script=script)
    expect(other.locator(".kept-said")).to_contain_text("This browser keeps nothing here")


@pytest.mark.parametrize(
    "kept",
    [
        "{not json",
        "null",
        "[1, 2]",
        '{"version": 1, "recall": 3, "chapters": "all", "spaced": "yes"}',
        '{"version": 1, "recall": {"recall-noise-loss": {"step": 9, "on": "2026-11-30"}}}',
        '{"version": 1, "recall": {"recall-noise-loss": {"step": 1, "on": "yesterday"}, "x": null}}',
    ],
)
def test_what_is_not_well_formed_counts_as_nothing(opened: Opened, kept: str):
    page = opened("qubits/noise.html", kept=kept)
    assert page.locator("#recall-noise-loss").get_attribute("data-known") == ""
    page.get_by_role("button", name="I have done this chapter").click()
    assert stored(page) == {"version": 1, "spaced": False, "recall": {}, "chapters": {"qubits/noise": "done"}}


def test_what_a_later_edition_has_kept_is_not_written_over(opened: Opened):
    kept = {"version": 2, "recall": {"recall-noise-loss": one(1, "2026-11-30")}, "more": [1]}
    page = opened("qubits/noise.html", kept=kept)
    expect(page.locator("#recall-noise-loss")).to_have_attribute("data-known", "yes")
    page.get_by_role("button", name="I have done this chapter").click()
    expect(page.locator(".chapter-done")).to_contain_text("Done, until this page is left")
    assert stored(page) == kept


def test_without_a_script_a_question_opens(browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(QUESTIONS)
    answer = page.locator("#recall-noise-loss p")
    expect(answer).to_be_hidden()
    page.locator("#recall-noise-loss summary").click()
    expect(answer).to_be_visible()
    context.close()


def test_a_link_to_a_question_opens_it(opened: Opened):
    page = opened("qubits/noise.html#recall-noise-syndrome")
    expect(page.locator("#recall-noise-syndrome p")).to_be_visible()
    expect(page.locator("#recall-noise-loss p")).to_be_hidden()


# The page of all questions


def test_due_is_what_has_its_day_and_nothing_without_consent(opened: Opened):
    recall = {"recall-noise-loss": one(2, "2026-11-27"), "recall-noise-syndrome": one(2, "2026-11-28")}
    page = opened("appendix/recall.html", kept={"version": 1, "recall": recall})
    expect(page.locator("details.recall")).to_have_count(0)
    expect(page.locator("p.recall-hint")).to_have_text("Questions come again if you let them: the box above.")
    page.get_by_role("checkbox").check()
    expect(page.locator("details.recall")).to_have_count(1)
    card = page.locator("details.recall")
    expect(card.locator("summary")).to_have_text("Why loss?")
    assert stored(page)["spaced"] is True
    card.locator("summary").click()
    links = [link.get_attribute("href") for link in card.locator("a").all()]
    assert links == [f"{SITE}/qubits/noise.html#fig", f"{SITE}/qubits/noise.html#recall-noise-loss"]
    card.get_by_role("button", name="I knew it").click()
    assert stored(page)["recall"]["recall-noise-loss"] == one(3, "2026-11-30")
    page.reload()
    expect(page.locator("p.recall-hint")).to_have_text("Nothing is due today.")


def test_a_new_reader_is_asked_nothing_and_may_choose_a_chapter(opened: Opened):
    page = opened("appendix/recall.html")
    expect(page.locator("p.recall-hint")).to_contain_text("You have not answered any question yet.")
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    page.locator("select").select_option("5. Noise")
    expect(page.locator("details.recall")).to_have_count(2)
    assert page.evaluate("localStorage.length") == 0  # to look is not to be kept


def test_what_was_not_known_can_be_asked_for(opened: Opened):
    recall = {"recall-noise-loss": one(1, "2026-11-30"), "recall-noise-syndrome": one(0, "2026-11-30", False)}
    page = opened(
        "appendix/recall.html",
        kept={"version": 1, "recall": {**recall, "recall-gone-now": one(0, "2026-01-01", False)}},
    )
    page.locator("select").select_option("not known yet")
    expect(page.locator("details.recall summary")).to_have_text(
        ["Why syndrome?"]
    )  # of a question that is gone, nothing


def test_without_a_network_the_links_are_left(opened: Opened):
    page = opened(
        "appendix/recall.html", script="window.fetch = () => Promise.reject(new TypeError('offline'));"
    )
    page.locator("select").select_option("5. Noise")
    expect(page.locator("p.recall-hint")).to_contain_text(
        "did not load (offline). They stand at the end of each chapter"
    )
    expect(page.get_by_role("link", name="5. Noise")).to_be_visible()


def test_all_of_it_can_be_taken_along_and_erased(opened: Opened, tmp_path: Path):
    kept = {
        "version": 1,
        "spaced": True,
        "recall": {"recall-noise-loss": one(2, "2026-11-27")},
        "chapters": {"qubits/noise": "done"},
    }
    answers = {"arrow": {"answer": "def arrow(): ...", "solved": True}}
    text = json.dumps(json.dumps(answers))
    setting = f"sessionStorage.getItem('e') || localStorage.setItem('qlearn.exercises.qubits.noise', {text});"
    page = opened("appendix/recall.html", kept=kept, script=f"{setting} sessionStorage.setItem('e', '1');")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save to a file").click()
    assert saved.value.suggested_filename == "qlearn-2026-11-30.json"
    file = tmp_path / "kept.json"
    saved.value.save_as(file)
    assert json.loads(file.read_text()) == {"book": "qlearn", **kept, "exercises": {"qubits.noise": answers}}
    page.evaluate("localStorage.setItem('of another page', '1')")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Erase all").click()
    assert stored(page) == kept
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Erase all").click()
    assert page.evaluate("Object.keys(localStorage)") == ["of another page"]
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".kept-said")).to_contain_text("Read.")
    assert stored(page) == kept
    assert json.loads(page.evaluate("localStorage.getItem('qlearn.exercises.qubits.noise')")) == answers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no json", "it is no JSON"),
        ("[]", "it was not made by this book"),
        ('{"book": "other", "version": 1}', "it was not made by this book"),
        ('{"book": "qlearn", "version": 7}', "a later edition of the book made it"),
    ],
)
def test_a_file_of_something_else_changes_nothing(opened: Opened, text: str, said: str):
    kept = {"version": 1, "spaced": True, "recall": {}, "chapters": {}}
    page = opened("appendix/recall.html", kept=kept)
    file = {"name": "f.json", "mimeType": "application/json", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".kept-said")).to_contain_text(f"The file was not read: {said}")
    assert stored(page) == kept


# The map


def test_the_map_says_what_is_done_begun_and_open_next(opened: Opened):
    kept = {
        "version": 1,
        "chapters": {"qubits/measurement": "done"},
        "recall": {"recall-superdense-link-word": one(0, "2026-11-30", False)},  # (not of superdense)
    }
    solved = json.dumps({"a": {"solved": True}, "b": {"answer": "...", "solved": True}})
    script = f"localStorage.setItem('qlearn.exercises.qubits.superposition', {json.dumps(solved)});"
    page = opened("course_map.html", kept=kept, script=script)
    state = {
        place.get_attribute("data-chapter"): place.get_attribute("data-state")
        for place in page.locator("svg a").all()
    }
    assert state == {
        "qubits/superposition": "done",  # all its exercises are solved
        "qubits/measurement": "done",  # its reader says so
        "qubits/noise": "next",
        "communication/superdense": "next",
        "networks/superdense_link": "begun",
    }
    expect(page.get_by_role("status")).to_have_text(
        "2 of 5 chapters done. Open next: Noise, Superdense coding."
    )
    assert page.locator("svg a").nth(0).get_attribute("aria-label") == "Superposition, 35 minutes: done"
    expect(page.locator(".course-steps p").nth(0)).to_have_text("Superposition ✓ done, 35 minutes")
    expect(page.locator(".course-steps p").nth(1)).to_have_text("Noise → open next")


def test_the_map_shows_what_leads_to_a_chapter(opened: Opened):
    page = opened("course_map.html")
    expect(page.get_by_role("status")).to_have_text("The first one: Superposition.")
    page.locator("a[data-chapter='qubits/noise']").focus()
    lit = page.locator("svg a.lit").evaluate_all("places => places.map(place => place.dataset.chapter)")
    assert lit == ["qubits/superposition", "qubits/measurement", "qubits/noise"]
    expect(page.locator("svg path.lit")).to_have_count(2)


def test_a_mark_can_be_taken_back(opened: Opened):
    page = opened("qubits/noise.html")
    page.get_by_role("button", name="I have done this chapter").click()
    expect(page.locator(".chapter-done")).to_contain_text("Done. What is open next: the course map.")
    page.get_by_role("button", name="Not done after all").click()
    assert stored(page)["chapters"] == {}
    expect(page.locator(".chapter-done .recall-said")).to_be_empty()
