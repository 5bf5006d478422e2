r"""What the search of the book looks through: sentences of chapters, exercises, figures, terms and functions.

Sphinx's own index knows which word stands on which page; its search fetches each page that it found, a quarter of a
megabyte, to show a line of it. This one holds the sentences themselves, so nothing is fetched, and what was found is a
section, an exercise or a figure. Code, outputs, tables and solutions are left out; formulas stand as one would write them
in a letter, `\lvert+\rangle` as |+>. `book/_search.js` reads it.
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

DATA = "search-data.js"
_LEFT_OUT = (
    *(
        nodes.literal_block,
        nodes.doctest_block,
        nodes.raw,
        nodes.comment,
        nodes.table,
        nodes.image,
        nodes.title,
        nodes.section,
    ),
    *(nodes.figure, nodes.system_message, nodes.substitution_definition, addnodes.desc),
)
_BLOCKS = (nodes.paragraph, nodes.math_block, nodes.term, nodes.caption)

# How a letter would write what TeX calls so: each name, and the sign after it.
_NAMES = """
alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ
sigma σ tau τ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Lambda Λ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω langle ⟨
rangle ⟩ lvert | rvert | vert | lVert | rVert | mid | otimes ⊗ oplus ⊕ times × cdot · le ≤ leq ≤ ge ≥ geq ≥ to →
rightarrow → infty ∞ pm ± approx ≈ ne ≠ neq ≠ sum Σ in ∈ sqrt √ hbar ħ dagger † ell l ldots ... dots ...
"""
_FUNCTIONS = "log ln exp sin cos tan max min arg det dim Pr Re Im"
_SIGNS = dict(zip(_NAMES.split()[::2], _NAMES.split()[1::2], strict=True)) | {
    name: name for name in _FUNCTIONS.split()
}
_ONE = r"\{([^{}]*)\}"


def in_letters(tex: str) -> str:
    r"""Return a formula as one would write it in a letter.

    >>> in_letters(r"\lvert+\rangle = \tfrac{1}{\sqrt2}(\ket{0} + \mathrm{e}^{i\varphi} \lvert 1\rangle)")
    '|+⟩ = 1/√2(|0⟩ + e^iφ|1⟩)'
    """
    tex = re.sub(r"\\(?:label|tag|begin|end)\*?\{[^{}]*\}", " ", tex)
    for _ in range(4):  # as deep as braces are nested
        tex = re.sub(rf"\\[dt]?frac\s*{_ONE}\s*{_ONE}", r"\1/\2", tex)
        tex = re.sub(rf"\\ket\s*{_ONE}", r"|\1⟩", tex)
        tex = re.sub(rf"\\bra\s*{_ONE}", r"⟨\1|", tex)
        tex = re.sub(rf"\\braket\s*{_ONE}", r"⟨\1⟩", tex)
        tex = re.sub(
            rf"\\(?:math\w+|operatorname|text\w*|boldsymbol|bar|hat|tilde|vec|overline)\*?\s*{_ONE}",
            r"\1",
            tex,
        )
        tex = re.sub(rf"\\sqrt\s*{_ONE}", r"√\1", tex)
    tex = re.sub(
        r"\\([A-Za-z]+)", lambda found: f"{_SIGNS.get(found[1], '')} " if found[1] in _SIGNS else "", tex
    )
    tex = re.sub(r"\\.|[{}&$~]", "", tex)
    tex = re.sub(r"([|⟨√ΣαβγδεζηθκλμνξπρστφχψωΓΔΛΠΦΨΩ⊗])\s+(?=[\w|⟩⟨+\-√])", r"\1", " ".join(tex.split()))
    return re.sub(r"\s+([⟩)])", r"\1", tex).strip()


def words(node: nodes.Node) -> str:
    """Return what a reader reads in an element, as one line."""
    if isinstance(node, nodes.Text):
        return str(node).replace("\n", " ")
    if isinstance(node, nodes.math):
        return in_letters(node.astext())
    if isinstance(node, nodes.math_block):
        return f" {in_letters(node.astext())} "
    if isinstance(node, _LEFT_OUT) or _machinery(node):
        return ""
    text = "".join(words(child) for child in node.children)
    return f"{text.strip()}\n" if isinstance(node, (*_BLOCKS, nodes.list_item, nodes.definition)) else text


def _machinery(node: nodes.Node) -> bool:
    """Whether an element is code, what code has printed, or a solution."""
    if not isinstance(node, nodes.container):
        return False
    return "exercise-solution" in node["classes"] or node.get("nb_element") in (
        "cell_code_source",
        "cell_code_output",
    )


def one_line(text: str) -> str:
    """Return a text whose blocks are sentences: each ends in a stop."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return " ".join(line if re.search(r"[.!?:;,)]$", line) else f"{line}." for line in lines if line)


