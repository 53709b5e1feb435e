"""The one exception that a user of the course is meant to see."""

from collections.abc import Iterable
from difflib import get_close_matches


class CourseError(Exception):
    """Something that a user can put right.

    The message says what is wrong, with what, and what to do next. In a notebook only that
    message is shown: a stack of frames helps nobody who mistyped a name.
    """

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback."""
        return [f"\x1b[31m\x1b[1mCourseError\x1b[0m: {self}"]


def demand(good: bool, otherwise: str) -> None:
    """Raise `CourseError` with the message `otherwise`, unless it is `good`."""
    if not good:
        raise CourseError(otherwise)


def nearest(word: object, choices: Iterable[str]) -> str:
    """Return " Did you mean 'alexnet'?" for the choice that is most like `word`, or ""."""
    folded = {choice.casefold(): choice for choice in choices}
    close = get_close_matches(str(word).casefold(), folded, n=1, cutoff=0.5)
    return f" Did you mean {folded[close[0]]!r}?" if close else ""
