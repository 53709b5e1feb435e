"""Exercises of lesson 7, training."""

from .checking import Exercise

EXERCISES: dict[str, Exercise] = {}
