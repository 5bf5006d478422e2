"""What a page makes a reader wait for: one style sheet, one script, no formula engine without formulas, no idle marks.

The theme asks for a dozen style sheets and five fonts before it paints, half a megabyte of which a book uses a tenth.
When all pages are written, the sheets become one (`style_sheet.py`), and the scripts become one that runs when the page
is there. Out of each page goes what nobody sees: blanks between tags, marks around numbers of the text, and marks of code
whose colour is that of all code, and in the sidebar the list of the library's modules, but for pages of the library: the
link above it leads to the same list. What is left of those is a quarter of a page that computes: each is written as an element
with the name of its look, `<c-k>for</c-k>`, which is half of `<span class="k">for</span>`. (A name with a hyphen is a valid
one, and says as much or little to a browser or a reader aloud as a span does.) A page that stands from an earlier build
has been through this, and comes out as it went in.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

import style_sheet
from sphinx.application import Sphinx

SHEET, SCRIPT = "book.css", "book.js"
# What these scripts name is put on elements that a page has; what Bootstrap's names besides, no page has.
_BOOTSTRAP = {
    "active",
    "collapse",
    "collapsed",
    "collapsing",
    "disabled",
    "dropdown",
    "dropdown-menu",
    "dropdown-toggle",
}
_BOOTSTRAP |= {
    "fade",
    "show",
    "showing",
    "hiding",
    "tooltip",
    "tooltip-arrow",
    "tooltip-inner",
    "bs-tooltip-auto",
}

_STYLE = re.compile(
    r'\s*<link(?=[^>]*rel="stylesheet")(?![^>]*media=)(?![^>]*/book\.css)[^>]*href="([^"?]*_static/)([^"?]+)[^>]*>'
)
_ASKED = re.compile(
    r'\s*<script(?![^>]*(?:type=|defer|async))[^>]*src="([^"?]*_static/)([^"?]+)[^>]*></script>'
)
_PRELOAD = re.compile(r'\s*<link rel="preload"[^>]*>')
_MATHJAX = re.compile(r'\s*<script defer="defer" src="[^"]*/mathjax/[^"]*"></script>')
_FORMULA = re.compile(r'class="[^"]*\bmath\b|\\\(|\\\[|\$\$')
_VERBATIM = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2>)", re.S)
_MARK = re.compile(r'<span class="(\w+)">([^<]*)</span>')
_NUMBER = re.compile(r'<span class="pasted-text">([^<]*)</span>')
_LOOK = re.compile(r'html\[data-theme="?(\w+)"?\] \.highlight \.(\w+) ?\{ ?([^}]*?) ?\}')
_SIDEBAR = re.compile(r'<nav class="bd-links\b.*?</nav>', re.S)
_FOLDED = re.compile(
    r' has-children("><a [^>]*>[^<]*</a>)<details><summary><span class="toctree-toggle"(?:(?!<details).)*?</details>',
    re.S,
)
_ELEMENTS = "\n/* The same for elements. */\n"
_OPTIONS = "documentation_options.js"
_ONCE_MORE = re.compile(rf'(href|src)="([^"?]*_static/)({SHEET}|{SCRIPT})\?v=\w+"')

# In a private window the storage of the browser may throw at each touch: then what a page keeps, it keeps for itself.
STORAGE = """<script>try { localStorage.length; } catch { for (const kind of ["localStorage", "sessionStorage"]) {
const kept = new Map();
Object.defineProperty(window, kind, { value: { get length() { return kept.size; }, key: n => [...kept.keys()][n] ?? null,
getItem: k => kept.get(String(k)) ?? null, setItem: (k, v) => { kept.set(String(k), String(v)); },
removeItem: k => { kept.delete(String(k)); }, clear: () => kept.clear() } }); } }</script>"""


def looks_of_marks(css: str) -> dict[str, str]:
    """Return how code is drawn by its class: the rules of both themes; "" for the class whose colour is that of all code."""
    plain = dict(re.findall(r'data-theme="(\w+)"\] \.highlight \{[^}]*\bcolor: ([^ ;}]+)', css))
    said: dict[str, dict[str, str]] = {}
    for theme, mark, style in _LOOK.findall(css):
        said.setdefault(mark, {})[theme] = style
    idle = {theme: f"color: {colour}" for theme, colour in plain.items()}
    return {mark: "" if rules == idle else str(sorted(rules.items())) for mark, rules in said.items()}


def elements(looks: dict[str, str]) -> dict[str, str]:
    """Return for each look the name of the element that has it, after the shortest of its classes."""
    found: dict[str, str] = {}
    for mark, look in sorted(looks.items(), key=lambda item: (len(item[0]), item[0])):
        if look:
            found.setdefault(look, f"c-{mark}")
    return found


def of_code(sheets: Iterable[str]) -> str:
    """Return the rules of code in sheets of other things: the theme mends a colour of its own."""
    return "\n".join(rule[0] for css in sheets for rule in _LOOK.finditer(css))


def with_elements(css: str, others: str = "") -> str:
    """Return the rules of code with a rule more for each element, where a class has one, in other sheets too."""
    css = css.partition(_ELEMENTS)[0]
    names = set(elements(looks_of_marks(css + others)).values())
    more = (
        f'html[data-theme="{theme}"] .highlight c-{mark} {{ {style} }}'
        for theme, mark, style in _LOOK.findall(css + others)
        if f"c-{mark}" in names
    )
    return css + _ELEMENTS + "\n".join(more)


def code(element: str, looks: dict[str, str], names: dict[str, str]) -> str:
    """Return a block of code with a mark where its look changes, and no other: neighbours that look alike are one.

    A look that has no name among the elements stays a class. The point before an attribute, every sixth mark, is as black
    as the names around it: of its green nobody saw more than a pixel.
    """
    parts = _MARK.split(element)  # text, class, marked text, text, ...
    joined: list[list[str]] = []  # look, class, text
    for n in range(0, len(parts), 3):
        joined.append(["", "", parts[n]])
        if n + 1 < len(parts):
            mark, text = parts[n + 1], parts[n + 2]
            look = "" if text == "." and mark == "o" else looks.get(mark, mark)
            before = joined[-2] if len(joined) > 1 and joined[-1][2].strip(" ") == "" else None
            if look and before and before[0] == look and "background" not in look:
                before[2] += joined.pop()[2] + text
            elif look:
                joined.append([look, mark, text])
            else:
                joined[-1][2] += text
                if len(joined) > 1 and not joined[-2][0]:
                    joined[-2][2] += joined.pop()[2]
    pieces = "".join(_marked(text, mark, names.get(look, "")) for look, mark, text in joined)
    # (An empty mark keeps a line feed at the beginning, which HTML would swallow.)
    pieces = re.sub(r"(<pre\b[^>]*>)<span></span>(?!\n)", r"\1", pieces)
    return pieces.replace("&quot;", '"').replace("&#39;", "'")


def _marked(text: str, mark: str, name: str) -> str:
    if name:
        return f"<{name}>{text}</{name}>"
    return f'<span class="{mark}">{text}</span>' if mark else text


def unfolded(sidebar: str) -> str:
    """Return a sidebar without the lists that are folded, which are those of other parts."""
    while (less := _FOLDED.sub(r"\1", sidebar)) != sidebar:  # one may be in another
        sidebar = less
    return sidebar


def thinner(page: str, looks: dict[str, str]) -> str:
    """Return a page without blanks and marks that nobody sees, its code and scripts otherwise as they were."""
    page = _SIDEBAR.sub(lambda found: unfolded(found[0]), page, count=1)
    parts = _VERBATIM.split(page)  # text, element, name of the element, text, ...
    texts = [_NUMBER.sub(r"\1", re.sub(r"\n\s+", "\n", text)) for text in parts[::3]]
    names = elements(looks)
    kept = [
        code(element, looks, names) if name == "pre" else element
        for element, name in zip(parts[1::3], parts[2::3], strict=True)
    ]
    return "".join(text + element for text, element in zip(texts, [*kept, ""], strict=True))


def named(page: str) -> set[str]:
    """Return the classes and ids of a page, with all words of the scripts in it."""
    values = set(re.findall(r'\s(?:class|id)="([^"]*)"', page))
    found = {html.unescape(name) for value in values for name in value.split()}
    for script in re.findall(r"<script[^>]*>(.*?)</script>", page, re.S):
        found |= words_of(script)
    return found


def words_of(script: str) -> set[str]:
    """Return whatever in a script could be a class or an id."""
    return set(re.findall(r"[A-Za-z_][\w-]*", script))


class Files:
    """The style sheets and scripts that all pages ask for, in their order."""

    def __init__(self, kept: Path) -> None:
        """Read what the last build found: pages that stand from then no longer say it."""
        self.kept = kept
        found = json.loads(kept.read_text(encoding="utf8")) if kept.exists() else {}
        self.sheets: list[str] = found.get("sheets", [])
        self.scripts: list[str] = found.get("scripts", [])

    def look(self, pages: Iterable[str]) -> None:
        """Learn from the pages that were written now what each of them asks for."""
        asking = [text.partition("</head>")[0] + text.rpartition("</main>")[2] for text in pages]
        fresh = [text for text in asking if _STYLE.search(text) and not _ONCE_MORE.search(text)]
        if not fresh:
            return
        for name, pattern in (("sheets", _STYLE), ("scripts", _ASKED)):
            lists = [[unquote(file) for _, file in pattern.findall(text)] for text in fresh]
            everywhere = set(lists[0]).intersection(*lists) - {_OPTIONS}
            setattr(self, name, [file for file in lists[0] if file in everywhere])
        self.kept.write_text(json.dumps({"sheets": self.sheets, "scripts": self.scripts}), encoding="utf8")


def lighten(app: Sphinx, error: Exception | None) -> None:
    """Write the one sheet and the one script, and the pages without what they do not need."""
    if error is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    static = out / "_static"
    # What others put beside the pages, such as slides, asks for sheets of its own.
    names = (*app.env.all_docs, "genindex", "py-modindex", "search")
    found = (out / f"{name}.html" for name in names)
    pages = {path: path.read_text(encoding="utf8") for path in found if path.exists()}
    files = Files(Path(app.doctreedir) / "page-weight.json")
    files.look(pages.values())
    rules = static / "pygments.css"
    rest = (static / name for name in files.sheets if name != rules.name)
    others = of_code(path.read_text(encoding="utf8") for path in rest)
    css = with_elements(rules.read_text(encoding="utf8"), others)
    rules.write_text(css, encoding="utf8")
    looks = looks_of_marks(css + others)
    thin = {
        path: text if _ONCE_MORE.search(text, 0, 9000) else thinner(text, looks)
        for path, text in pages.items()
    }
    versions = {}
    for name, content in (
        (SHEET, sheet(files, static, thin.values(), Path(app.confdir) / "_static")),
        (SCRIPT, script(files, static)),
    ):
        (static / name).write_text(content, encoding="utf8")
        versions[name] = hashlib.sha256(content.encode()).hexdigest()[:8]
    options = re.sub(r"\s+", " ", (static / _OPTIONS).read_text(encoding="utf8")).strip()
    for path, text in pages.items():
        lighter = linked(thin[path], files, versions, options)
        if lighter != text:
            path.write_text(lighter, encoding="utf8")


def sheet(files: Files, static: Path, pages: Iterable[str], own: Path) -> str:
    """Return the style sheet of all pages; `own` is the folder of those that were written for the book."""
    names = set(_BOOTSTRAP)
    scripts = (static / name for name in files.scripts if not name.endswith("bootstrap.js"))
    for path in [*scripts, *static.glob("*.mjs"), *static.glob("live/**/*.mjs")]:
        names |= words_of(path.read_text(encoding="utf8"))
    for text in pages:
        names |= named(text)
    sheets = [static / name for name in files.sheets]
    whole = {path for path, name in zip(sheets, files.sheets, strict=True) if (own / name).exists()}
    return style_sheet.licences(sheets) + style_sheet.one_sheet(sheets, names, static, whole)


def script(files: Files, static: Path) -> str:
    """Return the script of all pages."""
    whole = "\n;".join((static / name).read_text(encoding="utf8") for name in files.scripts)
    return re.sub(r"^//# sourceMappingURL=.*$", "", whole, flags=re.M)


def linked(text: str, files: Files, versions: dict[str, str], options: str) -> str:
    """Return a page that asks for the one sheet and the one script."""
    head, mark, body = text.partition("</head>")
    if _ONCE_MORE.search(head):
        head = _ONCE_MORE.sub(lambda found: f'{found[1]}="{found[2]}{found[3]}?v={versions[found[3]]}"', head)
        return head + mark + body
    if not _STYLE.search(head):
        return text  # the page for addresses that lead nowhere brings its own
    body, main, end = body.rpartition("</main>")  # the theme's last scripts stand behind it
    (root, _), *_ = _STYLE.findall(head)

    def not_ours(pattern: re.Pattern[str], ours: list[str], words: str) -> str:
        return pattern.sub(lambda found: "" if unquote(found[2]) in ours else found[0], words)

    head = re.sub(r'\s*<meta name="viewport"[^>]*>', "", head)  # there are three
    head = head.replace(
        '<meta charset="utf-8" />',
        f'<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n{STORAGE}',
        1,
    )
    head = _STYLE.sub(
        f'\n<link rel="stylesheet" href="{root}{SHEET}?v={versions[SHEET]}">\\g<0>', head, count=1
    )
    # The options are for scripts in the page, too.
    ours = f'\n<script>{options}</script>\n<script defer src="{root}{SCRIPT}?v={versions[SCRIPT]}"></script>'
    head = _ASKED.sub(lambda found: f"{ours}{found[0]}", head, count=1)
    head = not_ours(_STYLE, files.sheets, not_ours(_ASKED, [_OPTIONS, *files.scripts], head))
    head = _PRELOAD.sub("", head)
    if not _FORMULA.search(body):
        head = _MATHJAX.sub("", head)
    return head + mark + body + main + not_ours(_ASKED, files.scripts, end)


def setup(app: Sphinx) -> None:
    """Connect, after what else changes the written pages."""
    app.connect("build-finished", lighten, priority=900)
