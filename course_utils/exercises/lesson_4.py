"""Exercises of lesson 4, VGG."""

from .checking import Exercise

EXERCISES: dict[str, Exercise] = {}
