"""Make or renew the project's own environment, .venv: run with the system's Python, `python3 tools/environment.py book test`.

Plain `venv` and `pip`, nothing else. A second run finds the environment fresh and takes milliseconds. (No syntax
newer than Python 3.6 here, so that an old Python can say that it is old.)
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "qlearn-stamp")
NEEDS = (3, 11)


def explain(problem):
    """Stop, with a sentence that says what to do."""
    sys.exit("qlearn: " + problem)


def check_python():
    """Refuse a Python that cannot make the environment."""
    if sys.version_info < NEEDS:
        explain(
            "Python %d.%d or newer is needed, and this is %s. Name another one: make PYTHON=python3.12 ..."
            % (NEEDS + (sys.version.split()[0],))
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        explain("this Python has no venv module. On Debian and Ubuntu: sudo apt-get install python3-venv")


def is_ours():
    """Tell whether .venv runs, stands where it was made, and is of this Python's version."""
    try:
        with open(os.path.join(VENV, "pyvenv.cfg")) as file:
            made = dict(line.rstrip("\n").split(" = ", 1) for line in file if " = " in line)
    except OSError:
        return False
    moved = "command" in made and not made["command"].endswith(VENV)
    same_version = made.get("version", "").split(".")[:2] == [str(n) for n in sys.version_info[:2]]
    return not moved and same_version and subprocess.call([PYTHON, "-c", ""], stderr=subprocess.DEVNULL) == 0


def read(name):
    """Return the bytes of a file of the project."""
    with open(os.path.join(ROOT, name), "rb") as file:
        return file.read()


def main(extras):
    """Bring .venv up to date with pyproject.toml and constraints.txt, with at least these extras."""
    check_python()
    if not (os.path.exists(PYTHON) and is_ours()):
        print("qlearn: making .venv (the first time takes a few minutes)", flush=True)
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.check_call([sys.executable, "-m", "venv", VENV])

    wanted = hashlib.sha256(read("pyproject.toml") + read("constraints.txt")).hexdigest()
    try:
        with open(STAMP) as file:
            stamp, *installed = file.read().split()
    except (OSError, ValueError):
        stamp, installed = "", []
    if stamp == wanted and set(extras) <= set(installed):
        return

    extras = sorted(set(extras) | set(installed))
    print("qlearn: installing qlearn[%s] into .venv" % ",".join(extras), flush=True)
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--compile", "--disable-pip-version-check"]
    command += ["-c", os.path.join(ROOT, "constraints.txt"), "-e", "%s[%s]" % (ROOT, ",".join(extras))]
    if subprocess.call(command):
        explain("pip could not install the packages; its message is above. Is there a network?")
    with open(STAMP, "w") as file:
        file.write("\n".join([wanted] + extras) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
