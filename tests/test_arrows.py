"""No module takes a name from a package above its own: by the stub it could come from any module, and no arrow would be seen."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def taken(module: Path) -> Iterator[tuple[str, str]]:
    """Yield (package, name) of all that a module imports by name, also within a function."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf8"))):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", name.name) for name in node.names)


def is_a_file(package: str, name: str) -> bool:
    path = ROOT.joinpath(*package.split("."), name)
    return path.is_dir() or path.with_suffix(".py").exists()


def test_no_module_takes_a_name_from_a_package_above_it():
    for module in (ROOT / "qlearn").rglob("*.py"):
        parts = module.relative_to(ROOT).with_suffix("").parts
        above = {".".join(parts[:k]) for k in range(2, len(parts))}
        if module.stem == "__init__" or parts[1] == "exercises":
            continue
        wrong = [f"{a}.{b}" for a, b in taken(module) if a in above and not is_a_file(a, b)]
        assert not wrong, (
            f"{module.relative_to(ROOT)} imports {', '.join(wrong)}: import from the module that defines it"
        )
