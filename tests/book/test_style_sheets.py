"""The style sheets of the book: what is opened is closed, so that no rule falls silently into another block."""

import re
from pathlib import Path

import pytest

SHEETS = sorted(path.name for path in (Path(__file__).resolve().parents[2] / "book" / "_static").glob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_block_is_closed_before_the_next_begins(root: Path, sheet: str):
    text = (root / "book" / "_static" / sheet).read_text(encoding="utf8")
    bare = re.sub(r"/\*.*?\*/|\"[^\"\n]*\"", lambda found: "\n" * found[0].count("\n"), text, flags=re.S)
    depth = 0
    for number, line in enumerate(bare.splitlines(), start=1):
        assert not (line.startswith((".", "@", "#")) and depth), f"line {number} stands within another block: {line}"
        depth += line.count("{") - line.count("}")
        assert depth in {0, 1, 2}, f"line {number}: {line}"
    assert depth == 0
