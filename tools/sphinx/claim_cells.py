"""In a chapter each claim leads to the cell that shows its verdict, and to its row in the table of claims.

Which cell that is stands in the table (`claims.py`), so that the two cannot differ. Words of a claim that say *this cell* and
lead to the section around it lead to the cell itself.
"""

import re
from collections import defaultdict

import claims
from docutils import nodes
from sphinx.application import Sphinx

TABLE = "appendix/claims"
SAYS_CELL = re.compile(r"(this|the|the same) cell")


def shown_by() -> dict[str, list[claims.Row]]:
    """Return for each label of a claim its rows in the table."""
    found = defaultdict(list)
    for row in claims.rows():
        for label in row.labels.split():
            found[label.replace("_", "-")].append(row)
    return found


def lead_to_cells(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Add to each claim of a chapter a line that leads to its cell and to its row."""
    if app.builder.format != "html" or not docname.partition("/")[2] or docname == TABLE:
        return
    table = shown_by()
    for box in doctree.findall(nodes.admonition):
        rows = [row for name in box["ids"] for row in table.get(name, ())]
        if not rows:
            continue
        places = dict.fromkeys((row.chapter, row.cell) for row in rows if row.cell)
        links = [_to_cell(app, docname, chapter, cell) for chapter, cell in places]
        if app.env.all_docs.get(TABLE):
            links += [
                _link(f"{row.id} in the table", f"{app.builder.get_relative_uri(docname, TABLE)}#{row.id}")
                for row in rows
            ]
        inside = [piece for link in links for piece in (nodes.Text(", "), link)][1:]
        box += nodes.paragraph(
            "", "", nodes.Text("Shown by " if places else "See "), *inside, classes=["shown-by"]
        )
        for chapter, cell in places:
            if chapter == docname:
                _mend(doctree, box, cell)


def _to_cell(app: Sphinx, docname: str, chapter: str, cell: str) -> nodes.reference:
    if chapter == docname:
        return _link("this cell", f"#cell-{cell}")
    return _link(
        f"a cell of {claims.title(chapter)}", f"{app.builder.get_relative_uri(docname, chapter)}#cell-{cell}"
    )


def _link(words: str, address: str) -> nodes.reference:
    return nodes.reference("", words, refuri=address, internal=True)


def _mend(doctree: nodes.document, box: nodes.admonition, cell: str) -> None:
    """Let words that say *this cell* lead to it, where they led to the section that it stands in."""
    for link in box.findall(nodes.reference):
        section = doctree.ids.get(link.get("refid", ""))
        if section is None or not SAYS_CELL.fullmatch(link.astext()):
            continue
        cells = (node for node in section.findall(nodes.container) if f"cell-{cell}" in node["ids"])
        if next(cells, None) is not None:
            link["refid"] = f"cell-{cell}"


def setup(app: Sphinx) -> None:
    """Connect."""
    app.connect("doctree-resolved", lead_to_cells)
