"""Exercises of lesson 5, preprocessing."""

from .checking import Exercise

EXERCISES: dict[str, Exercise] = {}
