"""The built chapters link the terms of the glossary, and the glossary leads back to the sections that introduce them."""

import re
from pathlib import Path

# Read by hand in ten chapters: terms that must be linked there, and words that only look like terms.
READ = {
    "applications/finance": ({"QAOA", "QUBO", "one-time pad", "base rate", "trusted node"}, {"gain", "yield"}),
    "communication/bb84": ({"BB84", "Eve", "QBER", "qubit", "basis", "intercept-resend"}, {"wire", "yield"}),
    "communication/continuous_variables": ({"quadrature", "coherent state", "excess noise"}, {"shot", "amplitude"}),
    "communication/fibre": ({"dead time", "afterpulse", "Raman scattering", "twin fields", "yield"}, {"wire"}),
    "communication/satellite": ({"air mass", "QBER", "trusted node"}, {"alignment", "yield", "gain"}),
    "learning/qsvm": ({"kernel", "feature map", "alignment", "geometric difference"}, {"gain"}),
    "learning/reinforcement": ({"policy", "Q-learning", "REINFORCE", "soft value"}, {"gain", "yield"}),
    "networks/federated": ({"federated averaging", "skewed clients", "secure aggregation", "Adam"}, {"gain"}),
    "qubits/noise": ({"Kraus operators", "Choi matrix", "decoherence", "twirl", "shot"}, {"gain"}),
    "qubits/superposition": ({"qubit", "amplitude", "superposition", "Bloch sphere", "wire"}, {"gain"}),
}  # fmt: skip


def terms_of(html: Path, name: str) -> list[str]:
    page = (html / f"{name}.html").read_text(encoding="utf8")
    return re.findall(r'href="\.\./appendix/glossary\.html#(term-[^"]+)"', page)


def anchors(html: Path) -> dict[str, str]:
    page = (html / "appendix/glossary.html").read_text(encoding="utf8")
    said = re.findall(r'<dt id="(term-[^"]+)">(.*?)<a class="headerlink"', page, re.S)
    return {re.sub(r"<[^>]+>", "", term): anchor for anchor, term in said}


def test_every_chapter_links_its_terms_once(html: Path, chapter: str):
    found = terms_of(html, chapter)
    assert len(found) == len(set(found))
    assert 5 <= len(found) <= 40


def test_the_terms_of_ten_chapters_that_were_read_by_hand(html: Path):
    anchor = anchors(html)
    for name, (terms, others) in READ.items():
        found = set(terms_of(html, name))
        assert {anchor[term] for term in terms} - found == set(), name
        assert {anchor[term] for term in others} & found == set(), name


def test_the_glossary_leads_to_sections_that_are_there(html: Path):
    page = (html / "appendix/glossary.html").read_text(encoding="utf8")
    found = re.findall(r'href="\.\./((?:\w+)/\w+)\.html(?:#([^"]+))?"><span class="doc"', page)
    ids = {name: (html / f"{name}.html").read_text(encoding="utf8") for name, _ in found}
    assert [(name, place) for name, place in found if place and f'id="{place}"' not in ids[name]] == []
    assert sum(bool(place) for _, place in found) > 0.9 * len(found)
