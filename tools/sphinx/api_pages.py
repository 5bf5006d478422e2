"""The API reference: one page a module, written from what the module holds; any name leads to the one entry."""

import ast
import importlib
import importlib.util
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.pycode import ModuleAnalyzer

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "book" / "appendix" / "api" / "generated"
PARTS = {
    "qubits": "Qubits",
    "communication": "Quantum communication",
    "learning": "Quantum learning",
    "control": "Learning on the link",
    "networks": "Quantum intelligence networks",
    "applications": "Applications and limits",
}

# Where an object is defined (module, qualified name) -> the name it is documented by.
Documented = dict[tuple[str, str], str]


def rooms() -> dict[str, list[ModuleType]]:
    """Return the modules that have a page, by the heading they stand under."""
    found: dict[str, list[ModuleType]] = {}
    for part, heading in PARTS.items():
        if (ROOT / "qlearn" / part / "__init__.py").exists():
            package = importlib.import_module(f"qlearn.{part}")
            names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
            found[heading] = [
                importlib.import_module(f"{package.__name__}.{name}")
                for name in names
                if not name.startswith("_")
            ]
    found["Beside the parts"] = [
        importlib.import_module(f"qlearn.{name}") for name in ("evidence", "exercises", "plotting")
    ]
    return found


def public_names(room: ModuleType) -> list[str]:
    """Return the functions, classes and constants that a module is there for, in the order of its source."""
    listed = getattr(room, "__all__", None)
    if listed is not None:
        return [name for name in listed if not inspect.ismodule(getattr(room, name))]
    explained = {
        name for owner, name in ModuleAnalyzer.for_module(room.__name__).find_attr_docs() if not owner
    }
    return [
        name
        for name, value in vars(room).items()
        if not name.startswith("_")
        and (getattr(value, "__module__", None) == room.__name__ if callable(value) else name in explained)
    ]


@cache
def chapter_of(module: str) -> str | None:
    """Return the page of the chapter that teaches a module: the one its docstring names, else that of its path or its package.

    >>> chapter_of("qlearn.communication.bb84.sifting")
    '/communication/bb84'
    """
    if not module.startswith("qlearn."):
        return None
    # Read, not imported: what Flower itself loads asks for Flower, which is an extra.
    source = importlib.util.find_spec(module)
    text = Path(source.origin).read_text(encoding="utf8") if source and source.origin else ""
    named = re.search(r"^Taught in :doc:`(.*)`\.$", ast.get_docstring(ast.parse(text)) or "", re.M)
    path = module.partition(".")[2].replace(".", "/")
    if named:
        return named[1]
    if (ROOT / "book" / f"{path}.ipynb").exists():
        return f"/{path}"
    return chapter_of(module.rpartition(".")[0])


def shown_name(room: ModuleType, name: str) -> str:
    """Return the shortest name by which a reader can import it: `qlearn.qubits.ket`, not its file."""
    parts = room.__name__.split(".")
    for end in range(2, len(parts)):
        package = importlib.import_module(".".join(parts[:end]))
        if getattr(package, name, None) is getattr(room, name):
            return f"{package.__name__}.{name}"
    return f"{room.__name__}.{name}"


def members(cls: type) -> list[str]:
    """Return the options that show a class with what it inherits from our own classes, and nothing of others'."""
    foreign = [base.__name__ for base in cls.__mro__ if not base.__module__.startswith("qlearn")]
    routing = [
        name for name in dir(cls) if name.startswith("set_") and name.endswith("_request")
    ]  # scikit-learn's own
    return [
        "   :members:",
        f"   :inherited-members: {', '.join(foreign)}",
        *([f"   :exclude-members: {', '.join(routing)}"] if routing else []),
    ]


def constant(room: ModuleType, name: str) -> list[str]:
    """Return what stands under a constant where it is made: asked itself, it would speak of its type."""
    for module in sorted(name for name in sys.modules if f"{name}.".startswith(f"{room.__name__}.")):
        docs = ModuleAnalyzer.for_module(module).find_attr_docs()
        if ("", name) in docs:
            return docs[("", name)]
    raise LookupError(f"{room.__name__}.{name} is public: a string under it has to say what it is")


