"""Pages are read and written on all cores: two extensions have never said that they bear it, and the build took one core."""

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

# Looked through: they number and set up once, in the process that waits for the others, and keep nothing a page.
BEAR_IT = ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex")


def say_so(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Say it for them."""
    for name in BEAR_IT:
        if name in app.extensions:
            app.extensions[name].parallel_read_safe = True


def setup(app: Sphinx) -> None:
    """Connect."""
    app.connect("env-before-read-docs", say_so)
