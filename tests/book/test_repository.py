"""The repository itself: one address, one version, a lock that covers all, commands that exist."""

import ast
import re
import tomllib
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from types import ModuleType

import pytest
import tinycss2
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from pybtex.database import parse_file

import qlearn

BESIDE_THE_LOCK = ("torch", "jax")
"""Extras that the lock does not hold: PyTorch's own bounds do not go with it, and nobody should have to fetch them."""

ORACLES_BESIDE_THE_LOCK = ("qiskit_machine_learning",)
"""Packages that a test compares with where they are, and that are no extra of this one."""

ASKS = re.compile(r"""(?:importorskip|find_spec)\(\s*["'](\w+)""")


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def texts(tracked: list[Path]) -> list[Path]:
    """The text files of the project."""
    return [path for path in tracked if path.suffix not in {".woff", ".js", ".png", ".npz"}]


def test_the_address_stands_in_one_place(texts: list[Path], settings: dict):
    path = re.sub(r"^https?://[^/]+/", "", settings["repository"]["url"])
    naming = {file.name for file in texts if path in file.read_text(encoding="utf8")}
    assert naming == {"_config.yml"}


def test_the_version_is_one(root: Path, project: dict):
    citation = yaml.safe_load((root / "CITATION.cff").read_text())
    assert qlearn.__version__ == project["version"] == citation["version"]
    assert f"## {project['version']}" in (root / "CHANGELOG.md").read_text()


def test_the_lock_holds_every_dependency_within_its_bounds(root: Path, project: dict):
    lines = (root / "constraints.txt").read_text().splitlines()
    lock = {canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in lines if "==" in line}
    assert all(re.fullmatch(r"[\w.-]+==[\w.!+-]+", line) for line in lines if not line.startswith("#"))
    extras = project["optional-dependencies"]
    assert set(BESIDE_THE_LOCK) <= set(extras)
    locked = [bounds for name, bounds in extras.items() if name not in BESIDE_THE_LOCK]
    wanted = [*project["dependencies"], *chain.from_iterable(locked)]
    for requirement in map(Requirement, wanted):
        assert Version(lock[canonicalize_name(requirement.name)]) in requirement.specifier, str(requirement)


def test_the_extras_are_those_of_the_readme(root: Path, project: dict):
    readme = (root / "README.md").read_text()
    (listed,) = re.findall(r"The extras are (.*?)\.\s", readme, re.S)
    assert set(re.findall(r"`(\w+)`", listed)) == set(project["optional-dependencies"]) - {"dev"}
    assert '".[dev]"' in (root / "CONTRIBUTING.md").read_text()


def test_what_a_test_may_skip_for_is_here(root: Path, project: dict):
    """Tests are skipped where numba or an oracle is missing; where this test runs, and in its extras, they must not be."""
    wanted = {name for path in (root / "tests").rglob("*.py") for name in ASKS.findall(path.read_text())}
    extras = chain.from_iterable(project["optional-dependencies"][name] for name in ("test", "fast", "teach"))
    here = {Requirement(extra).name.removesuffix("-grader") for extra in extras}
    beside = {*BESIDE_THE_LOCK, *ORACLES_BESIDE_THE_LOCK}
    assert {"numba", "ldpc", "otter", *BESIDE_THE_LOCK} <= wanted <= here | beside
    assert all(map(find_spec, wanted - beside))


def test_what_is_beside_the_lock_is_tested_all_the_same(root: Path):
    """Once a week, in an environment of its own: every file of tests that asks for it stands in that job."""
    weekly = yaml.safe_load((root / ".github/workflows/newest.yml").read_text())["jobs"]["outside"]["steps"]
    commands = "\n".join(step.get("run", "") for step in weekly)
    assert f'".[{",".join(BESIDE_THE_LOCK)}]"' in commands
    assert all(name.replace("_", "-") in commands for name in ORACLES_BESIDE_THE_LOCK)
    beside = {*BESIDE_THE_LOCK, *ORACLES_BESIDE_THE_LOCK}
    for path in (root / "tests").rglob("test_*.py"):
        if beside & set(ASKS.findall(path.read_text(encoding="utf8"))):
            assert str(path.relative_to(root)) in commands, path.name


