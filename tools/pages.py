"""Turn the chapters that ran into pages, on all cores, with warnings as errors: `tools/pages.py BUILD`.

What `jupyter-book build -W -n --keep-going` does, without its command line: that knows of one core, and of no bar.
"""

import os
import re
import signal
import sys
import time
from io import TextIOBase
from pathlib import Path
from typing import TextIO

from jupyter_book.sphinx import build_sphinx
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
STEP = re.compile(r"(reading sources|writing output)\.\.\. \[\s*(\d+)%\]")
NAMES = {"reading sources": "reading pages", "writing output": "writing pages"}


class Progress(TextIOBase):
    """Takes what Sphinx tells of itself into a file, and makes a bar of how far it is; a line for each step elsewhere."""

    def __init__(self, log: TextIO, out: TextIO) -> None:
        self.log, self.out, self.step, self.rest = log, out, "", ""
        form = "{desc} {percentage:3.0f}% |{bar}|"
        self.bar = tqdm(total=100, bar_format=form, file=out, disable=not out.isatty(), leave=False)

    def write(self, text: str) -> int:
        """Keep a piece of text, and look in its lines for how far it is."""
        plain = COLOUR.sub("", text)
        self.log.write(plain)
        *lines, self.rest = re.split(r"[\r\n]", self.rest + plain)
        for line in lines:
            if found := STEP.match(line.strip()):
                self.at(NAMES[found[1]], int(found[2]))
        return len(text)

    def at(self, step: str, percent: int) -> None:
        """Show a step and how much of it is done."""
        if step != self.step:
            self.step = step
            if self.bar.disable:
                print(step, file=self.out, flush=True)
            self.bar.reset()
            self.bar.set_description_str(step)
        self.bar.update(percent - self.bar.n)

    def flush(self) -> None:
        """Hand on what was kept."""
        self.log.flush()

    def isatty(self) -> bool:
        """Tell Sphinx that nobody sees its colours."""
        return False


def stop_once(number: int, frame: object) -> None:
    """Stop at the first Ctrl-C, and let no second one disturb the tidying up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    """Build the HTML; return the exit code."""
    signal.signal(signal.SIGINT, stop_once)
    build = Path(sys.argv[1])
    began, out = time.monotonic(), sys.stderr
    with open(build / "pages.log", "w", encoding="utf8") as log:
        progress = Progress(log, out)
        stdout, sys.stdout = sys.stdout, progress
        try:
            code = build_sphinx(
                ROOT / "book",
                build / "html",
                noconfig=True,
                path_config=ROOT / "_config.yml",
                confoverrides={
                    "external_toc_path": (ROOT / "_toc.yml").as_posix(),
                    "latex_individualpages": False,
                    "nitpicky": True,
                },
                warningiserror=True,
                keep_going=True,
                jobs=(os.cpu_count() or 1) + 1,  # of these one hands out the pages that the others write
            )
        finally:
            sys.stdout = stdout
            progress.bar.close()
    if isinstance(code, KeyboardInterrupt):
        return 130
    if code:
        kept = (build / "pages.log").relative_to(ROOT) if build.is_relative_to(ROOT) else build / "pages.log"
        print(f"The pages have faults: see above. All that Sphinx said is in {kept}", file=out)
        return 1
    print(f"pages built in {time.monotonic() - began:.0f} s", file=out, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
