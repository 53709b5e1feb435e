"""Exercises of lesson 6, CIFAR-10."""

from .checking import Exercise

EXERCISES: dict[str, Exercise] = {}
