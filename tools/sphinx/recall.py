"""Recall questions: what a reader should still be able to say when the chapter is closed.

In a chapter they are one cell before the checks, a question as the title of an admonition, its answer as the body:

    ## Recall

    ```{admonition} Why does a global phase never show?
    :class: recall dropdown
    :name: recall-superposition-global-phase

    Every chance is a squared absolute value, and ...
    ```

In the HTML a question is a `<details>`: folded until it is asked, without any script. `recall.mjs` adds *I knew it* and *Not
yet*. When the book is built, all questions go into one file, `_static/recall.json`, which the page of all questions
(``{recall-page}``) loads when somebody asks for it. LaTeX and others get the admonition as it is.
"""

import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from exercise_boxes import chapter_numbers
from recall_form import asked_in
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
PAGE = "appendix/recall"


class recall_question(nodes.General, nodes.Element):  # named as docutils names what stands in a page
    """A question in HTML, which opens."""


class recall_asks(nodes.General, nodes.Element):
    """Its words: what is seen before."""


class Fold(SphinxPostTransform):
    """Make of each question something that opens, and say above the first one what to do."""

    default_priority = 190
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Fold the questions of a page."""
        sections = []
        for box in list(self.document.findall(nodes.admonition)):
            if "recall" not in box["classes"]:
                continue
            title, *answer = box.children
            made = recall_question(
                "", nodes.container("", *answer, classes=["recall-answer"]), ids=box["ids"]
            )
            made.insert(0, recall_asks("", *title.children))
            if box.parent not in sections:
                sections.append(box.parent)
                box.parent.insert(box.parent.index(box), self.hint())
            box.replace_self(made)

    def hint(self) -> nodes.paragraph:
        """Return the line above the questions."""
        said = nodes.paragraph("", "Answer in your own words, then look. ", classes=["recall-hint"])
        if PAGE in self.env.found_docs:
            uri = self.app.builder.get_relative_uri(self.env.docname, PAGE)
            said += nodes.reference("", "All questions", internal=True, refuri=uri)
            said += nodes.Text(" stand on one page, and come again after some days if you want.")
        return said


def visit_question(writer: Any, node: recall_question) -> None:
    """Begin a question."""
    writer.body.append(f'<details class="recall" id="{node["ids"][0]}">')


def depart_question(writer: Any, node: recall_question) -> None:
    """End it."""
    writer.body.append("</details>\n")


def visit_asks(writer: Any, node: recall_asks) -> None:
    """Begin its words."""
    writer.body.append("<summary>")


def depart_asks(writer: Any, node: recall_asks) -> None:
    """End them."""
    writer.body.append("</summary>\n")


class recall_page(nodes.General, nodes.Element):
    """Where the list of chapters with questions goes."""


class RecallPage(SphinxDirective):
    """``{recall-page}``: every chapter that asks something, and by a script the questions themselves."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for it, and read the page anew whenever a chapter asks something else."""
        for path in BOOK.glob("*/*.ipynb"):
            self.env.note_dependency(str(path))
        return [recall_page()]


def fill_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list of chapters where the page asks for it: this is all of the page without JavaScript."""
    for place in list(doctree.findall(recall_page)):
        found = nodes.bullet_list(classes=["recall-chapters"])
        for chapter in chapters(app):
            count = len(asked_in(chapter))
            uri = app.builder.get_relative_uri(docname, chapter) + "#recall"
            link = nodes.reference("", title_of(app, chapter), internal=True, refuri=uri)
            found += nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(f" ({count})")))
        place.replace_self(found)


def title_of(app: Sphinx, chapter: str) -> str:
    """Return the number and the title of a chapter."""
    return f"{chapter_numbers()[chapter]}. {app.env.titles[chapter].astext()}"


def chapters(app: Sphinx) -> list[str]:
    """Return the chapters of this build that ask something, in reading order."""
    names = re.findall(r"file: *(\w+/\w+)", (ROOT / "_toc.yml").read_text(encoding="utf8"))
    return [
        name
        for name in names
        if name in app.env.found_docs and (BOOK / f"{name}.ipynb").exists() and asked_in(name)
    ]


_BUILT = re.compile(r'<details class="recall" id="([\w-]+)">\s*<summary>(.*?)</summary>(.*?)</details>', re.S)
_LINK = re.compile(r'(\b(?:href|src)=")(?![a-z]+:|/)([^"]*)"')


def from_page(html: str, chapter: str) -> list[dict[str, str]]:
    """Return the questions of a built chapter; links in them lead from the root of the book."""

    def rooted(found: re.Match[str]) -> str:
        target = found[2]
        if target.startswith("#"):
            return f'{found[1]}{chapter}.html{target}"'
        parts = [*chapter.split("/")[:-1]]
        while target.startswith("../"):
            target = target[3:]
            parts = parts[:-1]
        return f'{found[1]}{"/".join([*parts, target])}"'

    return [
        {"name": name, "asks": _LINK.sub(rooted, asks.strip()), "answer": _LINK.sub(rooted, answer.strip())}
        for name, asks, answer in _BUILT.findall(html)
    ]


def collect(app: Sphinx, error: Exception | None) -> None:
    """Write all questions of the book into one file, chapter by chapter."""
    if error is not None or app.builder.name != "html":
        return
    out, found = Path(app.outdir), []
    for chapter in chapters(app):
        page = (out / f"{chapter}.html").read_text(encoding="utf8")
        asked = from_page(page, chapter)
        assert len(asked) == len(asked_in(chapter)), f"{chapter}: a question did not reach the page"
        found.append({"chapter": chapter, "title": title_of(app, chapter), "questions": asked})
    (out / "_static" / "recall.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf8")


def script(context: dict[str, Any], name: str) -> str:
    """Return the tag that loads a module of `_static`."""
    return f'\n<script type="module" src="{context["pathto"](f"_static/{name}", resource=True)}"></script>\n'


def tell_the_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give a page with questions the script that keeps what was known."""
    if doctree is None:
        return
    if '<svg class="course-graph"' in context.get("body", ""):
        context["body"] += script(context, "progress.mjs")
    elif pagename in chapter_numbers():
        given = {
            "chapter": pagename,
            "map": context["pathto"]("course_map"),
            "exercises": len(app.env.exercise_boxes.get(pagename, ())),
        }
        words = "".join(f' data-{name}="{value}"' for name, value in given.items())
        context["body"] += script(context, "progress.mjs").replace("></", f' id="progress-setup"{words}></')
    if '<details class="recall"' in context.get("body", ""):
        context["body"] += script(context, "recall.mjs")
    elif pagename == PAGE:
        formulas = context["pathto"](f"_static/{app.config.mathjax_path}", resource=True)
        context["body"] += script(context, "recall_page.mjs").replace(
            "></", f' id="recall-setup" data-mathjax="{formulas}"></'
        )


def setup(app: Sphinx) -> None:
    """Connect."""
    app.add_node(recall_question, html=(visit_question, depart_question))
    app.add_node(recall_asks, html=(visit_asks, depart_asks))
    app.add_node(recall_page)
    app.add_directive("recall-page", RecallPage)
    app.add_post_transform(Fold)
    app.connect("doctree-resolved", fill_page)
    app.connect("html-page-context", tell_the_page, priority=610)
    app.connect("build-finished", collect)
