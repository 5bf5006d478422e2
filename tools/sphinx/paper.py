"""The book on paper: what LaTeX is told otherwise than a page of HTML.

The chapters keep the numbers that they have on the pages, in a book of some chapters, too. The code that a page folds is
left out, solutions stand together at the end, each with the page of its exercise, tables that a cell shows as HTML become
tables of LaTeX, and names of the library are no links: the reference of the library is not on paper. `qlearnpaper.sty` says how
all of it looks. Nothing of this is done for any other builder.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import claims
import lecturers
import paper_tables
import yaml
from docutils import nodes
from exercise_boxes import chapter_numbers
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.texescape import escape

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
NAME = "qlearn"
SOLUTIONS = "appendix/exercises"  # the page after which the solutions stand
KINDS = ("chapter-card", "recall", "can-do", "warning")
VERDICT = re.compile(r": (true|false|conditional)\W*$")
# Where a line of code may end that stands within a sentence: a space of no width, which qlearnpaper.sty makes a place to break.
BREAKS = re.compile(r"(?<=[\w)\]}])(?=[(\[{])|(?<=[._/=,])(?=\w)|(?<=\w)(?=\.\w)")


class Box(nodes.Admonition, nodes.Element):
    """A frame with a heading, its first child; `kind` says which."""


def tex(text: str) -> nodes.raw:
    """Return what stands in the file of LaTeX as it is."""
    return nodes.raw("", text, format="latex")


def classes_of(node: nodes.Element) -> list[str]:
    """Return the classes of a node."""
    return list(node.get("classes", []))


class Arrange(SphinxPostTransform):
    """Make a book for paper of all pages together, before MyST-NB has chosen what each cell shows."""

    default_priority = 2
    formats = ("latex",)

    def run(self, **_: Any) -> None:
        """Do everything that needs the whole book in one piece."""
        self.tables()
        self.claims()
        self.solutions()
        self.code()
        self.frames()
        self.wide_tables()
        self.parts()

    def tables(self) -> None:
        """Let LaTeX set the tables that cells show as HTML."""
        for bundle in list(self.document.findall(nodes.container)):
            if bundle.get("nb_element") != "mime_bundle":
                continue
            html = next((one for one in bundle if one.get("mime_type") == "text/html"), None)
            plain = next((one for one in bundle if one.get("mime_type") == "text/plain"), None)
            source = html.astext() if html is not None else ""
            if plain is not None and "<table" in source:
                bundle.replace_self([tex(table) for table in paper_tables.tables(source)])

    def claims(self) -> None:
        """Set the claims as a list: the table of the page is too wide for paper."""
        for raw in list(self.document.findall(nodes.raw)):
            if "claims-table" in raw.astext():
                raw.replace_self(list(claim_list()))

    def solutions(self) -> None:
        """Move the solutions behind the list of exercises, and say at each exercise and each solution where the other is."""
        chapters: dict[str, list[nodes.Node]] = {}
        for section in self.document.findall(nodes.section):
            if "exercise" not in classes_of(section):
                continue
            label = section["names"][0] if section["names"] else section["ids"][0]
            solution = next((c for c in section if "exercise-solution" in classes_of(c)), None)
            level = next(c for c in section if "exercise-level" in classes_of(c))
            title = section.next_node(nodes.title).astext()
            found = [] if solution is None else [c for c in solution if not isinstance(c, nodes.raw)]
            where = rf"; solution on page~\pageref{{solution:{label}}}" if found else ""
            level.replace_self(
                tex(rf"\qlearnlevel{{{level.astext()}{where}}}\phantomsection\label{{task:{label}}}")
            )
            if solution is None or not found:
                continue
            section.remove(solution)
            page = section["docname"]
            heading = (
                rf"\qlearnsolution{{{escape(title.removeprefix('Exercise '), 'xelatex')}}}{{\pageref{{task:{label}}}}}"
                rf"\label{{solution:{label}}}"
            )
            chapters.setdefault(page, []).extend([tex(heading), *found])
        if not chapters:
            return
        last = list(self.document.findall(addnodes.start_of_file))
        place = next((page for page in last if page["docname"] == SOLUTIONS), last[-1])
        where = place.parent.index(place) + 1
        place.parent.insert(where, list(self.solved(chapters)))

    def solved(self, chapters: dict[str, list[nodes.Node]]) -> Iterator[nodes.Node]:
        """Yield the chapter of all solutions."""
        yield tex("\\qlearnunnumbered\n\\chapter{Solutions}\\label{qlearn:solutions}\n")
        for page, found in chapters.items():
            number = chapter_numbers().get(page)
            title = escape(self.env.titles[page].astext(), "xelatex")
            yield tex(rf"\qlearnsolutions{{{f'{number}. ' if number else ''}{title}}}")
            # References within it were made where they stood.
            scope = addnodes.start_of_file("", *found, docname=page)
            yield scope

    def code(self) -> None:
        """Leave out the code that a page folds, and let code within a sentence end a line."""
        for cell in list(self.document.findall(nodes.container)):
            mode = cell.get("hide_mode")
            if cell.get("nb_element") == "cell_code" and mode:
                for part in list(cell):
                    kind = part.get("nb_element")
                    if mode == "all" or kind == f"cell_code_{'source' if mode == 'input' else 'output'}":
                        cell.remove(part)
        for literal in self.document.findall(nodes.literal):
            for text in list(literal.findall(nodes.Text)):
                text.parent.replace(text, nodes.Text(BREAKS.sub("\u200b", text)))

    def frames(self) -> None:
        """Give each box of the pages its kind on paper."""
        for box in list(self.document.findall(nodes.admonition)):
            kind = next((kind for kind in KINDS if kind in classes_of(box)), "plain")
            verdict = VERDICT.search(box.next_node(nodes.title).astext())
            box.replace_self(Box("", *box.children, kind=verdict[1] if verdict else kind, **box.attributes))

    def wide_tables(self) -> None:
        """Let the words of a table wrap where its columns together are wider than a line."""
        for table in self.document.findall(nodes.table):
            columns = list(table.findall(nodes.colspec))
            rows = [[cell.astext() for cell in row] for row in table.findall(nodes.row)]
            rows = [row for row in rows if len(row) == len(columns)]
            longest = [max((len(row[place]) for row in rows), default=1) for place in range(len(columns))]
            if sum(longest) > paper_tables.LINE - paper_tables.GAP * len(columns):
                table["classes"] = [c for c in classes_of(table) if c != "colwidths-auto"] + [
                    "colwidths-given"
                ]
                for column, letters in zip(columns, longest, strict=True):
                    column["colwidth"] = max(paper_tables.LEAST, min(letters, 60))

    def parts(self) -> None:
        """Set headings of parts, and the numbers that the chapters have on the pages."""
        contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8"))
        part_of = {page["file"]: part for part in contents["parts"] for page in part["chapters"]}
        numbers, before = chapter_numbers(), None
        for page in list(self.document.findall(addnodes.start_of_file)):
            part, name = part_of.get(page["docname"]), page["docname"]
            if part is None or page.parent.get("kind") == "solutions" or not page.next_node(nodes.title):
                continue
            said = []
            if part is not before:
                number, _, caption = part["caption"].rpartition(". ")
                said.append(rf"\qlearnpart{{{number}}}{{{escape(caption, 'xelatex')}}}")
                before = part
            said.append(rf"\qlearnchapter{{{numbers[name]}}}" if name in numbers else r"\qlearnunnumbered")
            page.parent.insert(page.parent.index(page), tex("\n".join(said) + "\n"))


def claim_list() -> Iterator[nodes.Node]:
    """Yield the claims of the four articles, each with its verdict and where it is shown."""
    before = None
    for row in claims.rows():
        if row.article != before:
            yield tex(
                rf"\qlearnsolutions{{{row.article}: {escape(claims.ARTICLES[row.article], 'xelatex')}}}"
            )
            before = row.article
        said = [
            escape(text, "xelatex") for text in (row.id, row.section, row.verdict, row.words, row.because)
        ]
        label = tex(rf"\phantomsection\label{{claim:{row.id}}}")
        paragraph = nodes.paragraph(
            "", "", label, tex(r"\qlearnclaim" + "".join(f"{{{text}}}" for text in said))
        )
        shown = addnodes.pending_xref(
            "",
            nodes.inline("", row.chapter, classes=["xref", "std", "std-doc"]),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{row.chapter}",
            refexplicit=False,
            refwarn=True,
            refdoc="appendix/claims",
        )
        paragraph += [nodes.Text(" Shown in "), nodes.emphasis("", "", shown)]
        if row.source:
            paragraph += nodes.Text("; source ")
            paragraph += addnodes.pending_xref(
                "",
                nodes.inline("", row.source, classes=["xref", "cite"]),
                refdomain="cite",
                reftype="p",
                reftarget=row.source,
                refexplicit=False,
                refwarn=False,
                refdoc="appendix/claims",
            )
        paragraph += nodes.Text(".")
        yield paragraph


def visit_box(self: Any, node: Box) -> None:
    """Open a frame; its title is the argument that follows."""
    before = node.parent[node.parent.index(node) - 1]
    for label in node.get("ids", ()):
        if not (isinstance(before, nodes.target) and before.get("refid") == label):  # which makes it itself
            self.body.append(self.hypertarget(label))
    self.body.append(f"\n\\begin{{qlearnbox}}{{{node['kind']}}}")
    self.no_latex_floats += 1


def depart_box(self: Any, node: Box) -> None:
    """Close it."""
    self.body.append("\\end{qlearnbox}\n")
    self.no_latex_floats -= 1


def not_on_paper(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, said: nodes.TextElement
) -> nodes.Node | None:
    """Let a reference to what is not on paper be its words: to the library, or a page that a small book leaves out."""
    target = node.get("reftarget", "")
    if node.get("refdomain") == "py":
        return said
    if node.get("reftype") == "doc":
        page = target.lstrip("/") if target.startswith("/") else f"{Path(node['refdoc']).parent}/{target}"
        path = BOOK / page
        if path.with_suffix(".ipynb").exists() and not node["refexplicit"]:
            return nodes.inline("", lecturers.chapter(page).title)
        if path.with_suffix(".ipynb").exists() or path.with_suffix(".md").exists() or "/api/" in page:
            return said
    if node.get("reftype") in ("ref", "numref", "term") and env.config.on_paper == "some pages":
        return said
    return None


def settings(app: Sphinx, config: Config) -> None:
    """Say what LaTeX makes of the book, before its builder begins."""
    if not config.on_paper:
        return
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]["version"]
    address = config.html_theme_options["repository_url"].rstrip("/")
    config.latex_documents = [
        (config.root_doc, f"{NAME}.tex", config.project_title, config.author, "manual", True)
    ]
    config.latex_additional_files = [str(Path(__file__).parent / "qlearnpaper.sty")]
    config.latex_table_style = ["booktabs"]
    config.latex_use_xindy = False
    config.latex_elements = {
        "papersize": "a4paper",
        "pointsize": "11pt",
        "extraclassoptions": "oneside,openany",
        "figure_align": "!htbp",
        "fncychap": "",
        "fontpkg": "",
        "polyglossia": "",
        "babel": r"\usepackage[english]{babel}",
        "printindex": "",
        "makeindex": "",
        "tableofcontents": r"\qlearncontents",
        "maketitle": rf"\qlearntitle{{{version}}}{{{address}}}",
        "sphinxsetup": (
            "hmargin={29mm,29mm}, vmargin={25mm,27mm}, pre_border-width=0pt, pre_border-radius=0pt, pre_padding=5pt, "
            "verbatimwrapslines=true, "
            "verbatimforcewraps=true, verbatimhintsturnover=false, TitleColor={RGB}{20,40,70}, "
            "InnerLinkColor={RGB}{11,92,140}, OuterLinkColor={RGB}{11,92,140}, "
            "VerbatimColor={RGB}{246,246,243}"
        ),
        "preamble": r"\usepackage{qlearnpaper}",
    }


def setup(app: Sphinx) -> None:
    """Connect; what is connected does nothing unless LaTeX is the builder."""
    app.add_config_value("on_paper", "", "env", [str])
    app.add_config_value("project_title", "", "env", [str])
    app.add_node(Box, latex=(visit_box, depart_box))
    app.add_post_transform(Arrange)
    app.connect("config-inited", settings)
    app.connect("missing-reference", lambda *said: not_on_paper(*said) if said[0].config.on_paper else None)
