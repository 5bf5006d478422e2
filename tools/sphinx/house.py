"""What the book needs of Sphinx beyond its extensions: API pages, names under every alias, one repository address."""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

ROOT = Path(__file__).resolve().parents[2]
API = ROOT / "book" / "appendix" / "api"
PARTS = ("qubits", "communication", "learning", "control", "networks")

Documented = dict[tuple[str, str], str]  # (module, qualified name) where it is defined -> name it is documented by


def rooms() -> Iterator[ModuleType]:
    """Yield the modules that have a page: every concept of a part, then the exercises and the plots."""
    for part in PARTS:
        if not (ROOT / "qlearn" / part / "__init__.py").exists():
            continue
        package = importlib.import_module(f"qlearn.{part}")
        for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name):
            if not module.name.startswith("_"):
                yield importlib.import_module(f"{package.__name__}.{module.name}")
    for name in ("exercises", "plotting"):
        yield importlib.import_module(f"qlearn.{name}")


def public_names(room: ModuleType) -> list[str]:
    """Return the functions, classes and constants that a module is there for, in the order of its source."""
    listed = getattr(room, "__all__", None)
    if listed is not None:
        return [name for name in listed if not inspect.ismodule(getattr(room, name))]
    return [
        name
        for name, value in vars(room).items()
        if not name.startswith("_")
        and (getattr(value, "__module__", None) == room.__name__ if callable(value) else name.isupper())
        and not inspect.ismodule(value)
    ]


def shown_name(room: ModuleType, name: str) -> str:
    """Return the shortest name by which a reader can import it: `qlearn.qubits.ket`, not its file."""
    parts = room.__name__.split(".")
    for end in range(2, len(parts)):
        package = importlib.import_module(".".join(parts[:end]))
        if getattr(package, name, None) is getattr(room, name):
            return f"{package.__name__}.{name}"
    return f"{room.__name__}.{name}"


def page(room: ModuleType, documented: Documented) -> str:
    """Write the page of one module in reStructuredText, and note what it documents."""
    shelves: dict[str, tuple[list[str], list[str]]] = {}  # the package it is imported from -> summary, entries
    for name in public_names(room):
        value, shown = getattr(room, name), shown_name(room, name)
        kind = "class" if inspect.isclass(value) else "function" if callable(value) else "data"
        defined = (room.__name__, name) if kind == "data" else (value.__module__, value.__qualname__)
        if defined in documented or shown in documented.values():
            continue
        documented[defined] = shown
        summary, entries = shelves.setdefault(shown.rpartition(".")[0], ([], []))
        if kind != "data":
            summary.append(f"   {name}")
        entries += [f".. auto{kind}:: {name}", *(["   :members:"] if kind == "class" else []), ""]

    # A function may bear the name of its file, as qlearn.qubits.density does; then the name is the function's.
    hidden = ["   :no-index:"] if room.__name__ in documented.values() else []
    lines = [room.__name__, "=" * len(room.__name__), "", f".. automodule:: {room.__name__}", "   :no-members:", *hidden, ""]
    for package, (summary, entries) in shelves.items():
        lines += [f".. currentmodule:: {package}", ""]
        lines += [".. autosummary::", "", *summary, ""] if summary else []
        lines += entries
    return "\n".join(lines)


def write_if_new(path: Path, text: str) -> None:
    """Leave an equal file alone, so that Sphinx does not read it again."""
    if not path.exists() or path.read_text(encoding="utf8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf8")


def write_api(app: Sphinx, config: Config) -> None:
    """Generate a page a module, and forget those of modules that are gone."""
    sys.path.insert(0, str(ROOT))
    documented: Documented = {}
    pages = {f"{room.__name__}.rst": page(room, documented) for room in rooms()}
    for name, text in pages.items():
        write_if_new(API / "generated" / name, text)
    for stale in {path.name for path in (API / "generated").glob("*.rst")} - set(pages):
        (API / "generated" / stale).unlink()
    app.house_documented = documented


def candidates(node: pending_xref) -> Iterator[str]:
    """Yield the full names that a reference may mean, nearest first."""
    target = node["reftarget"].lstrip("~.")
    for where in (node.get("py:class"), node.get("py:module")):
        while where:
            module = node.get("py:module") or ""
            yield f"{where}.{target}" if where.startswith("qlearn") else f"{module}.{where}.{target}"
            where = where.rpartition(".")[0]
    yield target


def find(name: str) -> tuple[str, object] | None:
    """Import a dotted name as far as it goes; return where its object is defined and the object."""
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            value: object = importlib.import_module(".".join(parts[:end]))
        except ImportError:
            continue
        try:
            for attribute in parts[end:]:
                value = getattr(value, attribute)
        except AttributeError:
            return None
        return ".".join(parts[:end]), value
    return None


def resolve_alias(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.Element
) -> nodes.Element | None:
    """Point a reference at the one place that documents its object, whichever name it was called by."""
    if node.get("refdomain") != "py":
        return None
    documented: Documented = app.house_documented
    for name in candidates(node):
        if not name.startswith("qlearn.") or not (found := find(name)):
            continue
        module, value = found
        last = name.rpartition(".")[2]
        key = (getattr(value, "__module__", module), getattr(value, "__qualname__", last))
        shown = documented.get(key)
        if shown is None and "." in key[1]:  # a method or property: by its class
            owner = documented.get((key[0], key[1].rpartition(".")[0]))
            shown = f"{owner}.{last}" if owner else None
        if shown is None:
            shown = next((text for text in documented.values() if text.endswith(f".{last}")), None)
        if shown is None:
            continue
        domain = env.get_domain("py")
        for title in (shown, shown.rpartition(".")[0]):
            if title in domain.objects:
                docname, node_id, *_ = domain.objects[title]
                uri = app.builder.get_relative_uri(node["refdoc"], docname)
                return nodes.reference("", "", contnode, internal=True, refuri=f"{uri}#{node_id}")
    return None


def name_the_repository(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the address of `_config.yml` where a page says `{{ repository }}`, code blocks included."""
    if "{{" in source[0] and not source[0].lstrip().startswith("{\n"):
        options = app.config.html_theme_options
        address = options["repository_url"].rstrip("/")
        words = {
            "repository": address,
            "repository_path": re.sub(r"^https://github\.com/", "", address),
            "branch": options.get("repository_branch", "main"),
        }
        source[0] = re.sub(r"\{\{ (\w+) \}\}", lambda m: words.get(m[1], m[0]), source[0])


def setup(app: Sphinx) -> dict[str, object]:
    """Connect."""
    app.connect("config-inited", write_api, priority=1)
    app.connect("source-read", name_the_repository)
    app.connect("missing-reference", resolve_alias)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
