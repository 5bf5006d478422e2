"""The exercises for lecturers: list them, make an assignment of them, mark what was handed in."""

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from qlearn.exercises._assignment import FORMS, assign, chosen, drawn_seed, has_otter, heading, label, write
from qlearn.exercises._find import chapters, of_chapter


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; what it cannot do it says in one line.

    Parameters
    ----------
    arguments : list of str or None
        Of the command line.

    Returns
    -------
    int
        0 if all went well, 2 if something asked for is not there.
    """
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and "folder" in options and not any(word.startswith("-") for word in rest):
        # argparse takes all words before the first option for names and folder, and knows nothing of those after it
        options.names += [str(options.folder), *rest[:-1]]
        options.folder = Path(rest[-1])
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        options.do(options)
    except (ValueError, FileNotFoundError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # `list | head`
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qlearn.exercises", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    show = commands.add_parser("list", help="the exercises, by chapter, with level and points")
    show.add_argument(
        "chapters", nargs="*", metavar="CHAPTER", help="as bb84 or communication.bb84; none: all"
    )
    show.set_defaults(do=_list)

    make = commands.add_parser(
        "assignment",
        help="stubs without solutions, to hand out",
        description="Write an assignment: prompts, stubs, import lines and points, and no solution. --to otter makes "
        "the student's notebook and the autograder's zip file where Otter is installed (pip install "
        '"qlearn[teach]"), else its master notebook alone; --to nbgrader makes the source notebook for '
        "`nbgrader generate_assignment`; their hidden tests use a seed of their own.",
    )
    make.add_argument(
        "names", nargs="+", metavar="CHAPTER", help="chapters, or single exercises as bb84.sift"
    )
    make.add_argument("--to", choices=FORMS, default="notebook", help="for whom (default: a plain notebook)")
    make.add_argument("--title", default="Exercises", help="heading and name of the files")
    make.add_argument("--students", type=Path, help="a file with a name a line: a version for each")
    make.add_argument("--seed", type=int, default=0, help="of the versions; 0: the cases of the book")
    make.add_argument(
        "--hidden-seed",
        type=int,
        help="of the tests that students do not get (otter, nbgrader); none: one is drawn",
    )
    make.add_argument(
        "--seconds", type=float, default=10, help="the longest that a test of theirs may take (default 10)"
    )
    make.add_argument(
        "--requires",
        nargs="+",
        default=["qlearn"],
        metavar="PACKAGE",
        help="what pip installs in Otter's container (default qlearn)",
    )
    make.add_argument("folder", type=Path, metavar="DIR", help="where the files go")
    make.set_defaults(do=_assignment)

    mark = commands.add_parser("grade", help="mark .py and .ipynb files, each in a process of its own")
    mark.add_argument(
        "submissions", nargs="+", type=Path, metavar="SUBMISSIONS", help="files, or folders that hold them"
    )
    mark.add_argument(
        "-o", "--output", type=Path, required=True, help="the table, as CSV; rows that stand there are kept"
    )
    mark.add_argument(
        "--exercises",
        nargs="+",
        default=[],
        metavar="NAME",
        help="chapters or exercises; none: as the files say, which must agree",
    )
    mark.add_argument("--seed", type=int, default=1, help="which cases: keep it to yourself (default 1)")
    mark.add_argument("--seconds", type=float, default=10, help="the longest that a cell or a call may take")
    mark.add_argument("--memory-mb", type=int, default=1024, help="how much memory, in MiB (Linux)")
    mark.add_argument("--reports", type=Path, help="a folder for a report a student")
    mark.add_argument("--canvas", type=Path, help="write the totals for Canvas, too")
    mark.add_argument("--moodle", type=Path, help="write the totals for Moodle, too")
    mark.add_argument("--title", default="Exercises", help="what the assignment is called there")
    mark.set_defaults(do=_grade)
    return parser


def _list(options: argparse.Namespace) -> None:
    for chapter in options.chapters or chapters():
        exercises = of_chapter(chapter)
        print(
            f"{exercises[0].chapter}: {len(exercises)} exercises, {sum(e.points for e in exercises)} points"
        )
        for exercise in exercises:
            print(f"  {exercise.number}. {heading(exercise):50} {label(exercise)}")


def _assignment(options: argparse.Namespace) -> None:
    students: list[str] = []
    if options.students:
        lines = options.students.read_text(encoding="utf-8").splitlines()
        students = [line.strip() for line in lines if line.strip()]
        for name in students:
            if Path(name).name != name or name in (".", ".."):
                raise ValueError(f"students: {name!r} is no name that a folder can have")
    exercises = chosen(options.names)
    hidden = drawn_seed() if options.hidden_seed is None else options.hidden_seed
    written = write(
        exercises,
        options.folder,
        to=options.to,
        title=options.title,
        students=students,
        seed=options.seed,
        hidden=hidden,
        seconds=options.seconds,
        requires=options.requires,
    )
    points = sum(exercise.points for exercise in exercises)
    print(f"{len(exercises)} exercises, {points} points: {len(written)} file(s) in {options.folder}")
    if options.to in ("otter", "nbgrader"):
        print(
            f"hidden tests have the seed {hidden}: it stands in the file just written, which students do not get"
        )
    if options.to == "otter" and has_otter():
        with tqdm(total=len(written), desc="otter assign", unit="file") as bar:
            made = assign(written, lambda master: bar.update())
        print("\n".join(map(str, made)))
    elif options.to == "otter":
        print(f"Otter is not installed; where it is, run: otter assign {written[0]} {written[0].parent}")


def _grade(options: argparse.Namespace) -> None:
    from qlearn.exercises._grades import for_lms, grade

    marked = grade(
        options.submissions,
        options.output,
        exercises=chosen(options.exercises),
        seed=options.seed,
        seconds=options.seconds,
        memory_mb=options.memory_mb,
        reports=options.reports,
    )
    print(f"{len(marked)} marked: {options.output}")
    for lms in ("canvas", "moodle"):
        if getattr(options, lms):
            for_lms(options.output, getattr(options, lms), lms=lms, title=options.title)


if __name__ == "__main__":
    sys.exit(main())
