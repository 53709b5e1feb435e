"""How soon a network reaches an accuracy: the usual loop against fit(), in one run.

For digits the usual loop is that of PyTorch's own example for MNIST: a `DataLoader` without
workers, batches of 64, Adadelta with rate 1, which is multiplied by 0.7 after each epoch. For
CIFAR-10 it is that of public examples: torchvision's crop (padding 4), flip, ToTensor
and Normalize in a `DataLoader` with two workers; batches of 128; float32; SGD with momentum 0.9 and
weight decay 5e-4; a learning rate that is divided by ten after half and after three quarters of
the epochs. It is planned for somewhat more epochs than it needs, since those drops are what brings
it there: with 200 epochs, as the examples have, they would come too late to count.
fit() has the recipe of the weights that the course ships, planned for the accuracy too.

Both use all cores, begin with the same weights, and stop after the first epoch that reaches the
accuracy on the test images. Looking at those is not counted; everything else is.

The accuracies: for LeNet on CIFAR-10 close to what the usual loop reaches in 24 epochs. For the
others, less than they can, as it would take hours.

Measured on an x86 machine with two cores:

    network     accuracy   usual loop            fit()               times fewer seconds
    digits        98.5 %      29 s,  2 epochs      5 s, 1 epoch      5.3 (three runs: 4.0 to 5.7)
    LeNet           66 %     195 s                38 s               5.1 (one run)

The usual loop draws another order of the images in each run; LeNet's time hangs on it. AlexNet and
VGG16 were not measured on CIFAR-10's original pixels, which takes hours on two cores. On a JPEG
copy of it, with earlier recipes, one run each: AlexNet to 66 % 1,447 and 213 s (6.8 times fewer),
VGG16-BN to 75 % 2,520 and 635 s (4.0).

    python benchmarks/training.py [digits] [lenet] [alexnet] [vgg]

Without names digits and LeNet run, as in `make bench`: on two cores it takes minutes, AlexNet half
an hour, VGG16 one. Without CIFAR-10 its stand-in takes its place, and shows little.
"""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torchvision import transforms

from course_utils import load_network
from course_utils.datasets import LOADERS, ImageDataset
from course_utils.images import CIFAR10_MEAN, CIFAR10_STD, DIGITS
from course_utils.training import RECIPES, Callback, StopTraining, evaluate, fit, hold_out

GOAL = 3  # times fewer seconds


@dataclass(frozen=True)
class Race:
    """The accuracy (0..1) to reach on the test images, and both ways there.

    recipe: of fit(), a key of RECIPES; changed: what is different on the shorter way.
    usual: the other way. epochs, learning_rate: of it.
    """

    recipe: str
    accuracy: float
    changed: dict[str, Any]
    usual: Callable[[nn.Module, "Race", ImageDataset, "Watch"], None]
    epochs: int
    learning_rate: float

    @property
    def network(self) -> nn.Module:
        """A new one; always with the same random weights."""
        name, _, dataset = self.recipe.partition("-")
        return load_network(name, weights=None, dataset=dataset)

    def data(self, split: str) -> ImageDataset:
        return LOADERS[self.recipe.partition("-")[2]](split)


class Watch(Callback):
    """The seconds of training until `network` is right about enough of the images `test`."""

    def __init__(self, network: nn.Module, test: ImageDataset, enough: float) -> None:
        self.network, self.test, self.enough = network, test, enough
        self.seconds, self.accuracies, self.precision = 0.0, [], "float32"
        self.since = time.perf_counter()

    def reached(self) -> bool:
        """To be asked after each epoch; does not count the seconds that the answer takes."""
        self.seconds += time.perf_counter() - self.since
        self.accuracies.append(evaluate(self.network, self.test).accuracy)
        self.since = time.perf_counter()
        return self.arrived

    def epoch_done(self, training) -> None:
        """For fit()."""
        self.precision = training.precision
        if self.reached():
            raise StopTraining

    @property
    def arrived(self) -> bool:
        return self.accuracies[-1] >= self.enough

    def __str__(self) -> str:
        arrived = "" if self.arrived else " NOT REACHED"
        return (
            f"{self.seconds:>6,.0f} s, {len(self.accuracies):>2} epochs, "
            f"{self.accuracies[-1]:.1%}{arrived}, {self.precision}"
        )


def cifar10_examples(network: nn.Module, race: Race, data: ImageDataset, watch: Watch) -> None:
    """What one would otherwise write for CIFAR-10."""
    steps = [
        transforms.RandomCrop(32, padding=4),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        transforms.Normalize(CIFAR10_MEAN, CIFAR10_STD),
    ]
    loader = loaded(data, steps, batch_size=128, num_workers=2)
    optimizer = torch.optim.SGD(
        network.parameters(), race.learning_rate, momentum=0.9, weight_decay=5e-4
    )
    drops = [race.epochs // 2, race.epochs * 3 // 4]
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, drops, gamma=0.1)
    learn(network, loader, optimizer, schedule, race.epochs, watch)


