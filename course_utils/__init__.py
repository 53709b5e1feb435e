"""What the lessons import.

One flow: an image comes in (`open_image`), becomes a tensor, goes through a network
(`load_network`), and what every layer said comes out (`activations`, `classify`, `explore`).
"""

import sys
from importlib import import_module

from .errors import CourseError

# Through a pipe Windows writes in its code page, which has no "×" or "─": better "?" than an error.
if getattr(sys.stdout, "errors", "") == "strict" and hasattr(sys.stdout, "reconfigure"):
    sys.stdout.reconfigure(errors="replace")

try:
    from .images import open_image, sample_images
    from .networks import activations, classify, layers, networks
except (ImportError, OSError) as error:  # OSError: a library that torch itself wants
    # The package can still be imported on a half-installed machine: `python -m
    # course_utils.doctor` must run there and say what is missing.
    _missing: str | None = str(error)
else:
    _missing = ""

# Imported when first used: a kernel that only loads a network needs no matplotlib (+20 MB), and
# `python -m course_utils.fetch` must not find itself imported already.
_LATER = {
    "load_network": "networks",
    "load_cifar10": "datasets",
    "load_digits": "datasets",
    "image_folder": "datasets",
    "browse": "widgets",
    "convolve": "widgets",
    "draw": "widgets",
    "explore": "widgets",
    "kernels": "widgets",
    "predict": "widgets",
    "preprocess": "widgets",
    "progress": "exercises",
    "quiz": "widgets",
    "receptive_field": "widgets",
    "teach": "widgets",
    "train": "widgets",
    "figures": "figures",
}

__all__ = [
    "CourseError",
    "activations",
    "classify",
    "layers",
    "networks",
    "open_image",
    "sample_images",
    *_LATER,
]


def __getattr__(name: str) -> object:
    if name in __all__ and _missing:
        raise CourseError(
            f"The course is not fully installed ({_missing}). Run `make lab`, or install "
            "requirements.txt into the environment that this notebook runs in; "
            "`python -m course_utils.doctor` says what is missing."
        )
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f".{_LATER[name]}", __name__)
    return module if name == _LATER[name] else getattr(module, name)
