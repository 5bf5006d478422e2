"""What an exercise is, and what a checker says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from dis import get_instructions, hasconst
from html import escape
from types import FunctionType
from typing import Any, Literal

Level = Literal["warm-up", "core", "stretch", "project"]


@dataclass(frozen=True)
class Verdict:
    """What the checker says of one answer.

    Parameters
    ----------
    passed : bool
        Whether the answer is right.
    message : str
        One or two sentences that teach: what was seen, what was expected, where to look.

    Examples
    --------
    >>> Verdict.wrong("for outcome 01 you applied Z; the state was flipped, not signed: apply X")
    Not yet: for outcome 01 you applied Z; the state was flipped, not signed: apply X
    """

    passed: bool
    message: str

    @classmethod
    def right(cls, message: str) -> "Verdict":
        """Pass the answer, with a sentence that says what it shows."""
        return cls(True, message)

    @classmethod
    def wrong(cls, message: str) -> "Verdict":
        """Fail the answer, with a sentence that says what was seen and where to look."""
        return cls(False, message)

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return f"{self._word}: {self.message}"

    def _repr_html_(self) -> str:  # a page breaks the lines of text, and not those of a printed output
        return f"<p><strong>{self._word}:</strong> {escape(self.message)}</p>"

    @property
    def _word(self) -> str:
        return "Right" if self.passed else "Not yet"


@dataclass(frozen=True)
class _Solution:
    """The explained solution of an exercise; a notebook shows it folded."""

    source: str
    explanation: str

    def _repr_markdown_(self) -> str:
        return (
            "<details><summary>Solution (try first)</summary>\n\n"
            f"```python\n{self.source.rstrip()}\n```\n\n{self.explanation}\n\n</details>"
        )

    def __repr__(self) -> str:
        return f"{self.source.rstrip()}\n\n{self.explanation}"


@dataclass(frozen=True)
class Exercise:
    """One exercise of the book, complete: it can be shown, graded and explained offline.

    Parameters
    ----------
    name : str
        The name that the student's function or value has, and the exercise's own.
    prompt : str
        What to do, in Markdown.
    stub : str
        Source code to start from; it defines `name`.
    solution : str
        Source code that defines `name` and passes.
    explanation : str
        Why the solution is right, in Markdown.
    grade : callable
        Takes the answer, returns a :class:`Verdict`.
    wrong : mapping of str to str
        Typical mistakes: a label and source code that defines `name`; each earns its own message.
    level : {"warm-up", "core", "stretch", "project"}
        How much to expect.
    given : mapping of str to object
        Names that the sources may use.

    Examples
    --------
    >>> half = Exercise(
    ...     name="half", prompt="What is 1/2 as a decimal?", stub="half = ...", solution="half = 0.5",
    ...     explanation="One divided by two.", wrong={"percent": "half = 50"},
    ...     grade=lambda x: Verdict.right("Yes.") if x == 0.5 else Verdict.wrong(f"{x} is not between 0 and 1."),
    ... )
    >>> half.check(0.5)
    Right: Yes.
    >>> half.check(half.answer("wrong", "percent"))
    Not yet: 50 is not between 0 and 1.
    >>> half.check(...)
    Not yet: nothing to check yet: replace the ... in your answer, run its cell, then check again.
    """

    name: str
    prompt: str
    stub: str
    solution: str
    explanation: str
    grade: Callable[[Any], Verdict] = field(repr=False)
    wrong: Mapping[str, str] = field(default_factory=dict)
    level: Level = "core"
    given: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def check(self, answer: Any) -> Verdict:
        """Grade an answer: an error in it is a verdict too; only an interrupt still stops the check.

        Parameters
        ----------
        answer : object
            The student's function or value.

        Returns
        -------
        Verdict
        """
        if _is_stub(answer):
            return _EMPTY
        try:
            if isinstance(answer, str) and not isinstance(self.answer("solution"), str):
                return Verdict.wrong(
                    f"{answer!r} is a text, and none is asked for: leave the quotation marks out."
                )
            return self.grade(answer)
        except (Exception, SystemExit) as error:  # code may fail, or leave, in any way: that is an answer too
            return Verdict.wrong(f"your answer stopped with {type(error).__name__}: {error}")

    def answer(self, kind: Literal["solution", "wrong", "stub"], label: str = "") -> Any:
        """Run the solution, the stub or the wrong answer called `label`, and return what it defines."""
        source = {"solution": self.solution, "stub": self.stub}.get(kind) or self.wrong[label]
        names = dict(self.given)
        exec(source, names)  # our own source, printed in the book
        return names[self.name]

    def reveal(self) -> _Solution:
        """Show the explained solution, folded in a notebook."""
        return _Solution(self.solution, self.explanation)

    def _repr_markdown_(self) -> str:
        return f"**{escape(self.name.replace('_', ' ').capitalize())}** ({self.level})\n\n{self.prompt}"

    def __repr__(self) -> str:
        return f"{self.name} ({self.level}): {self.prompt}"


_EMPTY = Verdict.wrong(
    "nothing to check yet: replace the ... in your answer, run its cell, then check again."
)


def _is_stub(answer: Any) -> bool:
    """Tell whether an answer is still the stub: `...`, or a function whose whole body is `...`."""
    if not isinstance(answer, FunctionType):
        return answer is Ellipsis
    # Python compiles such a body to "return None" and nothing else.
    return all(
        step.opname in {"RESUME", "NOP", "RETURN_VALUE"} or (step.opcode in hasconst and step.argval is None)
        for step in get_instructions(answer)
    )


def check(exercise: Exercise, answer: Any) -> Verdict:
    """Grade `answer` to `exercise`; the same as ``exercise.check(answer)``."""
    return exercise.check(answer)
