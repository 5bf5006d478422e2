"""Terms of the glossary: linked where a chapter first says them, and back to the section that teaches them.

A chapter's source says nothing of this. The first time that its text says a term (not in a heading, code, a link, the card,
words of others or an exercise), the term becomes a link to its entry; and the entry's link to a chapter that teaches it leads
to the section there that introduces it.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

BOOK = Path(__file__).resolve().parents[2] / "book"
GLOSSARY = "appendix/glossary"

# Chapters that use a term in another sense, an everyday one as a rule. A new chapter whose text uses one so is added here.
OTHER_SENSE = {
    "alignment": {"communication/satellite"},
    "amplitude": {"communication/continuous_variables", "learning/circuit_search"},
    "fixed point": {"networks/superdense_link"},
    "gain": {
        "applications/finance",
        "applications/hospital",
        "applications/routing_6g",
        "communication/eavesdropping",
        "communication/entangled_keys",
        "communication/key_management",
        "communication/photons",
        "communication/quantum_network",
        "communication/repeaters",
        "communication/satellite",
        "control/adaptive_qkd",
        "control/channel_estimation",
        "control/side_channels",
        "control/state_selection",
        "learning/barren_plateaus",
        "learning/circuit_search",
        "learning/comparison",
        "learning/decision_trees",
        "learning/encodings",
        "learning/neural_networks",
        "learning/optimisation",
        "learning/reinforcement",
        "networks/distillation",
        "networks/federated",
        "networks/orchestration",
        "networks/secure_aggregation",
        "networks/superdense_link",
        "qubits/no_cloning",
        "qubits/superposition",
    },
    "shot": {"communication/continuous_variables"},
    "wire": {
        "applications/telemetry",
        "communication/bb84",
        "communication/fibre",
        "communication/secret_key",
    },
    "yield": {
        "communication/bb84",
        "communication/eavesdropping",
        "communication/satellite",
        "communication/secret_key",
        "control/state_selection",
    },
}
# Words that hold a term and mean another thing.
OTHER_WORDS = (
    r"legal basis|radial basis|basis (?:vector|function)s?|amplitude (?:amplification|damping)|fixed-point"
)
NO_TEXT = (
    nodes.title, nodes.literal, nodes.literal_block, nodes.reference, addnodes.pending_xref, nodes.math, nodes.math_block,
    nodes.raw, nodes.caption, nodes.footnote, nodes.thead, nodes.comment, nodes.citation, addnodes.download_reference,
)  # fmt: skip
NO_BOX = {"chapter-card", "exercise", "recall", "can-do", "cell"}
NO_SECTION = {"Exercises", "Checks", "Recall", "Further reading"}
QUOTED = re.compile(r'["“][^"“”]{15,}["”]')


class Place(NamedTuple):
    """A piece of text, where it stands in its node, and the term that it says."""

    node: nodes.Text
    start: int
    end: int
    term: str


@cache
def terms() -> dict[str, set[str]]:
    """Return the terms as the glossary has them, each with the pages that teach it."""
    text = (BOOK / f"{GLOSSARY}.md").read_text(encoding="utf8")
    entries = text.partition("```{glossary}\n")[2].partition("```")[0].strip().split("\n\n")
    return {entry.splitlines()[0]: set(re.findall(r"\{doc\}`/([\w/]+)`", entry)) for entry in entries}


def forms(term: str) -> str:
    """Return the pattern of a term: each of several with commas between, in the plural too, over the end of a line."""
    words = (r"\s+".join(map(re.escape, form.split())) for form in term.split(", "))
    said = "|".join(re.sub(r"(?<=[^aeiou])y$", "(?:y|ie)", form) for form in words)
    return rf"(?:{said})(?:s|es)?"


def pattern(term: str) -> re.Pattern[str]:
    """Return what finds a term as a word of its own; small letters also stand for large ones."""
    return re.compile(rf"(?<![\w`-])(?:{forms(term)})(?![\w`-])", re.I if term.islower() else 0)


@cache
def all_terms() -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Return what finds any term, of several that begin alike the longest, and the term of each of its groups."""
    longest = tuple(sorted(terms(), key=len, reverse=True))
    groups = (f"((?i:{forms(term)}))" if term.islower() else f"({forms(term)})" for term in longest)
    return re.compile(rf"(?<![\w`-])(?:(?i:{OTHER_WORDS})|{'|'.join(groups)})(?![\w`-])"), longest


def prose(doctree: nodes.document) -> Iterator[nodes.Text]:
    """Yield the pieces of text of a chapter that are its own running text."""
    for text in doctree.findall(nodes.Text):
        for node in ancestors(text):
            if isinstance(node, NO_TEXT) or NO_BOX & set(node.get("classes", ())):
                break
            if isinstance(node, nodes.section) and node[0].astext() in NO_SECTION:
                break
            if isinstance(node, nodes.container) and node.get("nb_element", "").startswith("cell_code"):
                break
        else:
            yield text


