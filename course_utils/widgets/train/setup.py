"""What `train()` trains: networks from their first weights, their images and settings."""

import copy
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, fields, replace
from itertools import count
from typing import Any

from torch import Tensor, nn

from ...datasets import LOADERS, LabelledImages
from ...errors import CourseError, nearest
from ...networks import info
from ...training import Checkpoints, Part, Settings, Training, hold_out
from ..shared.small_images import load_small
from .breaking import Break
from .changes import Plan
from .run import Run

DEFAULTS = {"epochs": 3}  # of a run, if nothing else is said
EXTRAS = ("device", "callbacks", "checkpoints", "keep", "every")  # taken by Training, not Settings
HELD_OUT = 5_000  # validation images at most, and no more than a tenth of all

Images = tuple[LabelledImages, LabelledImages]  # to train with, to validate


class Setup:
    """One network or two, their images and settings; makes the runs of each start.

    recipe: settings of `fit`; those of `EXTRAS` among them. Raises `CourseError` for a setting that
    there is not.
    """

    def __init__(self, networks: list[nn.Module], images: Images, recipe: dict[str, Any]) -> None:
        self.networks, self.images = networks, images
        titles = [info(network).title for network in networks]
        self.titles = [titles[0], f"{titles[0]} (2)"] if len({*titles}) < len(titles) else titles
        self.extras = {name: recipe[name] for name in EXTRAS if name in recipe}
        chosen = {name: value for name, value in recipe.items() if name not in EXTRAS}
        known = [field.name for field in fields(Settings)]
        for name in chosen:
            if name not in known:
                raise CourseError(
                    f"train has no setting {name!r}.{nearest(name, known)} There are "
                    f"{', '.join((*known, *EXTRAS))}."
                )
        self.settings = Settings(**{**DEFAULTS, **chosen})
        self._first_weights = [copy.deepcopy(network.state_dict()) for network in networks]
        self._numbers, self._may_keep = count(), True

    def reset(self) -> None:
        """Give the networks their first weights again."""
        for network, weights in zip(self.networks, self._first_weights, strict=True):
            network.load_state_dict(weights)

    def runs(self, broken: Break | None, settings: Settings, known: Collection[tuple]) -> list[Run]:
        """New runs. Beside a single broken one stands a whole one, unless its key is known."""
        if broken is None:
            return [self._run(plan, "", settings) for plan in self._plans(None, settings, True)]
        plans = [broken.change(plan) for plan in self._plans(broken, settings, False)]
        runs = [self._run(plan, broken.title, settings) for plan in plans]
        if len(runs) == 1 and runs[0].key not in known:
            runs += [self._run(plan, "", settings) for plan in self._plans(broken, settings, True)]
        return runs

    def _plans(self, broken: Break | None, settings: Settings, in_place: bool) -> Iterator[Plan]:
        """What to train, not broken yet: the networks themselves if `in_place`, else copies."""
        for network, weights, title in zip(
            self.networks, self._first_weights, self.titles, strict=True
        ):
            network = network if in_place else _copied(network)
            network.load_state_dict(weights)
            plan = Plan(title, network, *self.images, settings)
            if broken and broken.basis:
                yield broken.basis(plan)
                return  # both networks would be the same
            yield plan

    def _run(self, plan: Plan, broken: str, settings: Settings) -> Run:
        training = Training(
            plan.network,
            plan.train,
            plan.validation,
            plan.settings,
            self.extras.get("device"),
            [*self._checkpoints(broken), *self.extras.get("callbacks", ())],
        )
        same = asdict(replace(plan.settings, learning_rate=settings.learning_rate, augment=False))
        key = (plan.title, len(plan.train), *same.values())
        name = f"{plan.title}, {broken}" if broken else plan.title
        factor = plan.settings.learning_rate / settings.learning_rate
        return Run(next(self._numbers), name, training, broken, key, factor)

    def _checkpoints(self, broken: str) -> list[Checkpoints]:
        """A folder is for one training: the first whole one."""
        folder = self.extras.get("checkpoints")
        if folder is None or broken or len(self.networks) > 1 or not self._may_keep:
            return []
        self._may_keep = False
        how = {name: self.extras[name] for name in ("keep", "every") if name in self.extras}
        return [Checkpoints(folder, **how)]


def _copied(network: nn.Module) -> nn.Module:
    """A copy with weights of its own; maps that the network keeps have no history in it."""
    kept = [v for module in network.modules() for v in vars(module).values()]
    maps = [v for v in kept if isinstance(v, Tensor) and not v.is_leaf]
    return copy.deepcopy(network, {id(v): v.detach() for v in maps})


def split(data: LabelledImages | Images | None, dataset: str) -> Images:
    """(to train with, to validate): a tenth is held out, `HELD_OUT` images at most.

    dataset: "digits" or "cifar10", to train with if `data` is None.
    """
    if data is None:
        data = LOADERS[dataset]("train")
    if isinstance(data, tuple):
        return data
    rest, held_out = hold_out(data, min(HELD_OUT, len(data) // 10))
    if isinstance(data, Part):  # not a part of a part: of the whole
        rest, held_out = (Part(data.data, data.indices[p.indices]) for p in (rest, held_out))
    return rest, held_out


def modules(networks: Iterable[str | nn.Module], dataset: str) -> list[nn.Module]:
    """The networks; one given by its name has random weights and the form for `dataset`."""
    found = []
    for network in networks:
        if isinstance(network, str):
            network = load_small(network, None, dataset)
        if not isinstance(network, nn.Module):
            kind = type(network).__name__
            raise CourseError(f"A network is a name or an nn.Module, not {kind}.")
        found.append(network)
    return found
