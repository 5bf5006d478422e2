"""What makes the build of the pages fast, and leaves every byte of them as it was.

Pages are read and written on all cores. Four things are looked up once that were looked up for each page or reference:
pybtex's plugins (through the metadata of all installed packages, for every citation), the titles for the sidebar (of which
each page copied every heading of the book), the page of a numbered reference (read anew for each), stems of words.
"""

import functools
from collections.abc import Callable
from typing import Any

import pybtex.plugin
import sphinx.builders.html
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.search.en import SearchEnglish

# Looked through: they number and set up once, in the process that waits for the others, and keep nothing a page.
BEAR_IT = ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex")

_titles: list[tuple[Any, dict[str, nodes.Element]]] = []  # of the build that this process does


def bear_it(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Say for two extensions that they may be used by several processes: they have never said so, or the contrary."""
    for name in BEAR_IT:
        if name in app.extensions:
            app.extensions[name].parallel_read_safe = True


def titles(tocs: dict[str, nodes.Element]) -> dict[str, nodes.Element]:
    """Return the contents of each page without its headings: its title, and the pages under it."""
    if not _titles or _titles[0][0] is not tocs:
        _titles[:] = [(tocs, {name: _without_headings(toc) for name, toc in tocs.items()})]
    return _titles[0][1]


def _without_headings(toc: nodes.Element) -> nodes.Element:
    if any(toc.findall(addnodes.only)):
        return toc
    thin: nodes.Element = toc.deepcopy()
    for top in thin.children:
        if len(top) > 1:
            if pages := list(top.findall(addnodes.toctree)):
                top[1][:] = pages
            else:
                top.pop(1)
    return thin


def with_titles_only(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Let the sidebar be made of titles: all else it would copy first and then throw away."""

    @functools.wraps(plain)
    def made(env: BuildEnvironment, *args: Any, **how: Any) -> Any:
        if not how.get("titles_only"):
            return plain(env, *args, **how)
        whole = env.tocs
        env.tocs = titles(whole)
        try:
            return plain(env, *args, **how)
        finally:
            env.tocs = whole

    return made


def with_pages_kept(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Let a reference by number look into a page that the one before it has read."""
    read: dict[str, nodes.document] = {}

    @functools.wraps(plain)
    def resolved(domain: StandardDomain, env: BuildEnvironment, *args: Any) -> Any:
        get = env.get_doctree

        def kept(docname: str) -> nodes.document:
            if docname not in read:
                if len(read) > 2:  # most refer to their own page
                    read.clear()
                read[docname] = get(docname)
            return read[docname]

        env.get_doctree = kept
        try:
            return plain(domain, env, *args)
        finally:
            del env.get_doctree

    return resolved


def setup(app: Sphinx) -> None:
    """Connect, and remember where others look up."""
    app.connect("env-before-read-docs", bear_it)
    html = sphinx.builders.html
    if not hasattr(html.global_toctree_for_doc, "__wrapped__"):  # once in a process
        html.global_toctree_for_doc = with_titles_only(html.global_toctree_for_doc)
        StandardDomain._resolve_numref_xref = with_pages_kept(StandardDomain._resolve_numref_xref)
        SearchEnglish.stem = functools.cache(SearchEnglish.stem)
        pybtex.plugin._load_entry_point = functools.cache(pybtex.plugin._load_entry_point)
