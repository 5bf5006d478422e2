"""Make or renew the project's own environment, .venv: run with the system's Python, `python3 tools/environment.py book test`.

Plain `venv` and `pip`, nothing else. A second run finds the environment fresh and takes milliseconds. With
`--browser` it sees to a Chromium, too; `--system` is the part for which one must be root, alone. What lacks is
installed where it may be, by root with apt-get, and said in one line where not, before anything is made or run.
`--oldest` makes .venv-oldest instead, with the oldest versions that pyproject.toml allows. (No syntax newer than
Python 3.6 here, so that an old Python can say that it is old.)
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "qlearn-stamp")
NEEDS = (3, 11)
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# What the tests of the library take beside the oldest versions of what it imports.
OLDEST_TOOLS = (
    "pytest",
    "pytest-xdist",
    "hypothesis",
    "nbval",
    "pandas",
    "pyyaml",
    "numpydoc",
    "qiskit-aer",
    "dask",
    "etsi-qkd-014-client",
    "schemathesis",
    "optuna",
    "dp-accounting",
    "galois",
    "statsmodels",
    "filterpy",
)
PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)


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


def has_venv():
    """Tell whether this Python can make an environment; Debian and Ubuntu keep that in a package of its own."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def runs(program):
    """Tell whether a browser starts: Ubuntu's chromium-browser may be a stub, Playwright's may lack libraries."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.call([program, "--version"], **quiet) == 0
    except OSError:
        return False


def browser():
    """Return the path of the system's Chromium, the one without windows first; None if it has none that starts."""
    found = filter(None, map(shutil.which, BROWSERS))
    return next((path for path in found if runs(path)), None)


def distribution():
    """Return the name of this Linux, as it gives it itself; empty elsewhere."""
    try:
        with open("/etc/os-release") as file:
            return (
                dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line).get("ID", "").strip('"')
            )
    except OSError:
        return ""


def lacking(with_browser, with_make=False):
    """Return the packages that a fresh Debian or Ubuntu still wants."""
    packages = [name for name in ("make", "git") if with_make and not shutil.which(name)]
    if not has_venv():
        packages.append("python%d.%d-venv" % sys.version_info[:2])
    if with_browser and distribution() == "debian" and not browser():  # Ubuntu's package is a snap
        packages.append(
            "chromium-headless-shell"
        )  # the part without windows: smaller, and the tests run faster
    return packages


def install(packages):
    """Install system packages as root and with apt-get; return whether all are there now."""
    if not packages:
        return True
    if os.geteuid() or not shutil.which("apt-get"):
        return False
    print("qlearn: installing %s with apt-get" % ", ".join(packages), flush=True)
    settings = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    return not (
        subprocess.call(["apt-get", "update", "-qq"], env=settings, stdin=subprocess.DEVNULL)
        or subprocess.call(command + packages, env=settings, stdin=subprocess.DEVNULL)
    )


def check_system(with_browser):
    """See to what the environment stands on, before anything is made: a venv module, and a way to a browser."""
    check_python()
    install(lacking(with_browser))
    if not has_venv():
        explain(
            "this Python has no venv module. On Debian and Ubuntu: sudo apt-get install python%d.%d-venv"
            % sys.version_info[:2]
        )
    if with_browser and not (browser() or playwrights()):
        print("qlearn: no Chromium on this machine; Playwright will bring its own", flush=True)


def playwrights():
    """Return the path of the Chromium that Playwright has downloaded, None if it has none that starts."""
    try:
        told = subprocess.check_output([PYTHON, "-c", PLAYWRIGHT], stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):  # no environment yet, or one without Playwright
        return None
    path = told.decode().strip()
    return path if runs(path) else None


def fetch_browser():
    """Let Playwright download its Chromium, unless there is one."""
    if browser() or playwrights():
        return
    command = [PYTHON, "-m", "playwright", "install", "chromium"]
    if not os.geteuid():
        command.insert(-1, "--with-deps")  # the libraries that it stands on, by the system's packages
    if subprocess.call(command) or not playwrights():
        explain(
            "the tests want a Chromium that starts, and Playwright could not bring one. On Debian: sudo apt-get "
            "install chromium; elsewhere: sudo .venv/bin/python -m playwright install --with-deps chromium"
        )


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


def oldest():
    """Return what the library imports at the lower bounds of pyproject.toml, and the tools that test it.

    What those import in their turn is as new as it gets: that is what somebody meets who has not upgraded for years.
    """
    import tomllib  # of Python 3.11, as the project is

    project = tomllib.loads(read("pyproject.toml").decode("utf8"))["project"]
    bounds = [re.match(r"([\w.-]+)>=([\w.]+)", wanted).groups() for wanted in project["dependencies"]]
    extras = [wanted for extra in project["optional-dependencies"].values() for wanted in extra]
    tools = [wanted for wanted in extras if re.match(r"[\w-]+", wanted).group() in OLDEST_TOOLS]
    return ["%s==%s" % bound for bound in bounds] + sorted(set(tools))


def bring(extras, packages):
    """Make the environment and let pip install the packages, unless it is fresh and has these extras."""
    name = os.path.basename(VENV)
    if not (os.path.exists(PYTHON) and is_ours()):
        print("qlearn: making %s (the first time takes a few minutes)" % name, flush=True)
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
    print("qlearn: installing qlearn[%s] into %s" % (",".join(extras), name), flush=True)
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--compile", "--disable-pip-version-check"]
    if subprocess.call(command + packages(extras)):
        explain("pip could not install the packages; its message is above. Is there a network?")
    with open(STAMP, "w") as file:
        file.write("\n".join([wanted] + extras) + "\n")


def locked(extras):
    """Return what pip is told: the project with these extras, at the versions of the lock."""
    return ["-c", os.path.join(ROOT, "constraints.txt"), "-e", "%s[%s]" % (ROOT, ",".join(extras))]


def main(extras, with_browser=False):
    """Bring .venv up to date with pyproject.toml and constraints.txt, with at least these extras."""
    check_system(with_browser)
    bring(extras, locked)
    if with_browser:
        fetch_browser()


def main_oldest():
    """Bring .venv-oldest up to date with pyproject.toml."""
    global VENV, PYTHON, STAMP
    VENV = os.path.join(ROOT, ".venv-oldest")
    PYTHON, STAMP = os.path.join(VENV, "bin", "python"), os.path.join(VENV, "qlearn-stamp")
    check_system(False)
    if sys.version_info >= (3, 13):
        explain("the oldest versions are older than this Python; name one: make oldest PYTHON=python3.11")
    bring([], lambda extras: ["-e", ROOT] + oldest())


if __name__ == "__main__":
    asked = [word for word in sys.argv[1:] if not word.startswith("--")]
    if "--system" in sys.argv:
        packages = lacking(with_browser=True, with_make=True)
        install(packages) or explain("root must install %s first" % ", ".join(packages))
    elif "--oldest" in sys.argv:
        main_oldest()
    else:
        main(asked, "--browser" in sys.argv)
