"""What this book needs of Sphinx beyond its extensions: generated pages, and one address of the repository."""

import re
from typing import Any, ClassVar

import alt_texts
import api_pages
import beside_the_pages
import citations
import claim_cells
import claims
import code_cells
import course_graph
import exercise_boxes
import exercise_python
import glossary_links
import hover
import lecturers
import live_figures
import number_signs
import pace
import page_head
import page_weight
import paper
import pictures
import recall
import search_index
import slide_links
import tables
from jinja2 import Template
from jinja2.sandbox import SandboxedEnvironment
from numpydoc import docscrape_sphinx
from sphinx.application import Sphinx
from sphinx.config import Config


def write_generated(app: Sphinx, config: Config) -> None:
    """Write what is made from the sources of the library and of the chapters, before Sphinx looks for pages."""
    app.documented = {} if config.on_paper else api_pages.write_pages()
    generated = claims.BOOK / "appendix" / "generated"
    api_pages.write_if_new(generated / "claims.txt", claims.collected())
    api_pages.write_if_new(generated / "weeks.txt", lecturers.weeks())
    api_pages.write_if_new(generated / "outcomes.txt", lecturers.outcomes())
    api_pages.write_if_new(generated / "minutes.txt", lecturers.rule())
    api_pages.write_if_new(generated / "slides.txt", slide_links.listed())


def name_the_repository(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the address of `_config.yml` where a page says `{{ repository }}`, code blocks included."""
    options = app.config.html_theme_options
    address = options["repository_url"].rstrip("/")
    path = re.sub(r"^https?://[^/]+/", "", address)
    words = {
        "{{ repository }}": address,
        "{{ binder }}": f"https://mybinder.org/v2/gh/{path}/{app.config.readers_edition_branch}?urlpath=tree",
    }
    for word, text in words.items():
        source[0] = source[0].replace(word, text)


def name_the_chapter(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Say above the sections of a function or class which chapter teaches it: numpydoc would take it for part of the last."""
    module = getattr(obj, "__module__", None) or ""
    chapter = api_pages.chapter_of(module) if what in ("function", "class") else None
    if chapter is not None and not any(
        line.startswith("Taught in :doc:") for line in lines
    ):  # one that says another
        sections = [i - 1 for i, line in enumerate(lines) if i and line and set(line) == {"-"}]
        first = sections[0] if sections else len(lines)
        lines[first:first] = ["", f"Taught in :doc:`{chapter}`.", ""]


class CompiledOnce(SandboxedEnvironment):
    """What numpydoc makes for each docstring; compiling its template each time was a twelfth of all the pages' work."""

    _made: ClassVar[dict[str, Template]] = {}

    def get_template(self, name: str, *others: Any) -> Template:  # type: ignore[override]
        """Return the template, which the first docstring has compiled."""
        if name not in self._made:
            self._made[name] = super().get_template(name, *others)
        return self._made[name]


def setup(app: Sphinx) -> dict[str, object]:
    """Connect."""
    docscrape_sphinx.SandboxedEnvironment = CompiledOnce
    app.connect("config-inited", write_generated, priority=1)
    app.connect("source-read", name_the_repository)
    app.connect("doctree-read", alt_texts.fill_alts)
    app.connect("doctree-read", code_cells.name)
    app.connect("doctree-read", code_cells.tidy)
    app.add_post_transform(code_cells.NameFolds)
    app.connect("autodoc-process-docstring", name_the_chapter, priority=100)
    app.connect("missing-reference", api_pages.resolve_alias)
    citations.setup(app)
    exercise_boxes.setup(app)
    exercise_python.setup(app)
    live_figures.setup(app)
    number_signs.setup(app)
    tables.setup(app)
    recall.setup(app)
    course_graph.setup(app)
    pictures.setup(app)
    pace.setup(app)
    page_head.setup(app)
    beside_the_pages.setup(app)
    search_index.setup(app)
    page_weight.setup(app)
    paper.setup(app)
    slide_links.setup(app)
    claim_cells.setup(app)
    glossary_links.setup(app)
    hover.setup(app)
    return {"version": "1", "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
