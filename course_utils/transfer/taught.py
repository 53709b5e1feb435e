"""A network that was taught somebody's own classes: asked, saved, loaded."""

import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..errors import CourseError, demand
from ..networks import REGISTRY, as_network, info, input_batch, load_network
from ..storage import cannot_write, write_whole
from .features import features, similarity, split
from .fine_tuning import with_head
from .linear_probe import linear_probe
from .saliency import Saliency, class_activation_map

MOST = 0.95  # of the images to learn from, whose distance is no reason to say "none of these"
TENSORS = ("weight", "bias", "known", "limit")


@dataclass(frozen=True)
class Answer:
    """What a taught network says of an image.

    shares: the probability of each class, 0..1. distance: to the nearest image that it learned
    from, 0 (alike) .. 2; nearest: the number of that image. none: whether that is too far for any
    of the classes. looks: where the best class is seen, if that was asked.
    """

    shares: list[float]
    distance: float
    nearest: int
    none: bool
    looks: Saliency | None


class Taught:
    """A frozen backbone and a head for somebody's own classes.

    network: both as one, with the names of the classes: for `classify`, `explore` and others.
    backbone, head: its parts. known: the features that the head learned from, `(N, D)`.
    limit: the distance beyond which an image is none of the classes.
    """

    def __init__(
        self,
        network: nn.Module | str,
        head: nn.Linear,
        classes: Sequence[str],
        known: torch.Tensor,
        limit: float,
    ) -> None:
        self.network = with_head(network, head, classes)
        self.backbone, self.head = split(self.network)
        self.known, self.limit, self._origin = known, limit, info(as_network(network))

    @property
    def classes(self) -> tuple[str, ...]:
        return info(self.network).classes

    def answer(self, image: Any, where: bool = False) -> Answer:
        """What the network says of an image, anything that `open_image` takes.

        where: whether to find where it looks.
        """
        x, looks = input_batch(self.network, image), None
        if where:
            looks, X = self._both(x)
        else:
            X = features(self.backbone, x)
        with torch.no_grad():
            logits: torch.Tensor = self.head(X)
        shares = logits.softmax(dim=1)[0].tolist()
        distances = 1 - similarity(X, self.known)[0]
        distance = float(distances.min())
        far = distance > self.limit
        return Answer(shares, distance, int(distances.argmin()), far, looks)

    def _both(self, x: torch.Tensor) -> tuple[Saliency, torch.Tensor]:
        """Where the network looks, and the features `(1, D)`, by one run."""
        kept: list[torch.Tensor] = []
        hook = self.head.register_forward_pre_hook(
            lambda _, inputs: kept.append(inputs[0].detach())
        )
        try:
            return class_activation_map(self.network, x), kept[0]
        finally:
            hook.remove()

    def save(self, path: str | Path) -> Path:
        """Write head, names, known features and the name of the backbone as safetensors.

        Raises `CourseError` for a backbone that is none of the course, or if it cannot be written.
        """
        from safetensors.torch import save

        known = self._origin
        demand(
            known.name in REGISTRY,
            f"Only the head is saved, and the name of its backbone; {known.title} is no network "
            "of the course. Save it with torch.save(w.taught.network.state_dict(), path).",
        )
        path = Path(path).expanduser().with_suffix(".safetensors")
        head = self.head.state_dict()
        values = (head["weight"], head["bias"], self.known, torch.tensor(self.limit))
        tensors = {k: v.contiguous() for k, v in zip(TENSORS, values, strict=True)}
        about = {
            "name": known.name,
            "dataset": known.dataset,
            "trained": known.trained,
            "classes": self.classes,
        }
        try:
            write_whole(path, save(tensors, {"taught": json.dumps(about)}))
        except OSError as error:
            raise cannot_write(error, path) from None
        return path


def learned(
    network: nn.Module | str,
    X: torch.Tensor,
    y: torch.Tensor,
    groups: Sequence[Hashable],
    classes: Sequence[str],
) -> Taught:
    """Train a head on features X `(N, D)` of `network`, for labels y `(N,)` of these classes.

    groups: what each image belongs to, as in `held_out`: an image may be as far from what is
    known as most images (`MOST`) are from all images of other groups.
    Raises `CourseError` if all images have the same label.
    """
    head = linear_probe(X, y)
    keys = [*zip(y.tolist(), groups, strict=True)]
    number = torch.tensor([*map([*dict.fromkeys(keys)].index, keys)])
    same = number[:, None] == number
    distances = (1 - similarity(X, X)).masked_fill(same, float("inf")).amin(dim=1)
    return Taught(network, head, classes, X, float(distances.quantile(MOST)))


def load_taught(path: str | Path) -> Taught:
    """What `Taught.save` wrote. Raises `CourseError` if the file is missing or another one."""
    from safetensors import SafetensorError, safe_open

    path = Path(path).expanduser()
    try:
        with safe_open(path, "pt") as file:
            about = json.loads(file.metadata()["taught"])
            weight, bias, known, limit = (file.get_tensor(name) for name in TENSORS)
    except (OSError, SafetensorError, ValueError, LookupError, TypeError) as error:
        why = "there is no such file" if not path.exists() else type(error).__name__
        raise CourseError(
            f"{str(path)!r} is no taught network ({why}). Give the path that save() returned."
        ) from None
    weights = about["dataset"] if about["trained"] else None
    network = load_network(about["name"], weights=weights, dataset=about["dataset"])
    head = nn.Linear(weight.shape[1], len(weight), device="meta")
    head.weight, head.bias = nn.Parameter(weight), nn.Parameter(bias)
    return Taught(network, head, about["classes"], known, float(limit))
