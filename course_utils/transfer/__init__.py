"""One backbone, many tasks: features, a linear probe, fine-tuning, and where a network looks.

In: a trained network and images. Out: features `(N, features)`, a head, saliency maps. Lesson 8.
"""

from .features import features, similarity, split
from .fine_tuning import thaw, with_head
from .linear_probe import accuracy, first_of_each, linear_probe
from .saliency import Saliency, class_activation_map, cover, occlusion

__all__ = [
    "Saliency",
    "accuracy",
    "class_activation_map",
    "cover",
    "features",
    "first_of_each",
    "linear_probe",
    "occlusion",
    "similarity",
    "split",
    "thaw",
    "with_head",
]
