"""Measure every stated bound and print one table: `python -m benchmarks [section ...]`.

One thread. Peers that the project does not depend on get an environment each (`.venv-peer-NAME`, from
`benchmarks/peers/NAME.txt`); one that will not install is reported as not installed. The exit code is the number of
bounds that do not hold.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"  # before anything numerical is imported

import importlib
import subprocess
import sys
from pathlib import Path

from benchmarks.harness import ROOT, Row, table

HERE = Path(__file__).parent


def install_peers() -> None:
    """Make or renew the environments of the peers."""
    for wanted in sorted((HERE / "peers").glob("*.txt")):
        home = ROOT / f".venv-peer-{wanted.stem}"
        stamp = home / "stamp"
        if stamp.exists() and stamp.read_text() == wanted.read_text():
            continue
        print(f"installing {wanted.read_text().split()[0]} into {home.name}", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*pip, "-r", str(wanted)], check=False).returncode:
            print(f"{wanted.stem} will not install here", file=sys.stderr)
            (home / "bin" / "python").unlink()  # so that the harness finds no peer
        else:
            stamp.write_text(wanted.read_text())


def main(sections: list[str]) -> int:
    """Run the benchmarks named, or all, and print their rows."""
    known = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    if unknown := set(sections) - set(known):
        sys.exit(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    install_peers()
    rows: list[Row] = []
    for section in sections or known:
        print(f"measuring {section}", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"benchmarks.bench_{section}").rows()
    print(table(rows))
    broken = [row for row in rows if row.holds is False]
    print(f"\n{len(rows)} rows, {sum(row.holds is True for row in rows)} bounds hold, {len(broken)} do not")
    return len(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
