"""Prepared strokes: clear digits, and some that a network trained on MNIST may misread."""

from math import cos, pi, sin

Strokes = list[list[list[float]]]


def _arc(x: float, y: float, wide: float, high: float, start: float, end: float) -> list:
    """Part of an ellipse around (x, y); angles in turns, 0 is right, 0.25 below."""
    turns = [start + (end - start) * i / 24 for i in range(25)]
    return [[x + wide * cos(2 * pi * t), y + high * sin(2 * pi * t)] for t in turns]


def _smaller(strokes: Strokes, scale: float, x: float, y: float) -> Strokes:
    """The strokes scaled, with their middle at (x, y)."""
    return [[[x + (a - 0.5) * scale, y + (b - 0.5) * scale] for a, b in s] for s in strokes]


SEVEN: Strokes = [[[0.27, 0.22], [0.72, 0.22], [0.45, 0.82]]]
THREE: Strokes = [
    _arc(0.46, 0.33, 0.18, 0.15, -0.4, 0.25) + _arc(0.46, 0.65, 0.22, 0.17, -0.25, 0.4)
]
EXAMPLES: dict[str, Strokes] = {
    "a seven": SEVEN,
    "a three": THREE,
    "a seven with a bar": [*SEVEN, [[0.36, 0.53], [0.68, 0.53]]],
    "a one with foot and flag": [
        [[0.36, 0.34], [0.52, 0.18], [0.52, 0.82]],
        [[0.34, 0.82], [0.7, 0.82]],
    ],
    "a four, open at the top": [
        [[0.34, 0.2], [0.3, 0.55], [0.72, 0.55]],
        [[0.64, 0.2], [0.6, 0.85]],
    ],
    "a four or a nine": [_arc(0.48, 0.36, 0.18, 0.17, 0.02, 1.02), [[0.66, 0.2], [0.63, 0.84]]],
    "a six or a zero": [
        [[0.6, 0.16], [0.44, 0.3], *_arc(0.5, 0.62, 0.19, 0.21, -0.5, 0.5)],
    ],
    "a seven, tiny and in a corner": _smaller(SEVEN, 0.3, 0.2, 0.2),
    "a three, lying": [[[y, 1 - x] for x, y in THREE[0]]],
}
