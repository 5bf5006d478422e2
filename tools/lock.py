"""Renew constraints.txt: the newest versions that satisfy all extras together, as pip resolves them in an empty environment."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = "book,test,dask,dev,teach"


def main() -> None:
    """Resolve, and write the lock under its own header."""
    lock = ROOT / "constraints.txt"
    header = [line for line in lock.read_text().splitlines() if line.startswith("#")]
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.check_call([sys.executable, "-m", "venv", scratch])
        report = Path(scratch, "report.json")
        pip = [
            f"{scratch}/bin/python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--dry-run",
            "--report",
            str(report),
        ]
        subprocess.check_call([*pip, f"{ROOT}[{EXTRAS}]"])
        found = [item["metadata"] for item in json.loads(report.read_text())["install"]]
    pins = sorted((f"{m['name']}=={m['version']}" for m in found if m["name"] != "qlearn"), key=str.lower)
    lock.write_text("\n".join([*header, *pins]) + "\n")


if __name__ == "__main__":
    main()
