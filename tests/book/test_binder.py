"""Binder: repo2docker accepts what `binder/` says, and the environment it describes runs a chapter."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CHAPTER = "communication/bb84.ipynb"


def test_repo2docker_reads_the_folder(root: Path, tmp_path: Path):
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(root)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said[-3000:]
    assert "python=3.11" in said or "environment.py-3.11" in said, said[-3000:]
    assert 'binder/requirements.txt"' in said
    assert "binder/postBuild" in said


@pytest.mark.filterwarnings("default")
def test_its_environment_runs_a_chapter(root: Path, installed: Callable[..., Path], tmp_path: Path):
    python = installed("-r", "binder/requirements.txt", extras={"book"})
    environment = python.parents[1]

    def run(*command: str, cwd: Path = root) -> None:
        ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert ran.returncode == 0, (ran.stdout + ran.stderr)[-3000:]

    kernel = str(environment / "share" / "jupyter")
    run(str(python), "-m", "ipykernel", "install", "--prefix", str(environment), "--name", "python3")
    execute = f"""
import nbformat, os
from nbclient import NotebookClient
os.environ["JUPYTER_PATH"] = {kernel!r}
NotebookClient(nbformat.read({str(root / "book" / CHAPTER)!r}, as_version=4), kernel_name="python3").execute()
"""
    run(str(python), "-c", execute, cwd=tmp_path)
    run("bash", "-c", f'PATH="{environment}/bin:$PATH" bash binder/postBuild')