def test_every_make_command_that_is_written_down_exists(root: Path):
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), re.M))
    for name in ("README.md", "CONTRIBUTING.md", "book/how_to_run.md", "book/for_lecturers.md", ".ci/run"):
        written = set(re.findall(r"(?:^ *|`|exec )make ([a-z]+)", (root / name).read_text(), re.M))
        assert written <= targets, name


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what Flower imports
@pytest.mark.parametrize(
    "name", ["README.md", "book/index.md", "book/how_to_run.md", "book/for_lecturers.md"]
)
def test_python_in_the_text_runs(root: Path, name: str):
    names: dict[str, object] = {}
    text = (root / name).read_text()
    for code in re.findall(r"^```python\n(.*?)^```", text, re.M | re.S):
        if not code.startswith("%"):
            exec(compile(code, name, "exec"), names)
    if "keys" in names:
        # a quarter of what Eve touches, from about 5e5 sifted bits: sd at most 0.00037; 6 sd: false alarm 2e-9
        fraction = float(re.search(r"fraction=([\d.]+)", text)[1])
        assert names["keys"].qber == pytest.approx(fraction / 4, abs=0.0023)
    if "made" in names:
        assert (names["made"].alice == names["made"].bob).all()
    if "history" in names:
        plain = names["federation"].run()
        for masked, open_ in zip(names["history"].parameters, plain.parameters, strict=True):
            assert abs(masked - open_).max() < 1e-10


def test_no_file_names_a_place_of_one_machine(texts: list[Path]):
    places = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/\w")
    naming = {file.name for file in texts if places.search(file.read_text(encoding="utf8"))}
    assert naming <= {Path(__file__).name}


def test_no_text_holds_a_control_character(texts: list[Path]):
    """A formula that went through an unescaped string has a backspace where it had a backslash and b."""
    control = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
    assert [file.name for file in texts if control.search(file.read_text(encoding="utf8"))] == []


def test_licences_are_whole(root: Path):
    assert "Redistributions in binary form" in (root / "LICENSE").read_text()
    text = (root / "LICENSE-TEXT").read_text()
    assert "Section 8" in text
    assert "Creative Commons Attribution 4.0 International" in text
    assert "Apache License" in (root / "book" / "_mathjax" / "_static" / "mathjax" / "LICENSE").read_text()


def modules_of(root: Path) -> list[Path]:
    """The modules of the library, from its root; an exercise set is as long as its exercises, and tested as such."""
    found = [path.relative_to(root / "qlearn") for path in (root / "qlearn").rglob("*.py")]
    return [path for path in found if path.parts[0] != "exercises" and path.stem != "__init__"]


def test_every_module_has_its_tests_at_the_same_path(root: Path):
    for module in modules_of(root):
        mirror = root / "tests" / module.parent / f"test_{module.stem.lstrip('_')}.py"
        if module.name != "_types.py":  # names of types, which mypy tests
            assert mirror.exists(), f"qlearn/{module} has no {mirror.relative_to(root)}"


def test_every_test_of_a_package_is_a_modules_or_says_whose(root: Path):
    """Tests of a whole package stand one level up, as test_<package>.py; what is about several modules is listed here."""
    about_several = {
        "communication/secret_key/reconciliation/ldpc/test_peg.py",  # tools/peg.py, which makes the codes
        "communication/secret_key/test_faults.py",
        "learning/decision_trees/test_ablation.py",
        "learning/neural_networks/test_switches.py",
        "learning/reinforcement/test_endings.py",
        "learning/test_lazy.py",
    }
    mirrors = {f"{module.parent}/test_{module.stem.lstrip('_')}.py" for module in modules_of(root)}
    packages = {path.parent.relative_to(root / "qlearn") for path in (root / "qlearn").rglob("__init__.py")}
    mirrors |= {f"{path.parent}/test_{path.name}.py" for path in packages}
    for part in set(qlearn.__all__) - {"exercises"}:
        for path in (root / "tests" / part).rglob("test_*.py"):
            inside = str(path.relative_to(root / "tests"))
            assert inside in mirrors | about_several, f"tests/{inside} is the test of no module"
    assert all((root / "tests" / path).exists() for path in about_several)


