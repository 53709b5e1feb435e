"""Exercises of lesson 3, AlexNet."""

from .checking import Exercise

EXERCISES: dict[str, Exercise] = {}
