"""The "break it" switches of `train()`: one thing wrong in a training, on purpose.

Each comes with a question to commit to before, and an explanation after. An explanation names no
result: the curves beside it show those of this run, with other images and settings they are others.

Seen on CIFAR-10's original pixels, % of validation images right, one run unless said: whole, after
4 epochs, 59; no normalisation, rate × 100, sigmoid and zero 10; wrong mean 20; VGG16 54, without
BatchNorm 9, with He's start in its place 30; shuffled labels 11 (100 in training); 1,000 images
with augmentation 47 to 50, without 37 to 49, each time fewer (three runs).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..shared.small_images import preprocessing_of
from . import changes
from .changes import FEW, Plan


@dataclass(frozen=True)
class Break:
    """One thing that is wrong.

    title: what, in a few words. question, answers: asked before; right: which answer is, from 0.
    explanation: said after.
    change: makes the broken plan from a whole one; it may change the network in place.
    basis: what both the broken and the whole training begin with, where the effect does not show
        in any plan: a network that is deep, images that are few. With `note`, why.
    """

    title: str
    question: str
    answers: tuple[str, ...]
    right: int
    explanation: str
    change: Callable[[Plan], Plan]
    basis: Callable[[Plan], Plan] | None = None
    note: str = ""


BREAKS: dict[str, Break] = {
    "normalisation": Break(
        "no normalisation",
        "The pixels come as they are stored, 0 to 255, to train with and to validate. It will",
        (
            "learn as well: the first layer can make its weights small",
            "stay at guessing for long",
            "learn, but fail on the validation images",
        ),
        1,
        "Inputs a hundred times as large make the gradients of the first layer that much larger, "
        "and its first steps throw the weights about. Compare with the curve of the normalised "
        "images: on CIFAR-10 LeNet is still at guessing when that one has learned most.",
        changes.unnormalised,
    ),
    "wrong mean": Break(
        "wrong mean and std",
        "Training images are normalised as always. The validation images get another mean and "
        "std, 0 and 1, as if that had been forgotten. The validation accuracy will be",
        ("the same: they are the same images", "a little lower", "not half as high"),
        2,
        "The training curve looks as always. But on the validation images it falls far behind: it "
        "has learned from numbers around 0 and is asked about others. What trains, validates and "
        "predicts must prepare images in one way.",
        changes.normalised_wrongly,
    ),
    "learning rate": Break(
        "learning rate × 100",
        "Each step is a hundred times as long. The network will",
        ("learn faster", "learn as fast, but jump about", "learn nothing"),
        2,
        "The gradient is true nearby only. One step that is too long can land where the ReLUs of a "
        "layer give 0 for every image. No gradient comes back through them, so that nothing can "
        "change any more: LeNet stays at guessing. Or the loss grows until it is no number.",
        changes.hundredfold,
    ),
    "sigmoid": Break(
        "sigmoid in place of ReLU",
        "Every ReLU becomes a sigmoid, which networks had in the 1980s. In these epochs it will",
        ("learn as well", "learn, but more slowly", "stay at guessing"),
        2,
        "The slope of a sigmoid is 1/4 at most, and near 0 away from its middle. After four of "
        "them, the gradient that reaches the first layer is 1/256 at most. The slope of ReLU is 1 "
        "where it lets anything through. In 1998 LeNet had tanh, whose slope is up to 1.",
        changes.sigmoid,
    ),
    "batch norm": Break(
        "no BatchNorm in a deep VGG",
        "VGG16 with BatchNorm against VGG16 without. Without it, the network will",
        ("learn faster: there is less to compute", "learn a little more slowly", "learn nothing"),
        2,
        "Each layer makes the signal a little smaller, and after 13 convolutions all images look "
        "the same. BatchNorm brings every layer's output back to mean 0 and standard deviation 1. "
        "A better initialisation (He et al., 2015) helps too, though not as much.",
        changes.without_batch_norm,
        changes.deep,
        "Depth is what this is about: both are VGG16, an eighth as wide, on 10,000 images.",
    ),
    "zero": Break(
        "all weights zero at first",
        "A network must begin somewhere. With all weights at 0 it will",
        (
            "learn as well: training finds the right weights",
            "learn more slowly at first",
            "never learn more than how common each class is",
        ),
        2,
        "All units give 0, and 0 is the gradient that comes back to them, since it is multiplied "
        "by the weights above. Only the last biases move: the loss stays at 2.30 = ln 10. Random "
        "weights make the units differ, so that each can learn something else.",
        changes.zero,
    ),
    "labels": Break(
        "shuffled labels",
        f"{FEW:,} training images get the label of another image, at random: there is nothing "
        "to be understood. At the end, the training accuracy is",
        ("10 %, guessing", "about 50 %", "close to 100 %"),
        2,
        "LeNet has more than 60,000 weights, and learns a thousand labels by heart whether they "
        "mean anything or not. Only the validation tells: with shuffled labels it stays at "
        "guessing, and its loss is far above that of guessing, for it is sure and wrong. A high "
        "training accuracy alone proves nothing (Zhang et al., 2017).",
        changes.labels_shuffled,
        changes.few_as_they_are,
        f"Learning by heart takes few images, seen often: {FEW:,}, unaltered, in 60 epochs.",
    ),
    "augmentation": Break(
        "no augmentation",
        f"{FEW:,} training images, in each epoch the same pixels, instead of new crops and "
        "mirror images each time. Without augmentation the validation accuracy is",
        ("higher: it trains on what it is asked about", "the same", "lower"),
        2,
        "Without it, LeNet learns its training images by heart, and gets fewer of the validation "
        "images right. What one sees sixty times one can learn by heart; new crops and mirror "
        "images leave only what they have in common.",
        changes.not_augmented,
        changes.few_images,
        f"With all images it takes long to show. So: {FEW:,} images, 60 epochs.",
    ),
}

# On digits two of them turn out differently, and nothing is mirrored: LeNet, a run each.
ON_DIGITS: dict[str, Break] = BREAKS | {
    "normalisation": replace(
        BREAKS["normalisation"],
        answers=(*BREAKS["normalisation"].answers[:2], "learn, with several times the errors"),
        right=2,
        explanation="On digits, LeNet learns all the same, but more slowly, and ends with several "
        "times as many errors as with normalised images. On CIFAR-10 it stays at guessing at "
        "first: how much this harms depends on the images.",
    ),
    "wrong mean": replace(
        BREAKS["wrong mean"],
        right=1,
        explanation="On digits, hardly more are wrong, but the validation loss is several times as "
        "high. On CIFAR-10 more than half of the right answers are lost: how much this harms "
        "depends on the images. What trains, validates and predicts must prepare images in one "
        "way.",
    ),
    "augmentation": replace(
        BREAKS["augmentation"],
        question=f"{FEW:,} training digits, in each epoch the same pixels, instead of digits that "
        "are shifted and turned a little each time. Without augmentation the validation accuracy "
        "is",
        explanation="Without it, LeNet has more errors on the validation digits, though none on "
        "its training digits. What one sees sixty times one can learn by heart; digits that move "
        "and turn leave only what they have in common.",
    ),
}


def switches(data: Any) -> dict[str, Break]:
    """The switches, by name, for a training with the images `data`."""
    return ON_DIGITS if preprocessing_of(data).channels == 1 else BREAKS