def mnist_example(network: nn.Module, race: Race, data: ImageDataset, watch: Watch) -> None:
    """The loop of PyTorch's own example for MNIST, which has no workers on a CPU."""
    steps = [
        transforms.Pad(2),  # LeNet takes 32 × 32
        transforms.ToTensor(),
        transforms.Normalize(DIGITS.mean, DIGITS.std),
    ]
    loader = loaded(data, steps, batch_size=64)
    optimizer = torch.optim.Adadelta(network.parameters(), race.learning_rate)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.7)
    learn(network, loader, optimizer, schedule, race.epochs, watch)


def loaded(data: ImageDataset, steps: list[Any], **settings: Any) -> DataLoader[Any]:
    """A DataLoader that applies the steps image by image."""
    one_by_one = ImageDataset(data.folder, data.split, transforms.Compose(steps))
    return DataLoader(one_by_one, shuffle=True, **settings)


def learn(
    network: nn.Module,
    loader: DataLoader[Any],
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    epochs: int,
    watch: Watch,
) -> None:
    """The loop of the examples."""
    for _ in range(epochs):
        network.train()
        for X, y in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(network(X), y)
            loss.backward()
            optimizer.step()
        schedule.step()
        if watch.reached():
            break


def ours(network: nn.Module, race: Race, data: ImageDataset, watch: Watch) -> None:
    """fit() with the recipe of the course; a thousand images less, which it validates with."""
    train, validation = hold_out(data, 1_000)
    recipe = RECIPES[race.recipe] | race.changed | {"precision": "auto"}
    fit(network, train, validation, callbacks=[watch], device="cpu", **recipe)


RACES = {
    # One epoch of fit() without augmentation ends above 98.5 %: there is nothing to plan.
    "digits": Race("lenet-digits", 0.985, {"epochs": 1, "augment": False}, mnist_example, 14, 1.0),
    # The usual loops' rates and epochs were chosen on a JPEG copy of CIFAR-10; LeNet's gets there
    # on the original pixels too. Of 0.1, 0.05 and 0.02, 0.02 was best for it; 24 epochs, which
    # ended at 67.1 %, were better than 16.
    "lenet": Race(
        "lenet-cifar10", 0.66, {"epochs": 9, "batch_size": 128}, cifar10_examples, 24, 0.02
    ),
    # With 0.05 the usual loop, which has no warm-up, learned next to nothing on that copy: 20.8 %
    # after 6 epochs. With 0.01, planned for 6 epochs, it ended at 64.0 %.
    "alexnet": Race(
        "alexnet-cifar10",
        0.66,
        {"epochs": 4, "sides": (20, 24, 28, 32), "cutout": 0},
        cifar10_examples,
        8,
        0.01,
    ),
    "vgg": Race(
        "vgg16-cifar10",
        0.75,
        {"epochs": 3, "sides": (20, 28, 32), "cutout": 0},
        cifar10_examples,
        8,
        0.1,
    ),
}


def measure(race: Race) -> Iterator[tuple[str, Watch]]:
    """One race: fit(), then the usual loop."""
    data, test = race.data("train"), race.data("test")
    for title, way in (("fit()", ours), ("usual loop", race.usual)):
        network = race.network
        watch = Watch(network, test, race.accuracy)
        way(network, race, data, watch)
        yield title, watch


def compared(ours: Watch, usual: Watch) -> str:
    """A loop that never arrived would have taken longer: then the ratio is the least it can be."""
    if not ours.arrived:
        return "fit() did not arrive: no ratio"
    least = "" if usual.arrived else "more than "
    return f"{least}{usual.seconds / ours.seconds:.1f} times fewer seconds"


def main(names: list[str]) -> None:
    chosen = names or ["digits", "lenet"]
    if unknown := set(chosen) - RACES.keys():
        sys.exit(f"There is no race for {', '.join(unknown)}. There are {', '.join(RACES)}.")
    print(f"Training to an accuracy on all test images, {torch.get_num_threads()} threads")
    for name in chosen:
        race = RACES[name]
        title = f"{race.network.info.title}, {race.data('train').title}"
        print(f"  {title}: {race.accuracy:.1%}", flush=True)
        watches = []
        for way, watch in measure(race):
            print(f"    {way:10}  {watch}", flush=True)
            watches.append(watch)
        print(f"    {compared(*watches)} (goal: {GOAL})", flush=True)
    if not names:
        rest = " ".join(name for name in RACES if name not in chosen)
        print(f"  Not run, as they take longer: python {sys.argv[0]} {rest}")


if __name__ == "__main__":
    main(sys.argv[1:])
