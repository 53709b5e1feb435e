"""What an exercise is, and the verdict on an answer: whatever a student types, so `Any`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch
from torch import nn

from ..errors import CourseError, nearest

Entry = TypeVar("Entry")

NOT_IT = " is not it."  # said of a wrong answer that nobody knows the mistake of
ROUNDING = 0.005  # how far a wrong answer may be from the value of a `Wrong`, relative to it


@dataclass(frozen=True)
class Wrong:
    """A known wrong answer: its value, what went wrong, and how to know it in other forms.

    A float may be rounded: whoever computes it has all its digits.
    when: recognises answers that are wrong in the same way but have another value.
    """

    value: Any
    diagnosis: str
    when: Callable[[Any], bool] | None = None

    def matches(self, answer: Any) -> bool:
        return self.when(answer) if self.when else _same(self.value, answer, ROUNDING)


@dataclass(frozen=True)
class Exercise:
    """One question that `check` knows.

    question: its gist. why: printed when the answer is right. hint: the first step.
    more: the second and the third hint; the third says everything but the number.
    tested: what the check looks at, in words, where it does more than compare with `answer`.
    solution: code that a teacher can show, where `answer` does not say how one gets there.
    answer: a right answer: number, text, shape, tensor, module or function.
    wrong: known wrong answers. form: what an answer looks like, in words; made from `answer`
        if it is empty.
    accept: takes any answer of the right form and says if it is right, where several are.
    tolerance: how far from the answer a float may be, relative to it.
    """

    question: str
    answer: Any
    why: str
    hint: str
    wrong: tuple[Wrong, ...] = ()
    form: str = ""
    accept: Callable[[Any], bool] | None = None
    tolerance: float = 0.01
    more: tuple[str, ...] = ()
    tested: str = ""
    solution: str = ""

    @property
    def hints(self) -> tuple[str, ...]:
        return (self.hint, *self.more)


class Right(NamedTuple):
    """The right option of a `Question`; any other is a plain pair of texts."""

    text: str
    why: str


class Question:
    """A question of a quiz, its options, and the number of the right one, from 0.

    options: each a text and what is said to whoever chooses it; one of them is a `Right`.
    """

    def __init__(self, text: str, *options: tuple[str, str]) -> None:
        self.text, self.options = text, options
        (self.right,) = (i for i, option in enumerate(options) if isinstance(option, Right))


def find(what: str, name: Any, table: dict[str, Entry]) -> Entry:
    """The entry of this name, "01.window". Raises `CourseError` if there is none; what: of what."""
    typed = name if isinstance(name, str) else ""
    if typed not in table:
        near = [known for known in table if known[:2] == typed[:2]]
        those = f" This lesson has {', '.join(near)}." if near else ""
        raise CourseError(f"There is no {what} {shown(name)}.{nearest(typed, table)}{those}")
    return table[typed]


def verdict(exercise: Exercise, answer: Any) -> str:
    """One line on `answer`: not tried yet, not yet (with a diagnosis), or right (with why)."""
    if answer is None or answer is ...:
        return "Not tried yet."
    try:
        return _judged(exercise, _plain(answer))
    except Exception as error:  # a student's network or function can raise anything
        first = str(error).strip().split("\n")[0]
        return f"Not yet: trying your answer raised {type(error).__name__}: {first}"


def _judged(exercise: Exercise, answer: Any) -> str:
    right = _plain(exercise.answer)
    if not _alike(answer, right):
        return f"Not yet: expected {exercise.form or _form(right)}, got {shown(answer)}."
    tested = f" Tested: {exercise.tested}." if exercise.tested else ""
    if _is_right(exercise, answer):
        return f"Right: {exercise.why}{tested}"
    for wrong in exercise.wrong:
        if wrong.matches(answer):
            return f"Not yet: {wrong.diagnosis}{tested}"
    return f"Not yet: {shown(answer)}{NOT_IT}{tested}"


def _is_right(exercise: Exercise, answer: Any) -> bool:
    if exercise.accept is not None:
        return exercise.accept(answer)
    return _same(exercise.answer, answer, exercise.tolerance)


def _plain(answer: Any) -> Any:
    """One form for answers that mean the same.

    Tensors and arrays of one number become numbers; lists of numbers, bytes and tensors with one
    axis become tuples, lists of rows float tensors; texts lose their outer spaces and capitals.
    """
    if isinstance(answer, str):
        return answer.strip().casefold()
    if isinstance(answer, np.ndarray | np.generic):
        answer = answer.tolist()
    if isinstance(answer, torch.Tensor) and answer.ndim == 0:
        return answer.item()
    if isinstance(answer, torch.Tensor) and answer.ndim == 1:
        answer = answer.tolist()
    if isinstance(answer, bytes):
        answer = [*answer]
    if not isinstance(answer, list | tuple):
        return answer
    if all(not hasattr(item, "__len__") for item in answer):
        return tuple(map(_plain, answer))
    try:
        return torch.tensor(answer, dtype=torch.float32)
    except (TypeError, ValueError):
        return tuple(answer)


def _alike(answer: Any, right: Any) -> bool:
    """Is `answer` the same sort of thing as the right one?"""
    if isinstance(right, bool) or isinstance(answer, bool):
        return isinstance(right, bool) and isinstance(answer, bool)
    for sort in (int | float, str, tuple, torch.Tensor, nn.Module):
        if isinstance(right, sort):
            return isinstance(answer, sort)
    return callable(answer) or not callable(right)


def _same(expected: Any, answer: Any, tolerance: float = 0.0) -> bool:
    """Equal; floats within `tolerance` of `expected`, tensors within rounding."""
    expected = _plain(expected)
    if isinstance(expected, torch.Tensor):
        alike = answer.shape == expected.shape
        return alike and torch.allclose(answer.float(), expected.float(), atol=1e-4)
    if isinstance(expected, float) and isinstance(answer, int | float):
        return abs(answer - expected) <= tolerance * abs(expected) + 1e-9
    return bool(answer == expected)


def _form(right: Any) -> str:
    """What an answer looks like, without giving it away."""
    if isinstance(right, bool):
        return "True or False"
    if isinstance(right, tuple):
        return f"{len(right)} numbers like ({', '.join('23571'[: len(right)])})"
    forms = {int: "a whole number", float: "a number", str: "a text in quotes"}
    forms |= {torch.Tensor: "a tensor or a list of rows", nn.Module: "a network (nn.Module)"}
    return next((text for sort, text in forms.items() if isinstance(right, sort)), "a function")


def shown(answer: Any) -> str:
    """An answer in a few letters."""
    if isinstance(answer, torch.Tensor):
        return f"a tensor of shape {tuple(answer.shape)}"
    if isinstance(answer, nn.Module) or callable(answer):
        return getattr(answer, "__name__", type(answer).__name__)
    try:
        text = " ".join(repr(answer).split())
    except Exception:  # a class of the student's own can raise anything
        return f"an object of {type(answer).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}..."


def solution(exercise: Exercise) -> str:
    """The answer as a teacher shows it: code if there is some, else the value."""
    if exercise.solution:
        return exercise.solution
    if isinstance(exercise.answer, torch.Tensor):
        return str(exercise.answer.tolist())
    return repr(exercise.answer)
