"""How soon a network reaches an accuracy: the usual loop against fit(), in one run.

The usual loop is that of public CIFAR-10 examples: torchvision's crop (padding 4), flip, ToTensor
and Normalize in a `DataLoader` with two workers; batches of 128; float32; SGD with momentum 0.9 and
weight decay 5e-4; a learning rate that is divided by ten after half and after three quarters of
the epochs. It is planned for somewhat more epochs than it needs, since those drops are what brings
it there: with 200 epochs, as the examples have, they would come too late to count.
fit() has the recipe of the weights that the course ships, planned for the accuracy too.

Both use all cores, begin with the same weights, and stop after the first epoch that reaches the
accuracy on the test images. Looking at those is not counted; everything else is.

The accuracies: for LeNet close to what the usual loop reaches in 24 epochs (67.1 %, with the best
of three learning rates). For the others, less than they can, as it would take hours.

Measured on an x86 machine with two cores, CIFAR-10 (JPEG copy):

    network     accuracy   usual loop            fit()               times fewer seconds
    LeNet           66 %     250 s, 18 epochs     37 s, 8 epochs     6.7 (five runs: 3.7 to 8.7)
    AlexNet         66 %   1,447 s,  5 epochs    213 s, 3 epochs     6.8 (one run)
    VGG16-BN        75 %   2,520 s,  5 epochs    635 s, 3 epochs     4.0 (one run)

The usual loop draws another order of the images in each run; LeNet's time hangs on it.

    python benchmarks/training.py [lenet] [alexnet] [vgg]

Without names only LeNet runs, as in `make bench`: on two cores it takes minutes, AlexNet half an
hour, VGG16 one. Without the real images (COURSE_CIFAR10) the stand-in takes their place; it is
learned in two or three epochs, and shows little.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torchvision import transforms

from course_utils import load_cifar10, load_network
from course_utils.datasets import ImageDataset
from course_utils.images import CIFAR10_MEAN, CIFAR10_STD
from course_utils.training import ALSO, RECIPES, Callback, StopTraining, evaluate, fit, hold_out

GOAL = 3  # times fewer seconds


@dataclass(frozen=True)
class Race:
    """The accuracy (0..1) to reach on the test images, and both ways there.

    epochs, learning_rate: of the usual loop. changed: of fit's recipe, for the shorter way.
    """

    accuracy: float
    epochs: int
    learning_rate: float
    changed: dict


RACES = {
    # Of 0.1, 0.05 and 0.02, 0.02 is the best rate of the usual loop; 24 epochs better than 16.
    "lenet": Race(0.66, 24, 0.02, {"epochs": 9, "batch_size": 128}),
    # With 0.05 the usual loop, which has no warm-up, learns next to nothing: 20.8 % after 6 epochs.
    # With 0.01, planned for 6 epochs, it ends at 64.0 %.
    "alexnet": Race(0.66, 8, 0.01, {"epochs": 4, "sides": (20, 24, 28, 32), "cutout": 0}),
    "vgg16": Race(0.75, 8, 0.1, {"epochs": 3, "sides": (20, 28, 32), "cutout": 0}),
}


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


def usual(network: nn.Module, race: Race, data: ImageDataset, watch: Watch) -> None:
    """What one would otherwise write."""
    image_by_image = transforms.Compose(
        [
            transforms.RandomCrop(32, padding=4),
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize(CIFAR10_MEAN, CIFAR10_STD),
        ]
    )
    data = ImageDataset(data.folder, data.split, image_by_image)
    loader = DataLoader(data, batch_size=128, shuffle=True, num_workers=2)
    optimizer = torch.optim.SGD(
        network.parameters(), race.learning_rate, momentum=0.9, weight_decay=5e-4
    )
    drops = [race.epochs // 2, race.epochs * 3 // 4]
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, drops, gamma=0.1)
    for _ in range(race.epochs):
        network.train()
        for X, y in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(network(X), y)
            loss.backward()
            optimizer.step()
        schedule.step()
        if watch.reached():
            break


def ours(name: str, network: nn.Module, race: Race, data: ImageDataset, watch: Watch) -> None:
    """fit() with the recipe of the course; a thousand images less, which it validates with."""
    train, validation = hold_out(data, 1_000)
    recipe = RECIPES[name] | race.changed | {"precision": "auto"}
    fit(network, train, validation, callbacks=[watch], device="cpu", **recipe)


def measure(name: str, data: ImageDataset, test: ImageDataset) -> Iterator[tuple[str, Watch]]:
    """One race: fit(), then the usual loop."""
    race = RACES[name]
    for title, way in (("fit()", partial(ours, name)), ("usual loop", usual)):
        network = load_network(name, weights=None, dataset="cifar10")
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
    chosen = [ALSO.get(name, name) for name in names] or ["lenet"]
    if unknown := set(chosen) - RACES.keys():
        sys.exit(f"There is no race for {', '.join(unknown)}. There are {', '.join(RACES)}.")
    data, test = load_cifar10("train"), load_cifar10("test")
    print(f"Training to an accuracy on {test.title}, {torch.get_num_threads()} threads")
    for name in chosen:
        title = load_network(name, weights=None, dataset="cifar10").info.title
        print(f"  {title}, {RACES[name].accuracy:.0%}", flush=True)
        watches = []
        for way, watch in measure(name, data, test):
            print(f"    {way:10}  {watch}", flush=True)
            watches.append(watch)
        print(f"    {compared(*watches)} (goal: {GOAL})", flush=True)
    if not names:
        rest = " ".join(name for name in RACES if name not in chosen)
        print(f"  Not run, as they take longer: python {sys.argv[0]} {rest}")


if __name__ == "__main__":
    main(sys.argv[1:])
