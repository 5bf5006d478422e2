"""Every public name is used: in a chapter, an exercise, a page, a benchmark, the example of another name or another package.

A name counts where it is read, not where it is imported; the imports say which of several equal names is meant. A type is
used, too, where something that is used takes, holds or returns it.
"""

import ast
import doctest
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from textwrap import dedent

Object = tuple[str, str]
"""What a name means in the end: the module that defines it, and its name there."""

Scope = dict[str, str]
"""What the names of a text stand for: name -> dotted path."""


def imports(tree: ast.AST, package: str = "") -> Scope:
    """The names of the library that a text imports, wherever in it."""
    scope: Scope = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                scope[name.asname or name.name.split(".")[0]] = (
                    name.name if name.asname else name.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: package.count(".") + 2 - node.level] if node.level else []
            base = ".".join([*above, node.module] if node.module else above)
            scope |= {name.asname or name.name: f"{base}.{name.name}" for name in node.names}
    return {name: path for name, path in scope.items() if path.startswith("qlearn")}


def definitions(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """The functions, classes and values that a module defines."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node
        elif isinstance(node, ast.Assign):
            yield from ((target.id, node) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.If | ast.Try):
            yield from definitions([*node.body, *node.orelse])


def paths(tree: ast.AST, scope: Scope) -> Iterator[str]:
    """The dotted paths that a text reads, as its scope has them: `bb84.sift` is `qlearn.communication.bb84.sift`."""
    waiting: list[tuple[ast.AST, Scope]] = [(tree, scope)]
    while waiting:
        node, scope = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda):  # its own names hide those outside
            own = {inner.arg for inner in ast.walk(node) if isinstance(inner, ast.arg)}
            own |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            scope = {name: path for name, path in scope.items() if name not in own}
        after, base = [], node
        while isinstance(base, ast.Attribute):
            after.append(base.attr)
            base = base.value
        if isinstance(base, ast.Name) and isinstance(base.ctx, ast.Load) and base.id in scope:
            yield ".".join([scope[base.id], *reversed(after)])
        waiting += ((child, scope) for child in ast.iter_child_nodes(node))


def hints(node: ast.stmt) -> Iterator[ast.expr]:
    """The types that a function takes and returns, that a class holds, and that a value or an alias is made of."""
    if isinstance(node, ast.FunctionDef):
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg]
        yield from (hint for hint in (*(arg and arg.annotation for arg in given), node.returns) if hint)
    elif isinstance(node, ast.ClassDef):
        for name, inner in definitions(node.body):
            if not name.startswith("_") or name in {"__init__", "__call__"}:
                yield from hints(inner)
        for inner in ast.walk(node):
            if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Attribute):
                yield inner.annotation  # self.tree_: Tree = ...
    elif isinstance(node, ast.AnnAssign):
        yield node.annotation
    elif isinstance(node, ast.Assign):
        yield node.value


def blocks(text: str) -> str:
    """The Python of a page: its blocks, and the lines of a table of names, which test_coming_from runs."""
    found = re.findall(r"^```(?:python|\{code-block\} python)\n(.*?)^```", text, re.M | re.S)
    if "| There | Here |" in text:
        found += re.findall(r"^\| .* \| `([^\n]+)` \|$", text, re.M)
    return "\n".join(re.sub(r"^(%.*|:\w+:.*)$", "", code, flags=re.M) for code in found)


def cells(text: str) -> str:
    """The code of a chapter."""
    code = ("".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code")
    return re.sub(r"^\s*[%!].*$", "", "\n".join(code), flags=re.M)


def example(text: str) -> ast.Module:
    """What the examples of a docstring run."""
    return ast.parse("".join(example.source for example in doctest.DocTestParser().get_examples(text)))


class Library:
    """The modules of the library, the faces of its packages, and the uses of what they show."""

    def __init__(self, root: Path) -> None:
        self.root = root
        modules = {
            ".".join(path.relative_to(root).with_suffix("").parts): path
            for path in (root / "qlearn").rglob("*.py")
        }
        modules = {name.removesuffix(".__init__"): path for name, path in modules.items()}
        packages = {name for name, path in modules.items() if path.stem == "__init__"}
        self.trees = {name: ast.parse(path.read_text(encoding="utf8")) for name, path in modules.items()}
        self.home = {name: name if name in packages else name.rpartition(".")[0] for name in modules}
        self.scopes = {name: imports(tree, self.home[name]) for name, tree in self.trees.items()}
        self.defined: dict[str, dict[str, list[ast.stmt]]] = {}
        for module, tree in self.trees.items():
            here = self.defined[module] = defaultdict(list)
            for name, node in definitions(tree.body):
                here[name].append(node)
                self.scopes[module][name] = f"{module}.{name}"
        self.faces = {}
        for name in packages:
            stub = modules[name].with_suffix(".pyi")
            if stub.exists():
                self.faces[name] = imports(ast.parse(stub.read_text(encoding="utf8")), name)

    def find(self, path: str) -> Object | None:
        """What a dotted path leads to; the attributes of an object belong to it."""
        at, *names = path.split(".")
        while at in self.trees and names:
            name, *names = names
            if f"{at}.{name}" in self.trees:
                at = f"{at}.{name}"
            elif name in self.defined[at]:
                return at, name
            elif there := self.faces.get(at, self.scopes[at]).get(name):
                return self.find(".".join([there, *names]))
            else:
                return None
        return None

    def public(self) -> dict[str, Object]:
        """The public names, as they are imported, with what they mean; packages and modules are none."""
        found = {
            f"{package}.{name}": self.find(path)
            for package, face in self.faces.items()
            for name, path in face.items()
            if path not in self.trees
        }
        assert all(found.values()), [name for name, what in found.items() if not what]
        return {name: what for name, what in found.items() if what}

    def read(self, tree: ast.AST, scope: Scope) -> set[Object]:
        """The objects of the library that a text reads."""
        return {what for path in paths(tree, scope) if (what := self.find(path))}

    def uses(self) -> dict[Object, set[str]]:
        """Where each object is used: the kinds of its uses."""
        kinds: dict[Object, set[str]] = defaultdict(set)
        public = set(self.public().values())
        for kind, trees in self.texts().items():
            for tree in trees:
                for what in self.read(tree, imports(tree)):
                    kinds[what].add(kind)
        for module, tree in self.trees.items():
            exercise = module.startswith("qlearn.exercises")
            for what in self.read(tree, self.scopes[module]):
                if exercise or self.home[what[0]] != self.home[module]:
                    kinds[what].add("exercise" if exercise else "library")
            for owner, node in [
                (None, tree),
                *((name, n) for n in tree.body for name, n in definitions([n])),
            ]:
                shown = owner is None or exercise or (module, owner) in public
                for what in self.examples(module, node) if shown else ():
                    if what != (module, owner):
                        kinds[what].add("exercise" if exercise else "example")
        return self.with_types(kinds)

    def texts(self) -> dict[str, list[ast.Module]]:
        """The texts outside the library that use it, by kind."""
        made = {"_build", "generated", ".ipynb_checkpoints"}
        book = [
            path
            for path in (self.root / "book").rglob("*.*")
            if not made & set(path.relative_to(self.root).parts)
        ]
        pages = [self.root / "README.md", *(path for path in book if path.suffix == ".md")]
        chapters = [path for path in book if path.suffix == ".ipynb"]
        benchmarks = (self.root / "benchmarks").rglob("*.py")
        return {
            "chapter": [ast.parse(cells(path.read_text(encoding="utf8"))) for path in chapters],
            "page": [ast.parse(blocks(path.read_text(encoding="utf8"))) for path in pages],
            "benchmark": [ast.parse(path.read_text(encoding="utf8")) for path in benchmarks],
        }

    def examples(self, module: str, node: ast.AST) -> set[Object]:
        """What the examples of a docstring read; those of a class include its methods'."""
        inner = ast.walk(node) if isinstance(node, ast.ClassDef) else [node]
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        trees = [example(ast.get_docstring(n) or "") for n in inner if isinstance(n, documented)]
        scope = self.scopes[module]
        return set(chain.from_iterable(self.read(tree, scope | imports(tree)) for tree in trees))

    def with_types(self, kinds: dict[Object, set[str]]) -> dict[Object, set[str]]:
        """The uses, and those of the types that what is used takes, holds or returns."""
        waiting = list(kinds)
        while waiting:
            module, name = waiting.pop()
            for hint in chain.from_iterable(map(hints, self.defined[module][name])):
                for what in self.read(hint, self.scopes[module]):
                    if isinstance(self.defined[what[0]][what[1]][0], ast.FunctionDef):
                        continue  # what a value is computed by is no type
                    if what not in kinds:
                        waiting.append(what)
                    kinds[what].add("type")
        return kinds

    def unused(self) -> list[str]:
        """The public names that nothing uses."""
        uses = self.uses()
        return sorted(name for name, what in self.public().items() if what not in uses)


def test_every_public_name_is_used(root: Path):
    """Use it where the book wants it, or take it off the stub: a name that nobody needs is a name too many."""
    assert Library(root).unused() == []


TOY = {
    "qlearn/__init__.py": "",
    "qlearn/__init__.pyi": "from . import near as near, far as far",
    "qlearn/near/__init__.py": "",
    "qlearn/near/__init__.pyi": """
        from .keys import Keys as Keys, alone as alone, gain as gain, neighbour as neighbour, sift as sift
        from .keys import helped as helped, imported as imported
    """,
    "qlearn/near/keys.py": """
        class Keys: ...
        def sift() -> Keys: ...

        def alone():
            '''
            >>> alone(), neighbour()
            '''
            return helped()

        def _private():
            '''
            >>> alone()
            '''

        def neighbour(): ...
        def helped(): ...
        def imported(): ...
        def gain(): ...
    """,
    "qlearn/far/__init__.py": "",
    "qlearn/far/__init__.pyi": "from .rates import rate as rate, sift as sift",
    "qlearn/far/rates.py": """
        from qlearn.near import gain
        def sift(): ...
        def rate(gain):
            return gain
    """,
    "README.md": """
        ```python
        from qlearn import far
        far.rate(sift=1)
        ```
    """,
    "book/near.ipynb": """
        from qlearn.near import imported
        from qlearn import near as far
        %matplotlib inline
        far.sift().rate
    """,
}


def test_a_name_without_a_use_is_found(tmp_path: Path):
    """No use are: an import, an example of its own, a helper's place in its package, an argument, an equal name."""
    for name, text in TOY.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        source = dedent(text)
        if path.suffix == ".ipynb":
            source = json.dumps({"cells": [{"cell_type": "code", "source": [source]}]})
        path.write_text(source, encoding="utf8")
    toy = Library(tmp_path)
    names = ["far.sift", "near.alone", "near.gain", "near.helped", "near.imported"]
    assert toy.unused() == [f"qlearn.{name}" for name in names]
    uses = toy.uses()
    assert {name: uses[what] for name, what in toy.public().items() if what in uses} == {
        "qlearn.far.rate": {"page"},
        "qlearn.near.Keys": {"type"},
        "qlearn.near.neighbour": {"example"},
        "qlearn.near.sift": {"chapter"},
    }
