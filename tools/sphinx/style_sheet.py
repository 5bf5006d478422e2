"""One style sheet of many, with the rules that the book uses and the icons that it shows.

A rule goes when each of its selectors asks for a class or an id that no page and no script names. What stands in brackets,
as in `:not(.this)` or `:is(.this, .that)`, is no demand. Tags, attributes and variables are not looked at.
"""

import base64
import io
import logging
import os
import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import tinycss2
from fontTools import subset
from fontTools.ttLib import TTFont

WITH_RULES = ("media", "supports", "layer", "container")
# It tells of each table of a font that it has cut.
logging.getLogger("fontTools").setLevel(logging.WARNING)
_STRINGS = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\([^"')]*\))""")
_ADDRESS = re.compile(r"""url\(\s*(["']?)(?!data:|#|\w+:)([^"')?#]+)([^"')]*)\1\s*\)""")


def one_sheet(sheets: list[Path], names: set[str], folder: Path, whole: Collection[Path] = ()) -> str:
    """Return the rules of several sheets, in their order, for a sheet in `folder` and pages with these classes and ids.

    Of the sheets in `whole` every rule stays: they were written for this book, and a script may compose a name.
    """
    css = "".join(
        text for sheet in sheets for text in _used(_rules(sheet, folder), None if sheet in whole else names)
    )
    return with_small_fonts(css, folder)


def licences(sheets: list[Path]) -> str:
    """Return the comments that a sheet's author asks to leave in it."""
    found = (
        text for sheet in sheets for text in re.findall(r"/\*!.*?\*/", sheet.read_text(encoding="utf8"), re.S)
    )
    return "".join(f"{text}\n" for text in dict.fromkeys(found))


def _rules(sheet: Path, folder: Path) -> Iterator[Any]:
    """Yield the rules of a sheet, those that it imports in their place, with addresses as seen from `folder`."""
    css = sheet.read_text(encoding="utf8").lstrip("\ufeff")

    def moved(found: re.Match[str]) -> str:
        address = os.path.relpath(sheet.parent / found[2], folder).replace(os.sep, "/")
        return f"url({found[1]}{address}{found[3]}{found[1]})"

    css = css if sheet.parent == folder else _ADDRESS.sub(moved, css)
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        keyword = rule.lower_at_keyword if rule.type == "at-rule" else ""
        if keyword == "import":
            (name,) = (token.value for token in rule.prelude if token.type in ("string", "url"))
            yield from _rules((sheet.parent / name).resolve(), folder.resolve())
        elif keyword != "charset":
            yield rule


def _used(rules: Iterator[Any] | list[Any], names: set[str] | None) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            kept = [
                _compact(one) for one in _selectors(rule.prelude) if names is None or _asked_for(one) <= names
            ]
            inside = _compact(rule.content).strip(";")
            if kept and inside:
                yield f"{','.join(kept)}{{{inside}}}"
        elif rule.type == "at-rule":
            head = f"@{rule.at_keyword} {_compact(rule.prelude)}".rstrip()
            if rule.content is None:
                yield f"{head};"
            elif rule.lower_at_keyword in WITH_RULES:
                within = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                if inside := "".join(_used(within, names)):
                    yield f"{head}{{{inside}}}"
            else:
                yield f"{head}{{{_compact(rule.content)}}}"


def _selectors(prelude: list[Any]) -> Iterator[list[Any]]:
    one: list[Any] = []
    for token in prelude:
        if token == ",":
            yield one
            one = []
        else:
            one.append(token)
    yield one


def _asked_for(selector: list[Any]) -> set[str]:
    ids = {token.value for token in selector if token.type == "hash"}
    pairs = pairwise(selector)
    return ids | {token.value for before, token in pairs if before == "." and token.type == "ident"}


def _compact(tokens: list[Any]) -> str:
    """Return CSS with one blank where there were many, and no comments; strings stay as they are."""
    parts = _STRINGS.split(tinycss2.serialize([token for token in tokens if token.type != "comment"]))
    for i in range(0, len(parts), 2):
        plain = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", parts[i], flags=re.S))
        parts[i] = re.sub(r" ?([;{}]) ?", r"\1", plain)
    return "".join(parts).strip()


def with_small_fonts(css: str, folder: Path) -> str:
    """Return CSS whose icon fonts stand in it, with the glyphs that its rules show, and no others."""
    shown = {ord(sign) for sign in re.findall(r'content:\s*"(.)"', css)}  # (the serializer writes no escapes)
    rules = re.sub(r"@font-face\{[^}]*\}", "", css)
    asked = {name for name in re.findall(r'"(Font ?Awesome[^"]*)"|\b(FontAwesome)\b', rules) for name in name}

    def small(found: re.Match[str]) -> str:
        face = found[0]
        family = re.search(r'font-family:\s*"?([^";}]+)', face)[1].replace("\\", "")  # type: ignore[index]
        if not family.startswith(("Font Awesome", "FontAwesome")):
            return face
        source = re.search(r"url\(([^)]+\.ttf)[^)]*\)", face)
        if family not in asked or source is None:
            return ""
        font = _glyphs(folder / source[1].strip("\"'"), shown)
        if not font:
            return ""
        data = base64.b64encode(font).decode()
        return re.sub(r"src:[^;}]+", f'src:url("data:font/woff;base64,{data}") format("woff")', face)

    return re.sub(r"@font-face\{[^}]*\}", small, css)


def _glyphs(font: Path, codes: set[int]) -> bytes:
    """Return a font of some of the glyphs of another, packed for the web; nothing if it has none of them."""
    whole = TTFont(font, recalcTimestamp=False)  # the same font from the same glyphs
    if not codes & set(whole.getBestCmap()):
        return b""
    options = subset.Options(
        flavor="woff", hinting=False, desubroutinize=True, notdef_outline=False, layout_features=[]
    )
    options.drop_tables += ["FFTM"]
    maker = subset.Subsetter(options)
    maker.populate(unicodes=codes)
    maker.subset(whole)
    packed = io.BytesIO()
    whole.flavor = "woff"
    whole.save(packed)
    return packed.getvalue()
