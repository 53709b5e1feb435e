"""What is said about a unit: how many pixels can reach it, and which of them change it most.

It is said without the word gradient: lesson 1 has this widget before it knows one.
"""

import torch

from ...networks import Layer
from .drawing import half_of_it


def reached(layer: Layer, row: int, column: int) -> str:
    """What can reach a unit. The page says the same of a unit that one points at."""
    if layer.field is None:
        return "what can reach it is not known: the layers before it do not stand in a row"
    if str(layer.field) == "whole image":
        return "the whole image can reach it"
    top, left, bottom, right = layer.field.box(row, column)
    if top == bottom or left == right:
        return "no pixel can reach it: it sees padding only"
    inside = f"{bottom - top} × {right - left}"
    full = f"{layer.field.rows.size} × {layer.field.columns.size}"
    if None in (layer.field.rows.size, layer.field.columns.size) or inside == full:
        return f"{inside} pixels can reach it"
    return f"{full} pixels can reach it, {inside} of them inside the image"


def effect_in_words(gradient: torch.Tensor, layer: Layer, row: int, column: int) -> str:
    """What the gradient `(H, W)` of a unit says, in sentences."""
    half = half_of_it(gradient)
    if not half:
        return "No pixel changes this value a little: a ReLU on the way gives 0 here."
    if layer.field is None:
        return f"Half of the influence lies in {half:,} pixels."
    top, left, bottom, right = layer.field.box(row, column)
    if gradient.count_nonzero() > gradient[top:bottom, left:right].count_nonzero():
        return (
            "Pixels outside the box change this value: these layers do not stand in a row, and "
            "the arithmetic does not hold for them."
        )
    return f"Half of the influence lies in {half:,} of {(bottom - top) * (right - left):,} pixels."
