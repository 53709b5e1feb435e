"""The widgets `predict()` and `quiz()`."""

from .widget import predict, quiz

__all__ = ["predict", "quiz"]
