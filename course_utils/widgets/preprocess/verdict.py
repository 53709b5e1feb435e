"""What is wrong or unusual in an order of the steps of preprocessing, in sentences."""

import re
from dataclasses import dataclass

import torch
from PIL import Image

from ...figures import percent, short
from ...images import size_of
from .normalisation import NOTHING, words
from .orders import RIGHT, Answer, Done, Order


@dataclass(frozen=True)
class Case:
    """An order, what came of it, what the network said, and what it should have got."""

    order: Order
    done: Done
    answer: Answer
    should: torch.Tensor

    @property
    def image(self) -> tuple[int, int]:
        return size_of(self.done.results["image"])

    @property
    def got(self) -> tuple[int, int]:
        return size_of(self.done.last)


def judge(case: Case) -> tuple[str, list[str]]:
    """("right", "same", "wrong" or "stops", a sentence for each thing there is to say).

    "same": not the usual order, but the network gets the same. "wrong": no error tells.
    """
    mistakes = _mistakes(case)
    stops = case.done.failed or case.answer.error
    if stops or mistakes:
        return "stops" if stops else "wrong", mistakes or [f"The network stops: {stops}."]
    remarks = [*filter(None, (_resized_late(case), _batched_early(case), _many(case)))]
    remarks += _without_effect(case)
    return ("same", remarks) if remarks else ("right", [])


def _mistakes(case: Case) -> list[str]:
    if case.done.failed:
        return [_failed(case)]  # what was wrong after it did not happen
    if isinstance(case.done.last, Image.Image):
        found = [_no_tensor(case), _size(case)]
    else:
        found = [_size(case), *_values(case), _no_batch(case)]
    return [*filter(None, found)]


NEEDS = {
    "scale": "divides numbers",
    "normalize": "subtracts from numbers and divides them",
    "batch": "adds a dimension to a tensor",
}


def _failed(case: Case) -> str:
    name, error = case.done.failed, case.done.error
    if name not in NEEDS:
        return f"{name} stopped: {error}."
    late = "to tensor" in case.order.steps
    what = f"{name} before to tensor" if late else "to tensor left out"
    return f"{what}: {name} {NEEDS[name]}, and what it got is a PIL image. {error}."


def _no_tensor(case: Case) -> str:
    return (
        "to tensor left out: the network takes a float32 tensor (N, C, H, W), and got a PIL "
        f"image. {case.answer.error}."
    )


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]} × {size[1]}"


def _size(case: Case) -> str:
    """What is wrong with the part of the image that is seen, and its size."""
    order, side = case.order, case.order.wanted.crop
    if order.before("crop", "resize"):
        if min(case.image) == order.wanted.resize == side:
            return ""
        return f"crop before resize: {_cut(case)} Resize then made {_by(case.got)} of it."
    if "crop" in order.steps:
        small = "resize" in order.steps or min(case.image) == order.wanted.resize
        return _border_late(case) if small else f"resize left out: {_cut(case)}"
    if case.got == (side, side):
        return ""
    both = "crop" if "resize" in order.steps else "resize and crop"
    text = f"{both} left out: the network gets {_by(case.got)} pixels in place of {side} × {side}."
    if case.answer.error or case.answer.logits is None:
        return text
    return f"{text} It takes that size too, but it was made for the other."


def _border_late(case: Case) -> str:
    """A network for digits crops more than there is: the border must be black."""
    order, p = case.order, case.order.wanted
    if p.crop <= p.resize or not (order.normalizes and order.before("normalize", "crop")):
        return ""
    inner = _by(size_of(case.done.tensor("normalize")))
    return (
        f"crop after normalize: it puts a border of zeros around {inner} pixels, and after "
        "normalize zero is not black."
    )


def _cut(case: Case) -> str:
    """What crop does to an image that nobody has resized."""
    side, (height, width) = case.order.wanted.crop, case.image
    part = min(side, height) * min(side, width) / (height * width)
    text = f"crop cut {side} × {side} out of {height} × {width} pixels"
    if part < 1:
        text += f", {percent(part)} of the image"
    if min(height, width) < side:
        text += ", and put a border of zeros where there was none"
        if case.order.normalizes and case.order.before("normalize", "crop"):
            text += ", which after normalize are not black"
    return f"{text}."