def parts_of(doctree: nodes.document, fig_numbers: dict[str, tuple[int, ...]]) -> Iterator[dict[str, Any]]:
    """Yield the parts of a page: where it stands in the page, kind, title, text, and for a term which pages teach it."""
    top = next(iter(doctree.findall(nodes.section)), None)
    for section in doctree.findall(nodes.section):
        kind = "exercise" if "exercise" in section["classes"] else "top" if section is top else "section"
        title = section.next_node(nodes.title)
        text = one_line("".join(words(child) for child in section.children))
        anchor = "" if kind == "top" else section["ids"][0]
        yield {"at": anchor, "kind": kind, "title": words_of_title(title), "text": text}
    for figure in doctree.findall(nodes.figure):
        caption = next(iter(figure.findall(nodes.caption)), None)
        if caption is not None and figure["ids"]:
            name = figure["ids"][0]
            number = ".".join(map(str, fig_numbers.get(name, ())))
            yield {
                "at": name,
                "kind": "figure",
                "title": f"Fig. {number}".strip(" ."),
                "text": one_line(words(caption)),
            }
    for term in doctree.findall(nodes.term):
        if term["ids"] and isinstance(term.parent, nodes.definition_list_item):
            definition = term.parent.next_node(nodes.definition)
            teach = [link["refuri"] for link in term.parent.findall(nodes.reference) if link.get("internal")]
            text = one_line(words(definition)) if definition is not None else ""
            yield {"at": term["ids"][0], "kind": "term", "title": term.astext(), "text": text, "teach": teach}
    for signature in doctree.findall(addnodes.desc_signature):
        if signature["ids"]:
            content = signature.parent.next_node(addnodes.desc_content)
            first = content.next_node(nodes.paragraph) if content is not None else None
            said = one_line(words(first)) if first is not None else ""
            yield {
                "at": signature["ids"][0],
                "kind": "name",
                "title": "",
                "text": said,
            }  # (three thousand: each once)


def words_of_title(title: nodes.title | None) -> str:
    """Return a heading as one line."""
    return " ".join("".join(words(child) for child in title.children).split()) if title is not None else ""


def kept(app: Sphinx, name: str) -> Path:
    """Say where the parts of a page lie until all pages are written: other processes write some of them."""
    return Path(app.doctreedir) / "search" / f"{name.replace('/', '~')}.json"


def collect(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Keep what the search should know of a page that is written."""
    if doctree is None:
        return
    numbers = app.env.toc_fignumbers.get(pagename, {}).get("figure", {})
    chapter = app.env.toc_secnumbers.get(pagename, {}).get("")
    kind = "library" if pagename.startswith("appendix/api/") else "chapter" if chapter else "page"
    title = unescape(re.sub("<[^>]+>", "", context.get("title", pagename)))
    page = {"page": pagename, "title": title, "kind": kind, "parts": list(parts_of(doctree, numbers))}
    path = kept(app, pagename)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(page, ensure_ascii=False), encoding="utf8")


def unknown(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the pages that stand from a build of which nothing was kept: they are written again."""
    if app.builder.name != "html":
        return []
    return [name for name in env.found_docs if name in env.all_docs and not kept(app, name).exists()]


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the data of all pages as one script."""
    if error is not None or app.builder.name != "html":
        return
    pages, parts = [], []
    order = {name: number for number, name in enumerate(sorted(app.env.found_docs))}
    for name in order:
        page = json.loads(kept(app, name).read_text(encoding="utf8")) if kept(app, name).exists() else {}
        pages.append([name, page.get("title", name), page.get("kind", "page")])
        for part in page.get("parts", []):
            entry = [order[name], part["at"], part["kind"], part["title"], part["text"]]
            if part.get("teach"):
                links = [re.sub(r"(?:\.html)?(?:#.*)?$", "", link.lstrip("./")) for link in part["teach"]]
                entry.append(list(dict.fromkeys(order[link] for link in links if link in order)))
            parts.append(entry)
    data = json.dumps({"pages": pages, "parts": parts}, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / DATA).write_text(f"var searchData = {data};\n", encoding="utf8")
    _change_the_page(Path(app.outdir) / "search.html")


def _change_the_page(page: Path) -> None:
    """Let the search page load this data in place of Sphinx's index and its script."""
    text = page.read_text(encoding="utf8")
    theirs = (
        r'\s*<script[^>]*src="(?:_static/)?(?:searchtools|language_data|searchindex)\.js[^"]*"[^>]*></script>'
    )
    text, count = re.subn(theirs, "", text)
    if count:
        page.write_text(
            text.replace("</head>", f'<script defer src="{DATA}"></script>\n</head>', 1), encoding="utf8"
        )


def no_other_index(app: Sphinx) -> None:
    """Spare Sphinx the making of an index that nothing reads."""
    if app.builder.name == "html":
        app.builder.load_indexer = app.builder.index_page = lambda *arguments: None
        app.builder.dump_search_index = lambda: None


def put_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the search into its page: what lies in _static Jupyter Book would put into every page."""
    if pagename == "search":
        app.add_js_file(None, body=(Path(app.confdir) / "_search.js").read_text(encoding="utf8"))


def setup(app: Sphinx) -> None:
    """Connect."""
    app.connect("builder-inited", no_other_index)
    app.connect("env-get-outdated", unknown)
    app.connect("html-page-context", collect)
    app.connect("html-page-context", put_script)
    app.connect("build-finished", write)
