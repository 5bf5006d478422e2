"""What an exercise is: a function that solves it, cases to try an answer on, mistakes, and one way to grade."""

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dis import get_instructions, hasconst
from functools import cached_property, partial
from html import escape
from importlib import import_module
from types import FunctionType
from typing import Any, Literal, NamedTuple
from zlib import crc32

import numpy as np

from qlearn.exercises._guard import Stopped, call, unseen
from qlearn.exercises._limit import TooLong, within
from qlearn.exercises._sealed import SEALED
from qlearn.exercises._verdict import Verdict
from qlearn.exercises.comparisons import NOTHING, Comparison, a, close, short

_SHORT_FORMS = "CHSH CNOT CUSUM GHZ KDF MLE PCA QBER SPRT UCB 2D dB Kraus Neumann"
_WRITTEN = {word.lower(): word for word in _SHORT_FORMS.split()}

Level = Literal["warm-up", "core", "stretch", "project"]
POINTS: dict[str, int] = {"warm-up": 1, "core": 2, "stretch": 3, "project": 5}

Case = tuple[Any, ...]
Grader = Callable[[Any, np.random.Generator], Verdict | None]


class Mistake(NamedTuple):
    """A typical wrong answer, and what to say to who gave it.

    Parameters
    ----------
    name : str
        What goes wrong, as a name.
    message : str
        The sentence that teaches; empty where the exercise's own grader speaks.
    answer : object
        The wrong function, or the wrong value.
    """

    name: str
    message: str
    answer: Any


class Solution(NamedTuple):
    """The explained solution of an exercise; a notebook shows it folded.

    Parameters
    ----------
    source : str
        Python.
    explanation : str
        Why it is right, in Markdown.
    """

    source: str
    explanation: str

    def _repr_markdown_(self) -> str:
        return (
            "<details><summary>Solution (try first)</summary>\n\n"
            f"```python\n{self.source.rstrip()}\n```\n\n{self.explanation}\n\n</details>"
        )

    def __repr__(self) -> str:
        return f"{self.source.rstrip()}\n\n{self.explanation}"


