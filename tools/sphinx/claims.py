"""The claims of the literature, collected from the chapters that examine them.

A chapter labels each claim and gives it an admonition whose title ends in the verdict:

    (claim-bb84-1)=
    ```{admonition} "any communication with the key ... will be detected": conditional
    R, 2.1.2 {cite}`hussein2026`. ...
    ```
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BOOK = Path(__file__).resolve().parents[2] / "book"
VERDICTS = ("true", "false", "conditional")
COLOURS = {"true": "success", "false": "danger", "conditional": "warning"}
_CLAIM = re.compile(r"^\((claim-[\w-]+)\)=\s*\n+(`{3,}|:{3,})\{admonition\} *(.+?)\n(.*?)^\2", re.M | re.S)
_VERDICT = re.compile(rf"[\s:.,*(]*\b({'|'.join(VERDICTS)})\b[\s.*)]*$", re.I)
_SOURCE = re.compile(r"\b([RQIM])\b")


@dataclass(frozen=True)
class Claim:
    """One sentence of an article, and what the chapter found."""

    label: str
    said: str
    verdict: str
    source: str


def claims_of(chapter: Path) -> Iterator[Claim]:
    """Yield the claims of one chapter; refuse a label whose claim has no verdict."""
    cells = json.loads(chapter.read_text(encoding="utf8"))["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    labels = set(re.findall(r"^\((claim-[\w-]+)\)=", text, re.M))
    for label, _, title, body in _CLAIM.findall(text):
        verdict = _VERDICT.search(title)
        source = _SOURCE.search(re.sub(r"^:\w+:.*\n", "", body)) or _SOURCE.search(title)
        if verdict and source:
            labels.discard(label)
            said = title[: verdict.start()].strip()
            yield Claim(label, said, verdict[1].lower(), source[1])
    if labels:
        raise ValueError(
            f"{chapter.name}: {', '.join(sorted(labels))} must be followed by an admonition whose title ends in its "
            f"verdict ({', '.join(VERDICTS)}) and whose text names the article (R, Q, I or M)"
        )


def collected() -> str:
    """Return all claims as MyST, by chapter, in the order of the contents."""
    lines: list[str] = []
    for name in re.findall(r"file: *(\S+)", (BOOK.parent / "_toc.yml").read_text(encoding="utf8")):
        chapter = BOOK / f"{name}.ipynb"
        if not chapter.exists() or not (claims := list(claims_of(chapter))):
            continue
        title = json.loads(chapter.read_text(encoding="utf8"))["cells"][0]["source"]
        lines += ["\n#" + "".join(title).partition("\n")[0] + "\n"]
        for claim in claims:
            badge = f"{{bdg-{COLOURS[claim.verdict]}}}`{claim.verdict}`"
            lines.append(f"- {badge} **{claim.source}** {claim.said} ({{ref}}`shown <{claim.label}>`)")
    return "\n".join(lines) + "\n"