def ancestors(node: nodes.Node) -> Iterator[Any]:
    """Yield what a node stands in, from inside out."""
    while (node := node.parent) is not None:
        yield node


def said(doctree: nodes.document, docname: str) -> Iterator[Place]:
    """Yield each time that a chapter's text says a term, in the sense of the glossary."""
    find, longest = all_terms()
    for node in prose(doctree):
        text = node.astext()
        quoted = [found.span() for found in QUOTED.finditer(text)]
        for found in find.finditer(text):
            if not found.lastindex:  # other words
                continue
            term = longest[found.lastindex - 1]
            of_others = any(start <= found.start() < end for start, end in quoted)
            if not of_others and docname not in OTHER_SENSE.get(term, ()):
                yield Place(node, *found.span(), term)


def link(app: Sphinx, doctree: nodes.document) -> None:
    """Link the first use of each term in a chapter, and note in which section it is introduced."""
    env, docname = app.env, app.env.docname
    places = _places(env)
    places.pop(docname, None)
    if Path(env.doc2path(docname)).suffix != ".ipynb":
        return
    found = list(said(doctree, docname))
    places[docname] = {**_paraphrased(doctree, docname), **_introduced(found)}
    first: dict[str, Place] = {}
    for place in found:
        first.setdefault(place.term, place)
    of_node: dict[nodes.Text, list[Place]] = {}
    for place in first.values():
        of_node.setdefault(place.node, []).append(place)
    for node, here in of_node.items():
        text, pieces, at = node.astext(), list[nodes.Node](), 0
        for place in sorted(here, key=lambda place: place.start):
            pieces += [
                nodes.Text(text[at : place.start]),
                _reference(text[place.start : place.end], place.term, docname),
            ]
            at = place.end
        node.parent.replace(node, [*pieces, nodes.Text(text[at:])])


def _reference(words: str, term: str, docname: str) -> nodes.Node:
    return addnodes.pending_xref(
        "", nodes.inline(words, words), refdomain="std", reftype="term", reftarget=term, refexplicit=True,
        refwarn=True, refdoc=docname,
    )  # fmt: skip


def _introduced(found: list[Place]) -> dict[str, str]:
    """Return for each term the section that introduces it: which puts it in italics, or in its title, or says it first."""
    best: dict[str, tuple[int, str]] = {}
    for place in found:
        section = next((node for node in ancestors(place.node) if isinstance(node, nodes.section)), None)
        if section is None or isinstance(section.parent, nodes.document):
            continue
        emphasised = isinstance(place.node.parent, nodes.emphasis | nodes.strong)
        titled = pattern(place.term).search(section[0].astext())
        rank = 0 if emphasised and titled else 1 if emphasised else 2 if titled else 3
        if rank < best.get(place.term, (4, ""))[0]:
            best[place.term] = rank, section["ids"][0]
    return {term: id for term, (_, id) in best.items()}


def _paraphrased(doctree: nodes.document, docname: str) -> dict[str, str]:
    """Return for each term of this chapter the first section that has its words in one paragraph, bent as they may be."""
    stems = {
        term: [word[:5] for word in re.findall(r"\w+", term.lower())]
        for term, pages in terms().items()
        if docname in pages
    }
    found: dict[str, str] = {}
    for part in doctree.findall(lambda node: isinstance(node, nodes.title | nodes.paragraph)):
        section = next((node for node in ancestors(part) if isinstance(node, nodes.section)), None)
        if section is None or isinstance(section.parent, nodes.document) or section[0].astext() in NO_SECTION:
            continue
        text = part.astext().lower()
        for term, words in stems.items():
            if all(word in text for word in words):
                found.setdefault(term, section["ids"][0])
    return found


def _places(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """Return for each chapter its terms and the sections that introduce them, as the build remembers it."""
    if not hasattr(env, "term_places"):
        env.term_places = {}
    return env.term_places


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a chapter that is read anew."""
    _places(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take what another process has read."""
    _places(env).update({name: found for name, found in _places(other).items() if name in docnames})


def renew(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the glossary again when a chapter has moved what it introduces."""
    told, before = _places(env), getattr(env, "term_places_told", None)
    env.term_places_told = {name: dict(found) for name, found in told.items()}
    return [GLOSSARY] if told != before and GLOSSARY in env.all_docs else []


def lead_to_sections(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let each entry of the glossary lead to the section that introduces its term."""
    if docname != GLOSSARY:
        return
    for item in doctree.findall(nodes.definition_list_item):
        term = item[0].astext()
        for reference in item.findall(nodes.reference):
            page = re.fullmatch(r"\.\./(.+)\.html", reference.get("refuri", ""))
            if page and (place := _places(app.env).get(page[1], {}).get(term)):
                reference["refuri"] += f"#{place}"


def setup(app: Sphinx) -> None:
    """Connect."""
    app.connect("doctree-read", link, priority=900)  # when boxes of exercises are made
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", renew)
    app.connect("doctree-resolved", lead_to_sections)
