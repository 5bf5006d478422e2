"""What a checker says of an answer."""

from dataclasses import dataclass
from html import escape

LONGEST = 500


@dataclass(frozen=True)
class Verdict:
    """What the checker says of one answer.

    Parameters
    ----------
    passed : bool
        Whether the answer is right.
    message : str
        One or two sentences that teach: what was seen, what was expected, where to look. Cut at 500 characters.

    Examples
    --------
    >>> Verdict.wrong("for outcome 01 you applied Z; the state was flipped, not signed: apply X")
    Not yet: for outcome 01 you applied Z; the state was flipped, not signed: apply X
    """

    passed: bool
    message: str

    def __post_init__(self) -> None:
        if len(self.message) > LONGEST:
            object.__setattr__(self, "message", self.message[: LONGEST - 4] + " ...")

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