def page(room: ModuleType, documented: Documented) -> str:
    """Write the page of one module in reStructuredText, and note what it documents."""
    shelves: dict[
        str, tuple[list[str], list[str]]
    ] = {}  # the package it is imported from -> summary, entries
    for name in public_names(room):
        value, shown = getattr(room, name), shown_name(room, name)
        kind = "class" if inspect.isclass(value) else "function" if callable(value) else "data"
        defined = (room.__name__, name) if kind == "data" else (value.__module__, value.__qualname__)
        if defined in documented or shown in documented.values():
            continue
        documented[defined] = shown
        summary, entries = shelves.setdefault(shown.rpartition(".")[0], ([], []))
        if kind == "data":
            entries += [f".. py:data:: {name}", "", *(f"   {line}" for line in constant(room, name)), ""]
        else:
            summary.append(f"   {name}")
            entries += [f".. auto{kind}:: {name}", *(members(value) if kind == "class" else []), ""]

    lines = [
        room.__name__,
        "=" * len(room.__name__),
        "",
        f".. automodule:: {room.__name__}",
        "   :no-members:",
    ]
    for package, (summary, entries) in shelves.items():
        lines += ["", f".. currentmodule:: {package}", ""]
        lines += [".. autosummary::", "", *summary, ""] if summary else []
        lines += entries
    return "\n".join(lines)


def write_if_new(path: Path, text: str) -> None:
    """Leave an equal file alone, so that Sphinx does not read it again."""
    if not path.exists() or path.read_text(encoding="utf8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf8")


def write_pages() -> Documented:
    """Generate a page a module and the list of them, and forget those of modules that are gone."""
    documented: Documented = {}
    contents, written = [], set()
    for heading, modules in rooms().items():
        contents += [f"\n## {heading}\n"]
        for room in modules:
            write_if_new(PAGES / f"{room.__name__}.rst", page(room, documented))
            written.add(f"{room.__name__}.rst")
            first = (inspect.getdoc(room) or "").partition("\n\n")[0].replace("\n", " ")
            contents.append(f"- {{doc}}`generated/{room.__name__}`: {first}")
    write_if_new(PAGES / "contents.txt", "\n".join(contents) + "\n")
    for path in PAGES.glob("*.rst"):
        if path.name not in written:
            path.unlink()
    return documented


def candidates(node: pending_xref) -> Iterator[str]:
    """Yield the full names that a reference may mean, nearest first."""
    target, module = node["reftarget"].lstrip("~."), node.get("py:module") or ""
    if node.get("py:class"):
        yield f"{module}.{node['py:class']}.{target}"
    while module:
        yield f"{module}.{target}"
        module = module.rpartition(".")[0]
    yield target


def find(name: str) -> tuple[str, object] | None:
    """Import a dotted name as far as it goes; return the module it is taken from, and the object."""
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


def documented_name(name: str, documented: Documented) -> Iterator[str]:
    """Yield the entries that `name` may lead to: its own, its class's for a member, one of the same last name."""
    found = find(name)
    if not name.startswith("qlearn.") or found is None:
        return
    above, _, last = name.rpartition(".")
    owner = find(above)
    if owner and inspect.isclass(owner[1]):
        shown = documented.get((owner[1].__module__, owner[1].__qualname__))
        if shown:
            yield from (f"{shown}.{last}", shown)
    module, value = found
    key = (getattr(value, "__module__", module), getattr(value, "__qualname__", last))
    if key in documented:
        yield documented[key]
    yield from (text for text in documented.values() if text.endswith(f".{last}"))


def resolve_alias(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.Element
) -> nodes.Element | None:
    """Point a reference at the one place that documents its object, whichever name it was called by."""
    if node.get("refdomain") != "py":
        return None
    objects = env.get_domain("py").objects
    for name in candidates(node):
        for shown in documented_name(name, app.documented):
            if shown in objects:
                docname, node_id, *_ = objects[shown]
                uri = app.builder.get_relative_uri(node["refdoc"], docname)
                return nodes.reference("", "", contnode, internal=True, refuri=f"{uri}#{node_id}")
    return None
