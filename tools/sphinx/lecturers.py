"""The page *For lecturers*: what is read off the chapters and the exercises, so that it cannot be out of date.

The time that a chapter's card gives is that of reading and running it. Exercises come on top, by a rule: so many minutes
for each, by its level.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from qlearn.exercises import Exercise, chapters, of_chapter

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
MINUTES = {"warm-up": 3, "core": 8, "stretch": 15, "project": 30}

# A week: what all read, and of what each student or group takes one.
WEEKS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("qubits/superposition",), ()),
    (("qubits/measurement", "qubits/entanglement"), ()),
    (("communication/bb84", "qubits/no_cloning"), ()),
    (("communication/teleportation", "qubits/noise"), ()),
    (("communication/eavesdropping", "communication/secret_key"), ()),
    (("communication/photons", "communication/entangled_keys"), ()),
    (
        (),
        (
            "communication/superdense",
            "communication/fibre",
            "communication/satellite",
            "communication/continuous_variables",
            "communication/repeaters",
            "communication/random_numbers",
            "communication/key_management",
            "communication/multi_party",
        ),
    ),
    (("learning/qsvm", "learning/encodings"), ()),
    (("learning/neural_networks", "learning/decision_trees"), ()),
    (("learning/barren_plateaus", "learning/optimisation"), ()),
    (("learning/comparison",), ("learning/components", "learning/circuit_search", "learning/reinforcement")),
    (
        ("networks/federated",),
        (
            "networks/attacks",
            "control/eavesdropper_detection",
            "control/channel_estimation",
            "control/state_selection",
        ),
    ),
)


@dataclass(frozen=True)
class Chapter:
    """What a lecturer wants to know of a chapter."""

    name: str
    title: str
    outcomes: str
    needs: tuple[str, ...]
    reading: int
    exercises: tuple[Exercise, ...]

    @property
    def in_all(self) -> int:
        """Minutes with all exercises."""
        return self.reading + sum(MINUTES[one.level] for one in self.exercises)

    @property
    def points(self) -> int:
        """Points of all exercises."""
        return sum(one.points for one in self.exercises)


def chapter(name: str) -> Chapter:
    """Read a chapter's card, and take its exercises."""
    cells = json.loads((BOOK / f"{name}.ipynb").read_text(encoding="utf8"))["cells"]
    title = "".join(cells[0]["source"]).splitlines()[0].removeprefix("# ")
    text = "\n".join("".join(cell["source"]) for cell in cells[:3])
    said = dict(re.findall(r"^\*\*(You will|You need|Time)\*\* (.+)$", text, re.M))
    minutes = re.match(r"(\d+) minutes", said["Time"])
    assert minutes is not None
    package = name.replace("/", ".")
    return Chapter(
        name,
        title,
        said["You will"],
        tuple(re.findall(r"\{doc\}`/([\w/]+)`", said["You need"])),
        int(minutes[1]),
        of_chapter(package) if package in chapters() else (),
    )


def standing() -> list[str]:
    """Return the chapters that are written, in the order of the contents."""
    names = re.findall(r"file: *(\S+)", (ROOT / "_toc.yml").read_text(encoding="utf8"))
    return [name for name in names if (BOOK / f"{name}.ipynb").exists()]


def heart() -> list[str]:
    """Return the chapters that the course map has in bold."""
    text = (BOOK / "course_map.md").read_text(encoding="utf8")
    return re.findall(r"\*\*\{doc\}`(?:[^<`]*<)?([\w/]+)>?`\*\*", text)


def link(name: str, bold: bool = False) -> str:
    """Return a link by the short title: what stands before the colon."""
    short = chapter(name).title.partition(":")[0]
    text = f"{{doc}}`{short} </{name}>`"
    return f"**{text}**" if bold else text


def hours(minutes: int) -> str:
    """Return minutes as hours, to the quarter."""
    return f"{round(minutes / 15) / 4:g} h"


def weeks() -> str:
    """Return the syllabus as a table, and what no week has."""
    lines = ["| week | chapters | reading | with all exercises |", "|--:|---|--:|--:|"]
    bold = heart()
    for number, (everyone, choice) in enumerate(WEEKS, 1):
        read = ", ".join(link(name, name in bold) for name in everyone)
        one_of = ("and one of " if everyone else "one of ") + ", ".join(map(link, choice)) if choice else ""
        of_all = [chapter(name) for name in everyone]
        chosen = max(map(chapter, choice), key=lambda one: one.in_all) if choice else None
        counted = [*of_all, *([chosen] if chosen else [])]
        reading, in_all = sum(one.reading for one in counted), sum(one.in_all for one in counted)
        lines.append(
            f"| {number} | {' '.join(filter(None, (read, one_of)))} | {reading} min | {hours(in_all)} |"
        )
    named = {name for week in WEEKS for names in week for name in names}
    others = [name for name in standing() if name not in named]
    if others:
        lines += ["", f"For projects, in no week: {', '.join(map(link, others))}."]
    leaning = dict.fromkeys(need for name in bold for need in chapter(name).needs if need not in bold)
    lines += [
        "",
        f"A short course of {len(bold)} weeks takes the chapters in **bold**. They lean on {', '.join(map(link, leaning))}: "
        "give those as reading.",
    ]
    return "\n".join(lines) + "\n"


def outcomes() -> str:
    """Return each chapter with its times and what a student can do after it."""
    lines: list[str] = []
    part = ""
    for one in map(chapter, standing()):
        if (now := one.name.partition("/")[0]) != part:
            part = now
            lines += ["", f"### {part.capitalize()}", ""]
        work = f"{len(one.exercises)} exercises, {one.points} points" if one.exercises else "no exercises"
        lines.append(
            f"- {link(one.name)} ({one.reading} minutes, {one.in_all} with its exercises; {work}): {one.outcomes}"
        )
    return "\n".join(lines) + "\n"


def rule() -> str:
    """Return the rule of the minutes, in words."""
    said = [f"{minutes} for a {level}" for level, minutes in MINUTES.items()]
    return f"{', '.join(said[:-1])} and {said[-1]}.\n"
