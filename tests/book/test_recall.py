"""Recall questions and the boxes *What you can do now*: their form, as it stands in the notebooks, and where their links lead."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from qlearn.exercises import every

# What asks for a name, and no more.
FOR_A_NAME = re.compile(
    r"\bcalled\b|\bname (of|for)\b|\bnamed after\b|\bstands? for\b|^(Who|In which year|Name|List|Define)\b",
    re.I,
)
ASKS = re.compile(r"\b(why|how|what|which|where|when|whose|whom)\b", re.I)
LINK = re.compile(r"\[[^\]]+\]\(([\w-]+)\)|\{doc\}`(?:[^`<]*<)?/([\w/]+)>?`")
ROLE = re.compile(r"\{([\w:.-]+)\}`([^`]*)`")


@pytest.fixture
def recall(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("tools/sphinx/recall_form.py")


def texts(root: Path, chapter: str) -> list[str]:
    cells = json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf8"))["cells"]
    return ["".join(cell["source"]) if cell["cell_type"] == "markdown" else "" for cell in cells]


def plain(text: str) -> str:
    """Put a letter for each formula, role and piece of code: their points end no sentence."""
    return re.sub(r"\$\$.*?\$\$|\$[^$]*\$|\{[\w:.-]+\}`[^`]*`|`[^`]*`", "x", text, flags=re.S)


def sentences(text: str) -> int:
    return len(re.findall(r"[.?!][\"')*]*(?=\s|$)", re.sub(r"\b(e\.g|i\.e|vs|Fig)\.", "x", plain(text))))


def typed(text: str) -> set[str]:
    """Return the numbers in it that somebody has measured or rounded: decimals, percentages, thousands."""
    return set(re.findall(r"\d+\.\d+|\d+(?=\s*\\?%)|\d{1,3}(?:,\d{3})+", ROLE.sub("", text)))


def last_chapters(root: Path) -> dict[str, str]:
    """Return for each part its last chapter."""
    contents = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf8"))
    ends = [part["chapters"][-1]["file"] for part in contents["parts"] if "numbered" in part]
    return {end.partition("/")[0]: end for end in ends}


def labels(root: Path) -> set[str]:
    """Return what a link of the book may name: sections, figures, exercises."""
    found = {f"exercise-{one.chapter.rpartition('.')[2]}-{one.name}" for one in every()}
    for path in (root / "book").glob("*/*.ipynb"):
        source = path.read_text(encoding="utf8")
        found |= set(re.findall(r'"name": "(fig-[\w-]+)"', source))
        for text in texts(root, f"{path.parent.name}/{path.stem}"):
            found |= set(re.findall(r"^\(([\w-]+)\)=", text, re.M))
    return found


def test_questions_stand_in_one_cell_before_the_checks(root: Path, chapter: str):
    found = texts(root, chapter)
    (at,) = [i for i, text in enumerate(found) if "## Recall" in text]
    assert found[at].startswith("## Recall\n")
    outside = re.sub(
        r"^(`{3,}|:{3,})\{admonition\}.*?^\1\s*$", "", found[at].partition("\n")[2], flags=re.M | re.S
    )
    assert not outside.strip(), "in this cell stand questions alone"


def test_four_to_six_questions_of_one_form(root: Path, chapter: str, recall: ModuleType):
    asked = recall.asked_in(chapter)
    assert 4 <= len(asked) <= 6
    stem = chapter.partition("/")[2].replace("_", "-")
    assert len({one.name for one in asked}) == len(asked)
    # typed in the chapter's own text it is a closed form or a given; measured in the chapter it is glued
    said = typed("\n".join(text for text in texts(root, chapter) if not text.startswith("## Recall")))
    for one in asked:
        assert re.fullmatch(rf"recall-{stem}(-[a-z0-9]+)+", one.name), f"{one.name}: recall-{stem}-word"
        assert faults(one.asks, one.answer, said) == [], one.name


def faults(asks: str, answer: str, said: set[str]) -> list[str]:
    """Return what is wrong with a question and its answer; `said` are the numbers that the chapter itself types."""
    found = []
    if not asks.endswith("?") or not ASKS.search(plain(asks)):
        found.append("a question asks why, how, what, which or when, and ends in ?")
    if FOR_A_NAME.search(plain(asks)):
        found.append("it asks for a name: ask what follows, or why")
    if not 8 <= len(plain(asks).split()) <= 50:
        found.append("a question has 8 to 50 words")
    if not 1 <= sentences(answer) <= 4 or not re.search(r"[.?!][\"')*]*$", plain(answer)):
        found.append(f"an answer has 1 to 4 sentences, not {sentences(answer)}")
    if not 12 <= len(plain(answer).split()) <= 90:
        found.append(f"an answer has 12 to 90 words, not {len(plain(answer).split())}")
    if strange := {role for role, _ in ROLE.findall(asks + answer)} - {"glue:text", "doc", "numref", "cite"}:
        found.append(f"roles that the reader's edition cannot say: {strange}")
    if ROLE.search(asks):
        found.append("a question has no roles: it is also shown alone")
    if measured := typed(asks + " " + answer) - said:
        found.append(f"numbers that the chapter does not type: glue {measured}, or say it by a fraction")
    return found


@pytest.mark.parametrize(
    ("asks", "answer", "fault"),
    [
        ("What is the loss of phase by the surroundings called?", "x " * 12 + ".", "a name"),
        ("Is a qubit in plus the same as a coin that nobody saw?", "x " * 12 + ".", "asks why"),
        ("Why is it so?", "x " * 12 + ".", "8 to 50 words"),
        ("Why does a phase on the whole state never show?", "Because.", "12 to 90"),
        ("Why does a phase on the whole state never show?", "x. " * 12, "1 to 4 sentences, not 12"),
        ("Why does a phase on the whole state never show?", "x " * 12 + "of 0.872.", "does not type"),
        ("Why does a phase on the whole state never show?", "x " * 12 + "87 %.", "does not type"),
        ("Why does a phase on the whole {glue:text}`a` state never show?", "x " * 12 + ".", "no roles"),
        ("Why does a phase on the whole state never show?", "x " * 12 + "{ref}`a`.", "cannot say"),
    ],
)
def test_a_question_of_another_form_is_refused(asks: str, answer: str, fault: str):
    (found,) = faults(asks, answer, {"0.5"})
    assert fault in found


def test_a_question_has_its_name_alone_in_the_book(root: Path, recall: ModuleType):
    chapters = [f"{path.parent.name}/{path.stem}" for path in (root / "book").glob("*/*.ipynb")]
    names = [one.name for chapter in chapters for one in recall.asked_in(chapter)]
    assert len(names) == len(set(names)) > 0


@pytest.mark.parametrize(
    "part", ["qubits", "communication", "learning", "control", "networks", "applications"]
)
def test_a_part_ends_with_what_one_can_do_now(root: Path, part: str, recall: ModuleType):
    last = last_chapters(root)[part]
    boxes = [
        (path, box)
        for path in sorted((root / "book" / part).glob("*.ipynb"))
        for text in texts(root, f"{part}/{path.stem}")
        for box in recall.boxes(text)
    ]
    ((path, box),) = boxes
    assert f"{part}/{path.stem}" == last
    assert texts(root, last)[-1].startswith("```{admonition} What you can do now\n"), (
        "the last cell, and nothing else in it"
    )
    assert box.name == f"can-do-{part}"
    first, *lines = box.text.split("\n- ")
    assert first.strip() == "You can now"
    lines[-1], _, project = lines[-1].partition("\n\n")
    assert 5 <= len(lines) <= 8
    known = labels(root) | {f"{path.parent.name}/{path.stem}" for path in (root / "book").glob("*/*.ipynb")}
    for line in lines:
        links = [label or page for label, page in LINK.findall(line)]
        assert links, f"no link to what proves it: {line}"
        assert set(links) <= known, f"a link that leads nowhere: {set(links) - known}"
        assert re.match(r"[a-z]", line), f'it goes on after "You can now": {line}'
        assert line.rstrip().endswith((".", ";", ",", ", and"))
    assert project.startswith("**A project that needs all of it.** ")
    assert len(project.split()) >= 40
    assert {page for _, page in LINK.findall(project) if page} | {
        label for label, _ in LINK.findall(project) if label
    } <= known
    assert not typed(box.text), "a measured number is glued"


def test_in_the_readers_edition_a_question_opens_and_links_lead_to_notebooks(
    root: Path, load: Callable[[str], ModuleType], tmp_path: Path
):
    edition = load("tools/readers_edition.py")
    (tmp_path / "html/qubits").mkdir(parents=True)
    (tmp_path / "jupyter_execute/qubits").mkdir(parents=True)
    (tmp_path / "html/qubits/noise.html").write_text("", encoding="utf8")
    (tmp_path / "jupyter_execute/qubits/noise.ipynb").write_text("{}", encoding="utf8")
    chapter = edition.Chapter("qubits/noise", tmp_path)
    *others, box = texts(root, "qubits/noise")
    (cell,) = [text for text in others if text.startswith("## Recall")]
    made = chapter.text(cell)
    assert made.count("<details><summary>Answer</summary>\n\n") == made.count("\n\n</details>") == 6
    assert "admonition" not in made
    assert ":name:" not in made
    assert "\n\n**Nothing random happens when a qubit passes an atom." in made
    quoted = chapter.text(box)
    assert quoted.startswith("> **What you can do now**\n>\n> You can now")
    assert "[her error](../qubits/no_cloning.ipynb)" in quoted
    assert "what physics allows" in quoted
    assert "](noise-choi)" not in quoted  # in the same notebook: words
