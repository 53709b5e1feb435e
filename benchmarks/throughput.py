"""Images a second of a training: fit() against the usual loop; and how long the recipes take here.

VGG16-BN for 32 × 32, CIFAR-10, batches of 128, SGD, in float32 and in bfloat16. The usual loop is
torchvision's crop, flip, ToTensor and Normalize in a DataLoader with as many workers as there are
cores, at most 8. Both take the best device of the machine; the middle of three epochs counts.

Measured on one NVIDIA H100 80GB with 16 cores (torch 2.11, one run):

    precision   fit()            usual loop
    float32     11,678 images/s   9,114 images/s (its second epoch)
    bfloat16     9,772 images/s   9,591 images/s (its second epoch)

So small a batch leaves such a GPU waiting for the next one. With the shipped recipes, which take
512: VGG16 17,106 and AlexNet 27,581 images/s. On an x86-64 machine with two cores all steps of the
recipes would take 2,503 s (AlexNet) and 10,639 s (VGG16).

    python benchmarks/throughput.py

Without a GPU, where that would take an hour, it runs a few steps of each size of image of the
shipped recipes of AlexNet and VGG16, and says how long all of them would take.
"""

import os
import statistics
import time

import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torchvision import transforms

from course_utils import load_cifar10, load_network
from course_utils.datasets import ImageDataset
from course_utils.images import CIFAR10_MEAN, CIFAR10_STD
from course_utils.training import RECIPES, Settings, Training, fit, hold_out

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
EPOCHS, STEPS = 3, 4


def usual_loop(precision: str) -> float:
    """Images a second of what one would otherwise write."""
    steps = [transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip()]
    steps += [transforms.ToTensor(), transforms.Normalize(CIFAR10_MEAN, CIFAR10_STD)]
    data, device = load_cifar10("train"), torch.device(DEVICE)
    one_by_one = ImageDataset(data.folder, data.split, transforms.Compose(steps))
    workers = min(8, os.cpu_count() or 1)
    loader = DataLoader(one_by_one, 128, shuffle=True, num_workers=workers, pin_memory=True)
    network = load_network("vgg16", weights=None, dataset="cifar10").to(device).train()
    optimizer = torch.optim.SGD(network.parameters(), 0.02, momentum=0.9, weight_decay=5e-4)
    rates = []
    for _ in range(EPOCHS):
        start = time.perf_counter()
        for X, y in loader:
            with torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16"):
                loss = F.cross_entropy(network(X.to(device)), y.to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        loss.item()  # waits for the device
        rates.append(len(data) / (time.perf_counter() - start))
    return statistics.median(rates)


def by_fit(precision: str) -> float:
    """Images a second of fit(), its validation on 2,500 images included."""
    train, validation = hold_out(load_cifar10("train"), 2_500)
    network = load_network("vgg16", weights=None, dataset="cifar10")
    settings = {"batch_size": 128, "learning_rate": 0.02, "precision": precision}
    history = fit(network, train, validation, EPOCHS, **settings)
    return statistics.median(len(train) / epoch.seconds for epoch in history)


def seconds_of(key: str) -> float:
    """What a recipe would take here: the middle of a few steps of each size, times their number."""
    train, validation = hold_out(load_cifar10("train"), 2_500)
    recipe = RECIPES[key]
    total = 0.0
    for side in sorted(set(recipe["sides"])):
        settings = Settings(**recipe | {"epochs": 1, "sides": (side,)})
        network = load_network(key.partition("-")[0], weights=None, dataset="cifar10")
        training, times = Training(network, train, validation, settings), []
        for _ in range(STEPS):
            start = time.perf_counter()
            training.one_step()
            times.append(time.perf_counter() - start)
        step = statistics.median(times[1:])  # the first one also sets things up
        batches = -(-len(train) // settings.batch_size)
        epochs = recipe["sides"].count(side)
        print(f"  {side} × {side}: {epochs} epochs of {batches} steps of {step:.2f} s", flush=True)
        total += step * batches * epochs
    return total


def main() -> None:
    place = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    print(f"{place}, {torch.get_num_threads()} threads, torch {torch.__version__}")
    if DEVICE == "cpu":
        for key in ("alexnet-cifar10", "vgg16-cifar10"):
            print(f"{key}: {seconds_of(key):,.0f} s for all steps of the recipe")
        return
    for precision in ("float32", "bfloat16"):
        ours, usual = by_fit(precision), usual_loop(precision)
        print(f"{precision:9} fit() {ours:>7,.0f} images/s, usual loop {usual:>7,.0f}", flush=True)


if __name__ == "__main__":
    main()