class Exercise:
    r"""One exercise of the book, complete: it can be shown, graded and explained offline.

    It is made by :func:`exercise` from a function that solves it. Its prompt is the docstring, its stub the signature.

    Examples
    --------
    >>> from qlearn.exercises.communication import bb84 as exercises
    >>> exercises.error_rate.check(0.3)
    Not yet: 0.3 is the share she touches. Of those, how many does she read in the wrong basis?
    >>> exercises.error_rate.check(...)
    Not yet: nothing to check yet: replace the ... in your answer, run its cell, then check again.
    >>> exercises.sift.stub
    'def sift(alice_bits, alice_bases, bob_bits, bob_bases, detected):\n    ...\n'
    >>> exercises.sift.points, exercises.sift.chapter, exercises.sift.number
    (2, 'communication.bb84', 2)
    """

    def __init__(
        self,
        solution: Any,
        *,
        level: Level,
        right: str,
        because: str,
        same: Comparison,
        points: int | None,
        intact: bool,
        stub: str | None,
    ) -> None:
        self.name: str = solution.__name__
        self.module: str = solution.__module__
        self.solution = solution
        self.level: Level = level
        self.right = right
        self.explanation = inspect.cleandoc(because)
        self.same = same
        self.points = POINTS[level] if points is None else points
        self.intact = intact
        self.mistakes: dict[str, Mistake] = {}
        self._stub = stub
        self._sealed: list[str] | None = None
        self._cases: Callable[[np.random.Generator], Iterator[Case]] | None = None
        self._grader: Grader | None = None
        self._given: tuple[int | None, list[Any], dict[str, list[Any]]] = (None, [], {})
        self.__doc__ = solution.__doc__

    # What an exercise is made of

    def cases(self, draw: Callable[[np.random.Generator], Iterator[Case]]) -> Callable[..., Iterator[Case]]:
        """Register what an answer is tried on: a generator that takes `rng` and yields tuples of arguments."""
        self._cases = draw
        return draw

    def mistake(self, message: str = "") -> Callable[[Any], Any]:
        """Register a typical mistake, a function like the solution; its message is for answers that behave alike."""

        def register(wrong: Any) -> Any:
            self.mistakes[wrong.__name__] = Mistake(wrong.__name__, message, self._answer(wrong))
            return wrong

        return register

    def grader(self, grade: Grader) -> Grader:
        """Register a judgement of its own: it takes the answer and `rng`, and returns a verdict or, if right, None.

        Where there are cases too, it only sees what has agreed with the solution in all of them.
        """
        self._grader = grade
        return grade

    # What it says of itself

    @property
    def is_function(self) -> bool:
        """Whether a function is asked for; else a value, which the solution returns."""
        return bool(inspect.signature(self.solution).parameters)

    @property
    def prompt(self) -> str:
        """What to do, in Markdown."""
        return inspect.cleandoc(self.solution.__doc__ or "")

    @property
    def chapter(self) -> str:
        """The chapter, as part and package: ``"communication.bb84"``."""
        return ".".join(self.module.split(".")[2:4])

    @property
    def number(self) -> int:
        """The number of the exercise within its chapter, from 1."""
        return 1 + import_module(self.module.rpartition(".")[0]).EXERCISES.index(self)

    @property
    def title(self) -> str:
        """The name in words; short forms and names of people as they are written."""
        words = " ".join(_WRITTEN.get(word, word) for word in self.name.split("_"))
        return words[:1].upper() + words[1:]

    @cached_property
    def _node(self) -> tuple[str, ast.FunctionDef]:
        source = textwrap.dedent(inspect.getsource(self.solution))
        node = ast.parse(source).body[0]
        assert isinstance(node, ast.FunctionDef)
        return source, node

    @property
    def stub(self) -> str:
        """Source code to start from; it defines `name`."""
        if self._stub is not None:
            return self._stub
        if not self.is_function:
            return f"{self.name} = ...\n"
        source, node = self._node
        head = source.splitlines()[node.lineno - 1 : node.body[0].lineno - 1]
        return "\n".join(head) + "\n    ...\n"

    @property
    def source(self) -> str:
        """Source code of the solution; it defines `name`."""
        if self._sealed is not None:
            return f"# {SEALED}\n"
        source, node = self._node
        lines = source.splitlines()
        after = node.body[0].end_lineno or 0  # the docstring
        body = lines[after:]
        if self.is_function:
            return "\n".join([*lines[node.lineno - 1 : node.body[0].lineno - 1], *body]) + "\n"
        last = node.body[-1]
        assert isinstance(last, ast.Return)
        at = last.lineno - after - 1
        body[at] = body[at].replace("return", f"{self.name} =", 1)
        return textwrap.dedent("\n".join(body)).strip("\n") + "\n"

    @property
    def imports(self) -> list[str]:
        """Import lines for the names that the solution uses, for a notebook that has nothing else."""
        if self._sealed is not None:
            return list(self._sealed)
        tree = ast.parse(inspect.getsource(inspect.getmodule(self.solution)))  # type: ignore[arg-type]
        names = [node for node in ast.walk(ast.parse(self.source)) if isinstance(node, ast.Name | ast.arg)]
        own = {
            n.arg if isinstance(n, ast.arg) else n.id
            for n in names
            if not isinstance(getattr(n, "ctx", None), ast.Load)
        }
        used = {n.id for n in names if isinstance(n, ast.Name)} - own
        lines = []
        for node in tree.body:
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            kept = [alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) in used]
            if kept:
                again = (
                    ast.ImportFrom(node.module, kept, 0)
                    if isinstance(node, ast.ImportFrom)
                    else ast.Import(kept)
                )
                lines.append(ast.unparse(again))
        return lines

    def seal(self, *, imports: list[str]) -> None:
        """Say once and for all what is read off the source elsewhere: in an edition without solutions there is none."""
        self._sealed = imports

    def reveal(self) -> Solution:
        """Show the explained solution, folded in a notebook; an edition without solutions says that it has none."""
        return Solution(self.source, self.explanation)

    def _answer(self, function: Any) -> Any:
        """Return what a student would hand in who had written this function: itself, or its value."""
        return function if self.is_function else function()

    @property
    def answer(self) -> Any:
        """The right answer: the solution, or the value it returns."""
        return self.solution if self.is_function else self._value

    @cached_property
    def _value(self) -> Any:
        return self.solution()

    def __call__(self, *args: Any) -> Any:
        """Solve it."""
        return self.solution(*args)

    def __reduce__(self) -> tuple[Any, ...]:
        return _find_in, (self.module, self.name)

    def _repr_markdown_(self) -> str:
        return f"**{escape(self.title)}** ({self.level})\n\n{self.prompt}"

    def __repr__(self) -> str:
        return f"{self.name} ({self.level}): {self.prompt}"

    # How it judges

    def check(
        self, answer: Any, *, seed: int = 0, seconds: float | None = None, cases_alone: bool = False
    ) -> Verdict:
        """Grade an answer, in this process: an error in it is a verdict too; only an interrupt still stops the check.

        Parameters
        ----------
        answer : object
            The student's function or value.
        seed : int
            Which cases it is tried on: 0 for practice, another for marks.
        seconds : float or None
            The longest that the check may take, where the system can interrupt it: not on Windows, nor on a thread.
            None: no limit.
        cases_alone : bool
            Whether the exercise's own grader is left out, where there are cases too: who judges will ask it elsewhere.

        Returns
        -------
        Verdict
        """
        with unseen():
            try:
                with within(seconds):
                    return self._checked(answer, seed, cases_alone)
            except Stopped as stop:
                return Verdict.wrong(f"{stop}.")
            except TooLong as late:  # between two calls of the answer
                return Verdict.wrong(f"your answer stopped: {late}.")

    def draw_cases(self, seed: int = 0) -> list[Case]:
        """Draw what an answer is tried on."""
        if self._cases is None:
            return [()]
        return list(self._cases(self._rng(seed)))

    def _rng(self, seed: int) -> np.random.Generator:
        return np.random.default_rng([seed, crc32(f"{self.chapter}.{self.name}".encode())])

    def _checked(self, answer: Any, seed: int, cases_alone: bool = False) -> Verdict:
        if call(partial(_is_stub, answer)):
            return _EMPTY
        refused = call(partial(self._not_of_the_kind, answer))
        if refused:
            return Verdict.wrong(refused)
        if self.is_function and (refused := call(partial(_cannot_take, answer, self.solution))):
            return Verdict.wrong(refused)
        verdict = self._compared(answer, seed) if self._cases or not self._grader else None
        if verdict is None and self._grader is not None and not cases_alone:
            verdict = call_grader(self._grader, answer, self._rng(seed))
        return Verdict.right(self.right) if verdict is None else verdict

    def _compared(self, answer: Any, seed: int) -> Verdict | None:
        """Hold an answer against the solution, and against the mistakes if it differs; None if it does not."""
        cases = self.draw_cases(seed)
        answered = self._tried(answer, cases, call)
        if self._given[0] != seed:  # what is due is worked out once a seed: most checks are of the same
            self._given = seed, self._tried(self.answer, cases, _plainly), {}
        due, mistaken = self._given[1:]
        differences = (self._differ(*pair) for pair in zip(answered, due, strict=True))
        wrong, difference = next(((i, one) for i, one in enumerate(differences) if one), (None, None))
        if wrong is None:
            return None
        for mistake in self.mistakes.values():
            if mistake.message and self._alike(
                answered, mistake.answer, cases, mistaken.setdefault(mistake.name, [])
            ):
                return Verdict.wrong(mistake.message)
        if difference == NOTHING and self._none_is_due(due) and not self._none_is_due(answered, all):
            difference = "you give None, and here there is something to give"
        return Verdict.wrong(self._where(cases, wrong) + f"{difference}.")

    def _none_is_due(self, results: list[Any], which: Callable[..., bool] = any) -> bool:
        """Tell whether some result (or each) is None: then None is an answer, and no `return` was forgotten."""
        return which((one[0] if self.intact else one) is None for one in results)

    def _not_of_the_kind(self, answer: Any) -> str | None:
        """Refuse a value for a function, a function for a value, and None for either."""
        if self.is_function:
            if answer is None:
                return f"`{self.name}` is None: write it as a function, and hand over the function itself."
            if not callable(answer):
                return f"`{self.name}` is to be a function, and you give {a(answer)}: write `def {self.name}(...)`."
            if isinstance(answer, Exercise):
                return f"`{self.name}` is the exercise itself: hand over your own function."
            return None
        if answer is None:
            return f"`{self.name}` is None: give it a value."
        if isinstance(answer, FunctionType) and not callable(self.answer):
            return f"`{self.name}` is to be a value, and you give a function: call it, or write `{self.name} = ...`."
        return None

    def _tried(self, answer: Any, cases: Sequence[Case], call: Callable[..., Any]) -> list[Any]:
        """Return what an answer gives in each case; its arguments are copies."""
        if not self.is_function:
            return [answer]
        draws = getattr(self.same, "draws", None)
        tried: list[Any] = []
        for case in cases:
            chance = [x for x in case if isinstance(x, np.random.Generator)]
            own = {id(x): copy.deepcopy(x) for x in chance}  # one generator for all draws of a case
            if draws is not None:
                tried.append([call(answer, *copy.deepcopy(case, dict(own))) for _ in range(draws)])
                continue
            given = copy.deepcopy(case, dict(own))
            got = call(answer, *given)
            tried.append((got, _changed(given, case)) if self.intact else got)
        return tried

    def _differ(self, answered: Any, due: Any) -> str | None:
        if self.intact:
            (answered, changed), (due, _) = answered, due
            if changed:
                return "what you were given has changed: work on a copy"
        if getattr(self.same, "draws", None) is None and answered is None and due is not None:
            return NOTHING
        try:
            return self.same(answered, due)
        except (KeyboardInterrupt, TooLong):
            raise
        except BaseException as error:  # of whatever an answer may hold
            return f"what you give cannot be compared ({type(error).__name__})"

    def _alike(self, answered: list[Any], mistake: Any, cases: Sequence[Case], known: list[Any]) -> bool:
        """Tell whether an answer behaves as a mistake does, in every case; `known` grows by what the mistake gives."""
        for number, (one, case) in enumerate(zip(answered, cases, strict=True)):
            if number == len(known):
                try:
                    known += self._tried(mistake, [case], call)
                except Stopped:  # a mistake that stops is like no answer that went on
                    return False
            other = known[number]
            if self.intact:
                if one[1] != other[1]:
                    return False
                one, other = one[0], other[0]
            try:
                if self.same(one, other):
                    return False
            except (KeyboardInterrupt, TooLong):
                raise
            except BaseException:  # the answer is of another kind than the mistake
                return False
        return True

    def _where(self, cases: Sequence[Case], wrong: int) -> str:
        if not self.is_function:
            return ""
        given = ", ".join(map(shown, cases[wrong]))
        return f"for {self.name}({short_text(given)}): "


