"""One backbone, many tasks: features, a linear probe, fine-tuning, and where a network looks.

In: a trained network and images. Out: features `(N, features)`, a head, saliency maps. Lesson 8.
"""

from .features import features, similarity, split
from .fine_tuning import thaw, with_head
from .held_out import HeldOut, always, folds, held_out, wilson
from .linear_probe import accuracy, first_of_each, linear_probe
from .saliency import Saliency, class_activation_map, cover, occlusion
from .taught import Answer, Taught, learned, load_taught

__all__ = [
    "Answer",
    "HeldOut",
    "Saliency",
    "Taught",
    "accuracy",
    "always",
    "class_activation_map",
    "cover",
    "features",
    "first_of_each",
    "folds",
    "held_out",
    "learned",
    "linear_probe",
    "load_taught",
    "occlusion",
    "similarity",
    "split",
    "thaw",
    "wilson",
    "with_head",
]