def _values(case: Case) -> list[str]:
    """What is wrong with the numbers, and last what the network gets."""
    found = [*filter(None, (_scaling(case), _normalising(case)))]
    if not found:
        return []
    got, should = _range(case.done.tensor()), _range(case.should)
    return [*found, f"The network gets values {got} in place of {should}."]


def _range(x: torch.Tensor) -> str:
    return f"{short(x.min().item(), 3)} to {short(x.max().item(), 3)}"


def _scaling(case: Case) -> str:
    order = case.order
    times = order.scales + ("scale" in order.steps)
    if times == 2:
        return "scaled twice: to tensor divides by 255 already, and scale does it again."
    if times == 0 and order.normalizes:
        return "scale left out: mean and std are numbers for 0 to 1, and normalize got 0 to 255."
    if times == 0:
        return "scale left out: 0 to 255 stays 0 to 255."
    if order.normalizes and order.before("normalize", "scale"):
        values = _range(case.done.tensor("normalize"))
        return (
            "normalized before scaling: the mean, a number for 0 to 1, was subtracted from 0 to "
            f"255; that gave values {values}, which scale divided by 255."
        )
    return ""


def _normalising(case: Case) -> str:
    order, own = case.order, (case.order.wanted.mean, case.order.wanted.std)
    used = order.used if order.normalizes else NOTHING
    if used == own:
        return ""
    if not order.normalizes:
        return "normalize left out: no mean is subtracted, nothing divided by a std."
    return f"mean and std of another data set: {words(*used)} in place of {words(*own)}."


def _no_batch(case: Case) -> str:
    if "batch" in case.order.steps or case.answer.logits is not None:
        return ""
    shape = f"({', '.join(map(str, case.done.tensor().shape))})"
    text = f"batch left out: the network takes (N, C, H, W) and got {shape}, without the N."
    taken = re.search(r"mat1 and mat2 .*?\((\d+)x", case.answer.error)
    if taken:
        text += (
            " Convolutions take a single image too, but then the fully connected layer takes "
            f"the {taken[1]} channels for {taken[1]} images."
        )
    return text


# --- What was unusual, but does no harm ----------------------------------------------------------


def _and(names: list[str]) -> str:
    """ "crop", "crop and scale", "crop, scale and normalize" """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _resized_late(case: Case) -> str:
    late = [name for name in ("resize", "crop") if case.order.before("to tensor", name)]
    if not late:
        return ""
    text = f"{_and(late)} after to tensor: torchvision's take tensors too, and so do these."
    got = case.done.tensor().reshape(case.should.shape)
    apart = (got - case.should).abs().max().item()
    if apart > 1e-5:
        text += (
            " Pillow rounds to whole numbers, a tensor does not: the largest difference is "
            f"{short(apart)}."
        )
    return text


def _batched_early(case: Case) -> str:
    names = [name for name in RIGHT if case.order.before("batch", name)]
    if not names:
        return ""
    return f"batch before {_and(names)}: steps take (N, C, H, W) as well as (C, H, W)."


def _many(case: Case) -> str:
    """Scaling or normalising pixels that are thrown away later."""
    counts = {
        name: case.done.tensor(name).numel()
        for name in ("scale", "normalize")
        if name in case.order.steps
    }
    most, needed = max(counts.values(), default=0), case.should.numel()
    if most <= needed:
        return ""
    names = _and([name for name, count in counts.items() if count == most])
    return f"{names} computed with {most:,} numbers of which {needed:,} are needed."


def _without_effect(case: Case) -> list[str]:
    """Steps that are left out, or out of their place, and would have changed nothing here."""
    order, p = case.order, case.order.wanted
    size = f"the image has {_by(case.image)} pixels"
    found = []
    if "resize" not in order.steps:
        found.append(f"resize left out: {size}, its shorter side {p.resize} already.")
    if "crop" not in order.steps:
        found.append(f"crop left out: what there was has {p.crop} × {p.crop} pixels already.")
    if order.before("crop", "resize"):
        found.append(f"crop before resize: {size}, so resize has nothing to do.")
    if "batch" not in order.steps:
        found.append("batch left out: this network takes a single image as well.")
    return found