def shown(argument: Any) -> str:
    """Return an argument as a sentence can hold it: small ones with their numbers, large ones with their size."""
    if isinstance(argument, np.random.Generator):
        return "rng"
    if isinstance(argument, np.generic):
        argument = argument.item()
    if isinstance(argument, np.random.Generator):
        return "rng"
    if not isinstance(argument, np.ndarray):
        return short(argument, 40)
    if argument.size > 8:
        return a(argument)
    return " ".join(np.array2string(argument, precision=4, separator=", ").split())


def short_text(text: str, longest: int = 160) -> str:
    """Cut a text."""
    return text if len(text) <= longest else text[: longest - 4] + " ..."


def exercise(
    *,
    level: Level,
    right: str,
    because: str,
    same: Comparison = close,
    points: int | None = None,
    intact: bool = False,
    stub: str | None = None,
) -> Callable[[Any], Exercise]:
    """Make an exercise of the function that solves it.

    The docstring of the function is the prompt, its signature the stub. One without arguments stands for a value: the
    answer is what it returns.

    Parameters
    ----------
    level : {"warm-up", "core", "stretch", "project"}
        How much to expect.
    right : str
        What to say to a right answer.
    because : str
        Why the solution is right, in Markdown.
    same : callable
        When two results are the same: one of ``qlearn.exercises.comparisons``.
    points : int or None
        What it counts; None: 1, 2, 3, 5 by level.
    intact : bool
        Whether an answer must leave its arguments as they are.
    stub : str or None
        Source code to start from, where the signature is not it.

    Returns
    -------
    callable
        The decorator.

    Examples
    --------
    >>> @exercise(level="warm-up", right="half of it.", because="One divided by two.")
    ... def half(x):
    ...     '''Return half of the number `x`.'''
    ...     return x / 2
    >>> @half.cases
    ... def numbers(rng):
    ...     for x in (0.5, -3.0, rng.normal()):
    ...         yield (x,)
    >>> @half.mistake("that is twice the number.")
    ... def doubles(x):
    ...     return 2 * x
    >>> half.check(lambda x: 0.5 * x)
    Right: half of it.
    >>> half.check(lambda x: x + x)
    Not yet: that is twice the number.
    >>> half.check(lambda x: print(x / 2))
    Not yet: for half(0.5): your function returns nothing: end it with `return`.
    """

    def make(solution: Any) -> Exercise:
        return Exercise(
            solution,
            level=level,
            right=right,
            because=because,
            same=same,
            points=points,
            intact=intact,
            stub=stub,
        )

    return make


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


