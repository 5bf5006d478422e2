"""What chapters claim: no inequality taken for all of them, and each theorem with what it needs."""

import json
import re
from math import ceil, floor
from pathlib import Path

BELL = [
    "qubits/superposition",
    "qubits/measurement",
    "qubits/entanglement",
    "qubits/no_cloning",
    "qubits/noise",
    "communication/teleportation",
    "communication/entangled_keys",
]


def cells(root: Path, chapter: str, kind: str) -> list[str]:
    notebook = json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


def test_one_over_root_two_is_the_border_of_one_inequality(root):
    for page in BELL:
        for text in cells(root, page, "markdown"):
            assert not re.search(
                r"beats all lists from|no better than a list|Bell inequality is violated only", text
            )
    told = [text for text in cells(root, "qubits/entanglement", "markdown") if "vertesi2008" in text]
    # cited, not computed: Vertesi, arXiv:0806.0096, abstract; local models: Hirsch et al., arXiv:1609.06114
    assert any("$V > 0.7056$" in text and "$V = 0.6829$" in text and "hirsch2017" in text for text in told)
    # the best known: 1.4367 <= K_G(3) <= 1.4546 (Designolle et al., arXiv:2302.04721, abstract), and V = 1 / K_G(3)
    games, lists = ceil(1e4 / 1.4367) / 1e4, floor(1e4 / 1.4546) / 1e4
    assert (games, lists) == (0.6961, 0.6874)
    assert any(
        f"$V > {games}$" in text and f"$V = {lists}$" in text and "designolle2023" in text for text in told
    )
    told = [text for text in cells(root, "communication/entangled_keys", "markdown") if "Above 0.71" in text]
    assert told
    for text in told:
        assert "enough to beat every list, but it is not needed" in text
        assert "above 0.7056 at the latest {cite}`vertesi2008`" in text


def test_what_a_theorem_needs_stands_where_it_is_used(root):
    noise = "\n".join(cells(root, "qubits/noise", "markdown"))
    assert "*if they were not correlated with the qubit before*" in noise
    assert not re.search(r"not\s+entangled with the qubit before", noise)
    entanglement = "\n".join(cells(root, "qubits/entanglement", "markdown"))
    assert "**every round counted**" in entanglement
    assert "a chance of at most 0.039 that lists did it" not in entanglement
    # boxes that tell Eve have any S and keep no secret: the condition stands wherever the bound does
    assert entanglement.count("laboratories let nothing out") == 2
    assert "neither from one side to the other nor to Eve" in entanglement
    assert (
        "for a **pure** state of the three {cite}`coffman2000`" in entanglement
    )  # tests/qubits: 4 det of pure noise
    measurement = "\n".join(cells(root, "qubits/measurement", "markdown"))
    assert (
        "for a detector that starts in a pure state, and at most 1 for any {cite}`englert1996`" in measurement
    )


def test_what_only_some_axes_or_states_do_is_not_said_of_all(root):
    entanglement = "\n".join(cells(root, "qubits/entanglement", "markdown"))
    measurement = "\n".join(cells(root, "qubits/measurement", "markdown"))
    assert not re.search(r"mark of entanglement|its mark is correlation", entanglement)
    assert not re.search(r"Asked another one in between|answer to any other is wiped out", measurement)
    assert not re.search(r"fades exactly|\*makes\*[^.]*there all the time", measurement)


def test_the_glossary_says_what_a_bound_is_for(root):
    glossary = (root / "book" / "appendix" / "glossary.md").read_text(encoding="utf8")
    entries = {entry.split("\n", 1)[0]: " ".join(entry.split()) for entry in glossary.split("\n\n")}
    # Pirandola et al., arXiv:1510.08863, equation 1: bits for each use of one bosonic mode
    assert "*one mode*" in entries["PLOB bound"]
    assert "two modes" in entries["PLOB bound"]
    assert "Every round counts" in entries["device independence"]


def test_a_sum_without_summands_names_whom_it_trusts_and_what_it_tells(root):
    page = "\n".join(cells(root, "networks/secure_aggregation", "markdown"))
    assert not re.search(r"(?:sum|sums) (?:alone )?and nothing (?:else|more)", page)
    # the simulator is for one round and a server alone; what more takes an argument of its own stands beside it
    for condition in (
        "for a server that keeps to the round, alone, and for one-time pads",
        "*Corrupted clients* bring their pads",
        "it is *one* round",
        "whoever has the service *and* the server's messages reads all updates",
        "friends sign whatever the server likes",  # a small circle is stopped by its size, not by signatures
        "if it stays away, so does its noise",
        "come from the operating system's generator",
    ):
        assert condition in page, condition
    card = page[page.index("## Protocol card") : page.index("## What the literature claims")]
    assert "in one round follows from the sum over the honest survivors" in card
    assert "a key service and trusted nodes that do not work with the server" in card
