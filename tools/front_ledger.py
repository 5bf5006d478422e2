"""The still picture of the ledger on the front page: drawn from the library, in the look of its live figure.

``python tools/front_ledger.py`` writes it anew; a test says that the library still gives its numbers.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import ceil, floor
from pathlib import Path

from qlearn.communication.secret_key import Ledger, PhaseErrorBound, hashing_margin, sample_sizes
from qlearn.communication.secret_key.finite_key import failure_of_one_basis
from qlearn.communication.secret_key.verification import tag_bits
from qlearn.plotting import COLORS
from qlearn.qubits.entropies import binary_entropy

PICTURE = Path(__file__).resolve().parents[1] / "book" / "_static" / "front_ledger.svg"
SIFTED, QBER, EFFICIENCY, SECURITY, CORRECTNESS = 500_000, 0.03, 1.1, 1e-10, 1e-15
FRAME = 2**14
"""Bits of a frame of Cascade."""
ROW = 29


def ledger(sifted: int = SIFTED, qber: float = QBER) -> Ledger:
    """Return the ledger of a session of fair bases that meets its error rate exactly, with the best sample.

    What Eve may know stands in two lines: what the errors seen explain, and what the sample leaves open.
    """
    half = sifted // 2
    sizes = sample_sizes({"Z": half, "X": half}, security=SECURITY, expected_qber=qber)
    kept = {basis: half - size for basis, size in sizes.items()}
    errors: dict[str, int] = {basis: qber * size for basis, size in sizes.items()}  # type: ignore[misc]
    bound = PhaseErrorBound.of(sizes, errors, kept, failure_of_one_basis(SECURITY))
    n, entropy = sum(kept.values()), float(binary_entropy(qber))
    said = floor(EFFICIENCY * n * entropy + 0.5)
    frames, tag = tag_bits(n, FRAME, CORRECTNESS)
    margin, seen = hashing_margin(SECURITY), floor(n * entropy + 0.5)
    length = floor(bound.secret_bits() - margin) - said - frames * tag
    eve = n - said - frames * tag - length - ceil(margin)
    return (
        Ledger()
        .add("sift", "sifted", sifted)
        .add("estimate", "compared in public", -sum(sizes.values()))
        .add("reconcile", "said to correct errors", -said)
        .add("verify", "check that both keys are equal", -frames * tag)
        .add("amplify", "Eve: the errors seen", -seen)
        .add("amplify", "Eve: what the sample leaves open", seen - eve)
        .add("amplify", "safety margin", -ceil(margin))
        .add("authenticate", "to know who speaks, paid back", -512)
    )


def _rows(book: Ledger) -> Iterator[str]:
    most = book.entries[0].bits
    inks = ["alice", "grey", "orange", "grey", "eve", "eve", "grey", "grey", "bob"]
    spans = [(0, most), *pairwise(book.balances), (0, book.left)]
    words = [(entry.what, entry.bits) for entry in book.entries] + [("secret key", book.left)]
    for k, ((what, bits), (start, end), ink) in enumerate(zip(words, spans, inks, strict=True)):
        left, right = (2 + 414 * min(start, end) / most, 2 + 414 * max(start, end) / most)
        number = f"{bits:,}".replace("-", "−")
        yield f'<text x="7" y="{k * ROW + 13}">{what}</text>'
        yield f'<text x="416" y="{k * ROW + 13}" text-anchor="end">{number}</text>'
        yield (
            f'<rect x="{left:.2f}" y="{k * ROW + 17}" width="{max(1.0, right - left):.2f}" height="9" '
            f'fill="{COLORS[ink]}"/>'
        )


def picture() -> str:
    """Return the drawing, SVG."""
    height = 9 * ROW + 4
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 {height}" width="630" height="{1.5 * height:g}" '
            'font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#1a1a1a">',
            f'<rect width="420" height="{height}" fill="#fff"/>',
            *_rows(ledger()),
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf8")