def _plainly(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


def call_grader(grade: Grader, answer: Any, rng: np.random.Generator) -> Verdict | None:
    """Let a grader judge; what stops it is taken for the answer's doing."""
    from qlearn.exercises._guard import what_stopped

    try:
        return grade(answer, rng)
    except (KeyboardInterrupt, Stopped):
        raise
    except BaseException as error:
        raise Stopped(what_stopped(error, answer)) from None


def _cannot_take(answer: Any, solution: Any) -> str | None:
    """Say so if an answer has not the arguments that are handed over."""
    names = list(inspect.signature(solution).parameters)
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):  # a function that does not say what it takes
        return None
    try:
        signature.bind(*names)
    except TypeError:
        mine = ", ".join(signature.parameters)
        return f"your function takes ({mine}); it will be called with {len(names)}: ({', '.join(names)})."
    return None


def _changed(given: Case, before: Case) -> bool:
    """Tell whether arguments have changed, generators of random numbers aside."""
    from qlearn.exercises.comparisons import equal

    for one, other in zip(given, before, strict=True):
        if isinstance(one, np.ndarray):
            if one.shape != other.shape or not np.array_equal(one, other, equal_nan=one.dtype.kind in "fc"):
                return True
        elif isinstance(one, list | dict | set) and equal(one, other) is not None:
            return True
    return False


def _find_in(module: str, name: str) -> Exercise:
    """Return the exercise of a module: how it comes out of a pickle."""
    found: Exercise = getattr(import_module(module), name)
    return found


def check(exercise: Exercise, answer: Any, *, seed: int = 0) -> Verdict:
    """Grade `answer` to `exercise`; the same as ``exercise.check(answer)``."""
    return exercise.check(answer, seed=seed)
