"""What goes out of style sheets and pages is what nobody sees."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont


@pytest.fixture
def style_sheet(load: Callable[[str], ModuleType]) -> ModuleType:
    """The maker of the one sheet."""
    return load("tools/sphinx/style_sheet.py")


@pytest.fixture
def page_weight(load: Callable[[str], ModuleType], style_sheet: ModuleType) -> ModuleType:
    """The writer of lighter pages, which uses it."""
    return load("tools/sphinx/page_weight.py")


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".here { color : red }", ".here{color : red}"),
        (".gone { color: red }", ""),
        (".gone, .here > p { color: red }", ".here > p{color: red}"),
        (".here.gone { color: red }", ""),
        ("#gone p { color: red }", ""),
        (".here:not(.gone) { color: red }", ".here:not(.gone){color: red}"),
        ("p:is(.gone, .here) { color: red }", "p:is(.gone, .here){color: red}"),
        ("a[href='.gone'] { color: red }", 'a[href=".gone"]{color: red}'),
        (":root { --blank: ; color: red }", ":root{--blank:;color: red}"),
        ("@media print { .gone { color: red } }", ""),
        ("@media print { p, .gone { margin: .5em } }", "@media print{p{margin: .5em}}"),
        ("@keyframes turn { from { top: 0 } to { top: 1px } }", "@keyframes turn{from{top: 0}to{top: 1px}}"),
        ("p::before { content: 'a  ;  b' } /* no */", 'p::before{content: "a  ;  b"}'),
        ("p { }", ""),
    ],
)
def test_a_rule_stays_if_a_page_may_have_what_it_is_for(
    style_sheet: ModuleType, tmp_path: Path, css: str, kept: str
):
    (tmp_path / "sheet.css").write_text(css)
    assert style_sheet.one_sheet([tmp_path / "sheet.css"], {"here"}, tmp_path) == kept


def test_sheets_keep_their_order_their_imports_and_their_addresses(style_sheet: ModuleType, tmp_path: Path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "basic.css").write_text('@charset "utf8"; p { margin: 0 }')
    (inner / "theme.css").write_text(
        '/*! by A, licence B */ @import "../basic.css"; q { background: url(dot.svg) }'
    )
    (tmp_path / "last.css").write_text(
        "p { margin: 1px; background: url('dot.svg?v=1'), url(data:image/png;base64,AA) }"
    )
    sheets = [inner / "theme.css", tmp_path / "last.css"]
    assert style_sheet.one_sheet(sheets, set(), tmp_path) == (
        "p{margin: 0}q{background: url(inner/dot.svg)}"
        'p{margin: 1px;background: url("dot.svg?v=1"), url(data:image/png;base64,AA)}'
    )
    assert style_sheet.licences(sheets) == "/*! by A, licence B */\n"


def test_an_icon_font_has_the_icons_that_are_shown(style_sheet: ModuleType, tmp_path: Path):
    pen = TTGlyphPen(None)
    for move in ((0, 0), (0, 500), (500, 0)):
        (pen.lineTo if move != (0, 0) else pen.moveTo)(move)
    pen.closePath()
    glyph = pen.glyph()
    font = FontBuilder(1000, isTTF=True)
    names = [".notdef", "bars", "moon", "sun"]
    font.setupGlyphOrder(names)
    font.setupCharacterMap({0xF0C9: "bars", 0xF186: "moon", 0xF185: "sun"})
    font.setupGlyf(dict.fromkeys(names, glyph))
    font.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Font Awesome 6 Free", "styleName": "Solid"})
    font.setupOS2()
    font.setupPost()
    font.save(tmp_path / "icons.ttf")
    face = (
        '@font-face{font-family:"%s";src:url(icons.woff2) format("woff2"),url(icons.ttf) format("truetype")}'
    )
    (tmp_path / "icons.css").write_text(
        face % "Font Awesome 6 Free"
        + face % "Font Awesome 5 Free"
        + face % "Text"
        + r'i{font-family:"Font Awesome 6 Free"}.bars::before{content:"\f0c9"}.moon::before{content:"\f186"}'
    )
    made = style_sheet.one_sheet([tmp_path / "icons.css"], {"bars"}, tmp_path)
    assert made == style_sheet.one_sheet([tmp_path / "icons.css"], {"bars"}, tmp_path)
    assert made.count("@font-face") == 2  # that of no rule goes, that of no icons stays as it is
    assert "url(icons.woff2)" in made
    (data,) = re.findall(r"base64,([^\"]+)", made)
    small = TTFont(io.BytesIO(base64.b64decode(data)))
    assert set(small.getBestCmap()) == {0xF0C9}


PYGMENTS = """
html[data-theme="light"] .highlight { background: #fff; color: #080808 }
html[data-theme="light"] .highlight .n { color: #080808 } /* Name */
html[data-theme="light"] .highlight .k { color: #6730C5 } /* Keyword */
html[data-theme="light"] .highlight .kn { color: #6730C5 }
html[data-theme="light"] .highlight .p { color: #080808 }
html[data-theme="light"] .highlight .w { color: #080808; font-weight: bold }
html[data-theme="dark"] .highlight { background: #222; color: #F8F8F2 }
html[data-theme="dark"] .highlight .n { color: #F8F8F2 }
html[data-theme="dark"] .highlight .k { color: #DCC6E0 }
html[data-theme="dark"] .highlight .kn { color: #DCC6E0 }
html[data-theme="dark"] .highlight .p { color: #FFFFFF }
html[data-theme="dark"] .highlight .w { color: #F8F8F2 }
"""


def test_a_mark_of_code_is_idle_if_it_says_the_colour_of_all_code_in_both_themes(page_weight: ModuleType):
    looks = page_weight.looks_of_marks(PYGMENTS)
    assert {mark for mark, look in looks.items() if not look} == {"n"}
    assert looks["k"] == looks["kn"] != looks["p"]
    assert page_weight.looks_of_marks("") == {}


def test_marks_that_look_alike_are_one_and_text_stays(page_weight: ModuleType):
    looks = page_weight.looks_of_marks(PYGMENTS)
    block = (
        '<pre><span></span><span class="kn">from</span> <span class="nn">a</span> <span class="k">if</span>'
        ' <span class="kn">x</span>\n<span class="k">y</span><span class="n">z</span><span class="s">"</span></pre>'
    )
    made = page_weight.code(block, looks, page_weight.elements(looks))
    assert made == (
        '<pre><c-k>from</c-k> <span class="nn">a</span> <c-k>if x</c-k>\n<c-k>y</c-k>z<span class="s">"</span></pre>'
    )
    assert re.sub("<[^>]+>", "", made) == re.sub("<[^>]+>", "", block)


def test_an_element_has_the_look_of_the_classes_that_it_stands_for(page_weight: ModuleType):
    looks = page_weight.looks_of_marks(PYGMENTS)
    names = page_weight.elements(looks)
    assert set(names.values()) == {"c-k", "c-p", "c-w"}  # n is idle, kn looks like k
    css = page_weight.with_elements(PYGMENTS)
    rules = dict(re.findall(r'(data-theme="\w+"\] \.highlight (?:\.|c-)\w+) (\{[^}]*\})', css))
    for mark, look in looks.items():
        for theme in ("light", "dark") if look else ():
            where = f'data-theme="{theme}"] .highlight '
            assert rules[f"{where}.{mark}"] == rules[where + names[look]]
    assert css.startswith(PYGMENTS)
    assert page_weight.with_elements(css) == css


def test_a_colour_that_another_sheet_mends_is_a_look_of_its_own(page_weight: ModuleType):
    mended = page_weight.of_code(
        [".n{top:0}html[data-theme=light] .highlight .kn{color:red!important}", ".highlight .k{top:0}"]
    )
    assert mended == "html[data-theme=light] .highlight .kn{color:red!important}"
    looks = page_weight.looks_of_marks(PYGMENTS + mended)
    assert looks["k"] != looks["kn"]
    assert page_weight.elements(looks)[looks["kn"]] == "c-kn"
    css = page_weight.with_elements(PYGMENTS, mended)
    assert 'html[data-theme="light"] .highlight c-kn { color:red!important }' in css
    assert page_weight.with_elements(css, mended) == css


@pytest.mark.parametrize(
    ("block", "made"),
    [
        # HTML swallows the first line feed.
        ("<pre><span></span>\n  x</pre>", "<pre><span></span>\n  x</pre>"),
        (
            '<pre><span></span><span class="gp">&gt;</span> x</pre>',
            '<pre><span class="gp">&gt;</span> x</pre>',
        ),
        ('<pre><span></span>x <span class="n">y</span></pre>', "<pre>x y</pre>"),
        (
            '<pre><span></span>x<span class="o">.</span>y <span class="o">=</span></pre>',
            '<pre>x.y <span class="o">=</span></pre>',
        ),
    ],
)
def test_what_scripts_and_browsers_look_for_stays(page_weight: ModuleType, block: str, made: str):
    looks = page_weight.looks_of_marks(PYGMENTS)
    assert page_weight.code(block, looks, page_weight.elements(looks)) == made


def test_blanks_that_are_seen_stay(page_weight: ModuleType):
    page = (
        '<main>\n\n   <p>One\n   <span class="pasted-text">2.5</span> two.</p>\n'
        '<pre><span class="k">def</span> <span class="n">f</span>(<span class="s2">&quot;&lt;\n\n  a&quot;</span>)\n    \n'
        "</pre>\n\n"
        "<script>let a = `\n\n  b`;</script>\n  <textarea>\n\n  c</textarea>\n</main>"
    )
    assert page_weight.thinner(page, page_weight.looks_of_marks(PYGMENTS)) == (
        "<main>\n<p>One\n2.5 two.</p>\n"
        '<pre><c-k>def</c-k> f(<span class="s2">"&lt;\n\n  a"</span>)\n    \n</pre>\n'
        "<script>let a = `\n\n  b`;</script>\n<textarea>\n\n  c</textarea>\n</main>"
    )


TOGGLE = '<summary><span class="toctree-toggle" role="presentation"><i class="fa-solid"></i></span></summary>'


def test_in_the_sidebar_the_lists_of_other_parts_are_one_link_away(page_weight: ModuleType):
    def item(name: str, inside: str, opened: str = "") -> str:
        link = f'<li class="toctree-l1 has-children"><a class="reference" href="{name}.html">{name}</a>'
        return f"{link}<details{opened}>{TOGGLE}<ul>\n{inside}</ul>\n</details></li>\n"

    leaf = '<li class="toctree-l2"><a class="reference" href="leaf.html">leaf</a></li>\n'
    bare = '<li class="toctree-l1"><a class="reference" href="{0}.html">{0}</a></li>\n'
    page = '<nav class="bd-links bd-docs-nav">{}</nav>{}'.format
    elsewhere = item("z", leaf)  # is no part of the sidebar
    here = ' open="open"'
    assert page_weight.thinner(page(item("a", item("b", leaf) + leaf) + leaf, elsewhere), {}) == page(
        bare.format("a") + leaf, elsewhere
    )
    assert page_weight.thinner(page(item("a", item("b", leaf) + leaf, here), elsewhere), {}) == page(
        item("a", bare.format("b") + leaf, here), elsewhere
    )


PAGE = """<!DOCTYPE html>
<html><head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1.0" /><meta name="viewport" content="width=device-width" />
    <link href="{root}_static/a.css?digest=1" rel="stylesheet" />
    <link rel="preload" as="font" href="{root}_static/font.woff2" />
    <link rel="stylesheet" type="text/css" href="{root}_static/b%20b.css?v=2" />{own}
    <script src="{root}_static/documentation_options.js?v=1"></script>
    <script src="{root}_static/first.js?v=2"></script>
    <script>var before = 1;</script>
    <script defer="defer" src="{root}_static/mathjax/tex.js?v=3"></script>
    <script type="module" src="{root}_static/box.mjs"></script>
</head><body><main>
    <p class="{name}">{text}</p>
</main>
<script src="{root}_static/last.js"></script>
</body></html>"""


@pytest.fixture
def book(tmp_path: Path) -> SimpleNamespace:
    """A book of three pages, as Sphinx writes it."""
    out, static = tmp_path / "html", tmp_path / "html" / "_static"
    (out / "part").mkdir(parents=True)
    static.mkdir()
    (tmp_path / "doctrees").mkdir()
    for name, content in {
        "a.css": ".red { color: red } .blue { color: blue }",
        "b b.css": ".opened, .never { margin: 0 }",
        "pygments.css": PYGMENTS,
        "documentation_options.js": "const OPTIONS = {\n  A: 1,\n};",
        "first.js": "window.first = OPTIONS.A;\n//# sourceMappingURL=first.js.map",
        "last.js": "document.body.classList.add('opened')",
    }.items():
        (static / name).write_text(content)
    (out / "index.html").write_text(PAGE.format(root="", name="red", text="x", own=""))
    own = '\n    <link rel="stylesheet" href="../_static/own.css" />'
    (out / "part" / "page.html").write_text(PAGE.format(root="../", name="green", text=r"\(x\)", own=own))
    (out / "404.html").write_text('<html><head><meta name="viewport" content="a"></head><main></main></html>')
    builder = SimpleNamespace(name="html")
    (tmp_path / "book").mkdir()
    return SimpleNamespace(
        confdir=str(tmp_path / "book"),
        outdir=str(out),
        doctreedir=str(tmp_path / "doctrees"),
        builder=builder,
        env=SimpleNamespace(all_docs=["index", "part/page"]),
        out=out,
    )


def test_pages_ask_for_one_sheet_and_one_script(page_weight: ModuleType, book: SimpleNamespace):
    page_weight.lighten(book, None)
    static = book.out / "_static"
    assert (static / "book.css").read_text() == ".red{color: red}.opened{margin: 0}"
    script = (static / "book.js").read_text()
    assert script.index("window.first") < script.index("classList")
    assert "sourceMapping" not in script
    page = (book.out / "part" / "page.html").read_text()
    assert re.findall(r'(?:href|src)="\.\./_static/([^"?]+)', page) == [
        "book.css", "own.css", "book.js", "mathjax/tex.js", "box.mjs",
    ]  # fmt: skip
    assert page.index("const OPTIONS = { A: 1, };") < page.index("book.js") < page.index("var before")
    assert page.count("viewport") == 1
    assert "preload" not in page
    assert "mathjax" not in (book.out / "index.html").read_text()  # where there is no formula
    assert (book.out / "404.html").read_text().count("viewport") == 1


def test_of_the_book_s_own_sheet_every_rule_stays(page_weight: ModuleType, book: SimpleNamespace):
    (Path(book.confdir) / "_static").mkdir()
    (Path(book.confdir) / "_static" / "a.css").touch()  # a script may make the name of a class of two parts
    page_weight.lighten(book, None)
    style = (book.out / "_static" / "book.css").read_text()
    assert style == ".red{color: red}.blue{color: blue}.opened{margin: 0}"


def test_what_was_thinned_stays_as_it_is_and_follows_the_new_sheet(
    page_weight: ModuleType, book: SimpleNamespace
):
    page_weight.lighten(book, None)
    slides = (
        book.out / "slides" / "part" / "page.html"
    )  # are written when all pages are, with sheets of their own
    slides.parent.mkdir(parents=True)
    slides.write_text(
        '<html><head><link rel="stylesheet" href="../_static/reveal.css"></head><main></main></html>'
    )
    written = {path: path.read_text() for path in book.out.rglob("*.*")}
    page_weight.lighten(book, None)
    assert {path: path.read_text() for path in book.out.rglob("*.*")} == written
    # One page is written again, and shows what none did: the others get the sheet that knows it.
    (book.out / "index.html").write_text(PAGE.format(root="", name="blue", text="x", own=""))
    page_weight.lighten(book, None)
    assert ".blue{" in (book.out / "_static" / "book.css").read_text()
    links = {
        re.search(r"book\.css\?v=\w+", path.read_text())[0]
        for path in (book.out / "index.html", book.out / "part" / "page.html")
    }
    assert len(links) == 1
    assert links.isdisjoint({re.search(r"book\.css\?v=\w+", written[book.out / "index.html"])[0]})


def test_a_build_that_failed_is_left_alone(page_weight: ModuleType, book: SimpleNamespace):
    before = (book.out / "index.html").read_text()
    page_weight.lighten(book, RuntimeError("broken"))
    assert (book.out / "index.html").read_text() == before
    assert not (book.out / "_static" / "book.css").exists()
