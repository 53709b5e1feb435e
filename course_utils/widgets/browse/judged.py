"""The images that `browse()` looks through, and what a network takes them for."""

import copy
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import nn

from ...datasets import SPLITS, Batches, Cifar10
from ...errors import CourseError
from ...figures import percent
from ...images import CIFAR10
from ...networks import NetworkInfo, device_of, info, predicting, run
from ...training import Evaluation, Part

LOOKED_AT = 2_000  # images of a split that a network is asked about
BATCH = 100
BEST = 5  # classes that are shown of an answer
PAIRS = 8


@dataclass(frozen=True, eq=False)
class Pool:
    """Images to look through: those of `data` at `indices`, int64. title: what they are."""

    data: Cifar10
    indices: torch.Tensor
    title: str

    @cached_property
    def labels(self) -> torch.Tensor:
        """int64, one for each of `indices`."""
        return self.data.labels[self.indices]

    @property
    def split(self) -> str:
        """What one writes before the index of an image: "train" in train[17]."""
        return getattr(self.data, "split", "images")

    @property
    def words(self) -> str:
        """ "test images" """
        return f"{SPLITS[self.split]} images" if self.split in SPLITS else "images"

    def some(self, count: int) -> torch.Tensor:
        """At most `count` of the indices, evenly from all of them."""
        step = max(1, -(-len(self.indices) // count))
        return self.indices[::step]


def pools(data: object) -> dict[str, Pool]:
    """What one can switch between: `data` itself first, then the splits of the same data set.

    Raises `CourseError` if `data` holds no images that can be shown.
    """
    whole, indices = data, None
    while isinstance(whole, Part):
        indices = whole.indices if indices is None else whole.indices[indices]
        whole = whole.data
    if not all(hasattr(whole, name) for name in ("images", "labels", "classes")):
        raise CourseError(
            f"browse() cannot look through {type(data).__name__}. Give it what load_cifar10 "
            "gives, a Part of that, or the name of a split: 'train' or 'test'."
        )
    found = {} if indices is None else {"part": Pool(whole, indices, repr(data))}
    for split in SPLITS if isinstance(whole, Cifar10) else [getattr(whole, "split", "all")]:
        same = not isinstance(whole, Cifar10) or split == whole.split
        each = whole if same else Cifar10(whole.folder, split)
        title = getattr(each, "title", repr(each))
        found[split] = Pool(each, torch.arange(len(each.labels)), title)
    return found


@dataclass(frozen=True)
class Pair:
    """Two classes that are confused: `count` of the `of` images of `label` were called `said`."""

    label: str
    said: str
    count: int
    of: int

    @property
    def name(self) -> str:
        return f"{self.label} → {self.said}"


class Judged:
    """What a network says of images: of some of a pool, a few at a time; of any, when asked.

    network: a copy is asked, so that it can go on learning meanwhile. None: all is in `result`.
    done: whether all is known. Raises `CourseError` for a network that has other classes.
    """

    def __init__(
        self,
        title: str,
        pool: Pool,
        network: nn.Module | None = None,
        result: Evaluation | None = None,
    ) -> None:
        self.title, self.pool, self.note, self.failed = title, pool, "", False
        self.network = copy.deepcopy(network)
        if result is not None:
            self.indices, self._said = pool.indices, [result.probabilities]
        else:
            self.indices, self._said = pool.some(LOOKED_AT), []
            known = info(network)
            self._preprocessing = _preprocessing(known, pool)
            self.note = _note(known, pool)
            _check(title, self._ask(pool, self.indices[:1]), pool)
        self.seen = sum(map(len, self._said))

    @property
    def done(self) -> bool:
        return self.failed or self.seen == len(self.indices)

    def step(self) -> None:
        """Ask about a few more images."""
        said = self._ask(self.pool, self.indices[self.seen : self.seen + BATCH])
        self._said.append(said)
        self.seen += len(said)

    def _ask(self, pool: Pool, indices: torch.Tensor) -> torch.Tensor:
        """Probabilities `(len(indices), classes)` of images of the pool's data."""
        images, labels = pool.data.images, pool.data.labels
        batches = Batches(images, labels, BATCH, indices=indices, preprocessing=self._preprocessing)
        x, _ = next(iter(batches))
        with predicting(self.network):
            logits = run(self.network, x.to(device_of(self.network)))
        return logits.float().cpu().softmax(dim=-1)

    # --- What there is to say ---

    @cached_property
    def _result(self) -> Evaluation:
        """All of it, once it is done."""
        return Evaluation(torch.cat(self._said), self.pool.data.labels[self.indices], 0.0)

    @property
    def line(self) -> str:
        """How far it is, or how good."""
        if self.failed:
            return f"{self.title} could not be asked"
        if not self.done:
            return f"{self.title}: {self.seen:,} of {len(self.indices):,} {self.pool.words}"
        right = (
            f"{100 * self._result.accuracy:.1f} % of {len(self.indices):,} {self.pool.words} right"
        )
        return f"{self.title}: {right}"

    @cached_property
    def pairs(self) -> list[Pair]:
        """The pairs of classes that are confused most often, once it is done."""
        counts, classes = self._result.confusion(), self.pool.data.classes
        of = counts.sum(dim=1)
        counts.fill_diagonal_(0)
        found = []
        for place in counts.flatten().argsort(descending=True, stable=True)[:PAIRS].tolist():
            k, said = divmod(place, len(classes))
            if counts[k, said]:
                found.append(Pair(classes[k], classes[said], int(counts[k, said]), int(of[k])))
        return found

    def confused(self, label: int, said: int) -> torch.Tensor:
        """Images of class `label` that were taken for `said`, the surest first: indices."""
        result = self._result
        which = ((result.labels == label) & (result.predictions == said)).nonzero().flatten()
        surest = result.probabilities[which, said].argsort(descending=True, stable=True)
        return self.indices[which[surest]]

    def answer(self, pool: Pool, index: int) -> dict[str, object]:
        """The best classes for an image, as a view has them; none if nobody can be asked."""
        probabilities = self._of(pool, index)
        if probabilities is None:
            return {"classes": [], "outputs": 0}
        shares, best = probabilities.topk(min(BEST, len(probabilities)))
        return {
            "classes": [
                {"label": pool.data.classes[k], "share": share, "text": percent(share)}
                for share, k in zip(shares.tolist(), best.tolist(), strict=True)
            ],
            "outputs": len(probabilities),
        }

    def _of(self, pool: Pool, index: int) -> torch.Tensor | None:
        if self.network is not None:
            return self._ask(pool, torch.tensor([index]))[0]
        where = (self.indices == index).nonzero().flatten()
        return self._said[0][where[0]] if pool.data is self.pool.data and len(where) else None


def _preprocessing(known: NetworkInfo, pool: Pool) -> object:
    """The network's own if it is for images of this size, else that of CIFAR-10."""
    same = known.preprocessing.crop == pool.data.images.shape[-1]
    return known.preprocessing if same else CIFAR10


def _note(known: NetworkInfo, pool: Pool) -> str:
    """A warning if a network comes trained on classes that are not these."""
    if not known.trained or known.classes == tuple(pool.data.classes):
        return ""
    return (
        f"{known.title} comes {known.status}, and these images have other classes: unless it has "
        "learned them since, its answers here mean nothing."
    )


def _check(title: str, said: torch.Tensor, pool: Pool) -> None:
    classes = len(pool.data.classes)
    if said.shape != (1, classes):
        raise CourseError(
            f"{title} answers with the shape {tuple(said.shape[1:])}, but these images have "
            f"{classes} classes. Give a network that was trained on them, such as the one that "
            "fit() or train() made."
        )


def pool_of(result: Evaluation, found: dict[str, Pool]) -> str:
    """Which of the pools a result is about. Raises `CourseError` if it is about none of them."""
    for name, pool in found.items():
        if torch.equal(result.labels.cpu(), pool.labels):
            return name
    raise CourseError(
        f"This result is about {len(result.labels):,} other images than those that are shown. "
        "Give browse() the images that evaluate() got: "
        "browse(test, result=evaluate(network, test))."
    )
