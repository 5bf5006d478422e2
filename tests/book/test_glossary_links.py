"""Terms of the glossary are links where a chapter first says them: once each, in its own words, in the sense of the glossary."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes


@pytest.fixture(scope="module")
def links(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("tools/sphinx/glossary_links.py")


def chapter(*sections: tuple[str, list[nodes.Node]]) -> nodes.document:
    """A document with a title and these sections, as one of the build."""
    document = new_document("chapter")
    whole = nodes.section("", nodes.title("", "A qubit"), ids=["a-qubit"])
    for title, inside in sections:
        whole += nodes.section("", nodes.title("", title), *inside, ids=[title.lower().replace(" ", "-")])
    document += whole
    return document


def words(*inside: str | nodes.Node, **attributes: object) -> nodes.paragraph:
    made = (nodes.Text(one) if isinstance(one, str) else one for one in inside)
    return nodes.paragraph("", "", *made, **attributes)


def linked(
    links: ModuleType, document: nodes.document, docname: str = "qubits/noise"
) -> list[tuple[str, str]]:
    """The links that are made: words and terms."""
    env = SimpleNamespace(docname=docname, doc2path=lambda name: f"{name}.ipynb", term_places={})
    links.link(SimpleNamespace(env=env), document)
    linked.places = env.term_places.get(docname)
    found = document.findall(addnodes.pending_xref)
    return [(one.astext(), one["reftarget"]) for one in found if one["reftype"] == "term"]


def test_the_first_use_is_linked_and_no_other(links):
    text = words(
        "Two qubits make a Bell\nstate. A qubit, ", nodes.emphasis("", "twirled"), ", and Bell states."
    )
    document = chapter(("One", [text]), ("Two", [words("Qubit, twirls.")]))
    assert linked(links, document) == [
        ("qubits", "qubit"),
        ("Bell\nstate", "Bell state"),
        ("twirls", "twirl"),
    ]
    assert text.astext() == "Two qubits make a Bell\nstate. A qubit, twirled, and Bell states."


def test_the_longest_term_is_taken(links):
    document = chapter(("One", [words("Reverse reconciliation, then reconciliation; an entangling cloner.")]))
    assert linked(links, document) == [
        ("Reverse reconciliation", "reverse reconciliation"),
        ("reconciliation", "reconciliation"),
        ("entangling cloner", "entangling cloner"),
    ]


def test_words_that_hold_a_term_are_none(links):
    text = "Shot-noise; qubitless; the legal basis; basis vectors; amplitude damping; a GILBERT CHANNEL; eve."
    assert linked(links, chapter(("One", [words(text)]))) == []


@pytest.mark.parametrize(
    "inside",
    [
        words(nodes.literal("", "qubit")),
        words(nodes.reference("", "qubit", refuri="x")),
        words("They say “that a qubit is both at once”."),
        words('They say "that a qubit is both at once".'),
        nodes.admonition("", nodes.title("", "qubit"), words("A box")),
        nodes.container("", words("A qubit"), classes=["chapter-card"]),
        nodes.container("", words("A qubit"), classes=["admonition", "recall"]),
        nodes.container("", nodes.literal_block("", "qubit"), nb_element="cell_code"),
        nodes.figure("", nodes.caption("", "A qubit")),
    ],
)
def test_what_is_not_the_running_text_of_a_chapter_stays(links, inside):
    assert linked(links, chapter(("One", [inside]))) == []


def test_the_exercises_stay_and_so_does_a_page_that_is_no_chapter(links):
    for title in ("Exercises", "Checks", "Further reading"):
        assert linked(links, chapter((title, [words("A qubit")]))) == []
    env = SimpleNamespace(docname="how_to_run", doc2path=lambda name: f"{name}.md", term_places={})
    document = chapter(("One", [words("A qubit")]))
    links.link(SimpleNamespace(env=env), document)
    assert not list(document.findall(addnodes.pending_xref))


def test_a_word_in_another_sense_stays(links):
    text = [words("The wire"), words("shots")]
    assert linked(links, chapter(("One", text)), "communication/bb84") == [("shots", "shot")]
    assert ("wire", "wire") in linked(links, chapter(("One", [words("The wire")])))


def test_the_section_that_introduces_a_term_puts_it_in_italics_or_in_its_title(links):
    document = chapter(
        ("First", [words("A twirl, a kernel, a cloner.")]),
        ("The kernel", [words("The kernel is")]),
        ("Later", [words("A ", nodes.emphasis("", "twirl"), " is a mean.")]),
    )
    linked(links, document)
    assert linked.places == {"twirl": "later", "kernel": "the-kernel", "cloner": "first"}


def test_a_term_that_is_said_in_other_words_is_introduced_where_they_stand(links):
    assert "qubits/noise" in links.terms()["trace distance"]
    document = chapter(
        ("First", [words("A trace.")]), ("Second", [words("Distances, by half the traces of |A|.")])
    )
    assert linked(links, document) == []
    assert linked.places == {"trace distance": "second"}


def test_an_entry_leads_to_that_section(links):
    reference = nodes.reference("", "Noise", refuri="../qubits/noise.html")
    elsewhere = nodes.reference("", "BB84", refuri="../communication/bb84.html")
    item = nodes.definition_list_item(
        "", nodes.term("", "twirl"), nodes.definition("", words("A mean. ", reference, elsewhere))
    )
    document = new_document("glossary")
    document += nodes.definition_list("", item)
    app = SimpleNamespace(env=SimpleNamespace(term_places={"qubits/noise": {"twirl": "later"}}))
    links.lead_to_sections(app, document, "appendix/glossary")
    assert [one["refuri"] for one in (reference, elsewhere)] == [
        "../qubits/noise.html#later",
        "../communication/bb84.html",
    ]


def test_what_two_processes_have_read_is_put_together(links):
    env, other = (
        SimpleNamespace(term_places={"a": {"x": "1"}}),
        SimpleNamespace(term_places={"b": {"y": "2"}}),
    )
    links.merge(None, env, ["b"], other)
    assert env.term_places == {"a": {"x": "1"}, "b": {"y": "2"}}
    env.all_docs = {"appendix/glossary": 0}
    assert links.renew(None, env) == ["appendix/glossary"]
    assert links.renew(None, env) == []
    links.purge(None, env, "b")
    assert links.renew(None, env) == ["appendix/glossary"]