def lines_of_code(module: Path) -> int:
    """Count the lines that are no docstring, no comment and not empty: what there is to think through."""
    source = module.read_text(encoding="utf8")
    told: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node) is not None
        ):
            words = node.body[0]
            told |= set(range(words.lineno, (words.end_lineno or words.lineno) + 1))
    lines = enumerate(source.splitlines(), 1)
    return sum(bool(line.strip()) and not line.strip().startswith("#") and i not in told for i, line in lines)


def test_every_public_name_is_tested(root: Path):
    """A test names it, or it is what something else returns or holds, by its hints."""
    hints = re.compile(r"-> ([^:]+):|^ *\w+: ([^=\n]+)", re.M)
    library = "".join(path.read_text(encoding="utf8") for path in (root / "qlearn").rglob("*.py"))
    tests = "".join(path.read_text(encoding="utf8") for path in (root / "tests").rglob("*.py"))
    tested = set(re.findall(r"\w+", tests + str(hints.findall(library))))
    public = {
        str(stub.relative_to(root)): set(re.findall(r"\bas (\w+)", stub.read_text(encoding="utf8")))
        for stub in (root / "qlearn").rglob("__init__.pyi")
    }
    assert {stub: names - tested for stub, names in public.items() if names - tested} == {}


def test_a_module_holds_one_idea(root: Path):
    for module in modules_of(root):
        assert lines_of_code(root / "qlearn" / module) <= 250, (
            f"{module} holds two ideas: split it along the concept"
        )


def test_the_course_map_links_what_is_written_and_nothing_else(root: Path, reading_order: list[str]):
    written = {
        str(path.relative_to(root / "book").with_suffix("")) for path in (root / "book").glob("*/*.ipynb")
    }
    linked = set(
        re.findall(r"\{doc\}`(?:[^`<]+<)?([\w/]+)>?`", (root / "book" / "course_map.md").read_text())
    )
    assert {page for page in linked if not page.startswith("appendix/")} == written
    assert written <= set(reading_order)


def test_what_is_cited_is_in_the_bibliography_and_nothing_else(root: Path, claims: ModuleType):
    pages = [path for kind in ("ipynb", "md") for path in (root / "book").rglob(f"*.{kind}")]
    cited = {
        key.strip()
        for page in pages
        for keys in re.findall(r"\{cite[\w:]*\}`([^`]*)`", page.read_text(encoding="utf8"))
        for key in keys.split(",")
    }
    listed = re.findall(
        r"^@\w+\{([^,]+),", (root / "book" / "references.bib").read_text(encoding="utf8"), re.M
    )
    cited |= {row.source for row in claims.rows() if row.source}
    assert sorted(listed) == sorted(cited)


def test_every_source_says_who_what_and_when(root: Path):
    sources = parse_file(str(root / "book" / "references.bib")).entries
    assert [
        key
        for key, entry in sources.items()
        if not entry.persons or not {"title", "year"} <= {field.lower() for field in entry.fields}
    ] == []


def test_every_page_of_the_reference_can_be_written(api_writer):
    """Long before a build: it stops where a public constant has no string under it."""
    documented: dict = {}
    for modules in api_writer.rooms().values():
        for room in modules:
            assert api_writer.page(room, documented).startswith(room.__name__)


def test_style_sheets_close_what_they_open(root: Path):
    for path in sorted((root / "book" / "_static").rglob("*.css")):
        css = path.read_text(encoding="utf8")
        assert css.count("{") == css.count("}"), path.name
        rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
        wrong = [rule.message for rule in rules if rule.type == "error"]
        inside = [one for rule in rules if rule.type == "at-rule" and rule.content for one in rule.content]
        assert wrong + [one.message for one in inside if one.type == "error"] == [], path.name
        # A rule for paper within a rule for phones is a brace that was lost.
        assert not [one for one in inside if one.type == "at-keyword" and one.lower_value == "media"], (
            path.name
        )
