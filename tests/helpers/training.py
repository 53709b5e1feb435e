"""Small networks and data sets on which a training takes a moment."""

import torch
from torch import nn

from course_utils.datasets.batches import Batches
from course_utils.training import Part


class Noise:
    """Random images with random labels, as an ImageDataset gives them."""

    def __init__(self, count: int) -> None:
        generator = torch.Generator().manual_seed(count)
        pixels = torch.randint(0, 256, (count, 8, 8, 3), generator=generator, dtype=torch.uint8)
        self.images = pixels.permute(0, 3, 1, 2)
        self.labels = torch.randint(0, 4, (count,), generator=generator)

    def __len__(self) -> int:
        return len(self.labels)

    def batches(self, batch_size: int, **settings: object) -> Batches:
        return Batches(self.images, self.labels, batch_size, **settings)


def network() -> nn.Module:
    """One of everything that has a state: weights, running averages, random numbers."""
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(32, 4),
    )


def noise(count: int = 90, held_out: int = 30) -> tuple[Part, Part]:
    data = Noise(count + held_out)
    return Part(data, torch.arange(count)), Part(data, torch.arange(count, count + held_out))


class Blobs:
    """Two classes that a linear network can tell apart: bright or dark images."""

    def __init__(self, seed: int, size: int = 256):
        generator = torch.Generator().manual_seed(seed)
        self.y = torch.randint(0, 2, (size,), generator=generator)
        noise = torch.randn(size, 3, 8, 8, generator=generator)
        self.X = noise + (self.y.view(-1, 1, 1, 1) * 2.0 - 1)

    def __len__(self):
        return len(self.y)

    def batches(self, batch_size, shuffle=False, augment=False, generator=None, indices=None):
        order = torch.arange(len(self.y)) if indices is None else indices
        if shuffle:
            order = order[torch.randperm(len(order), generator=generator)]
        return [(self.X[i], self.y[i]) for i in order.split(batch_size)]


def linear(seed: int = 0) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Flatten(), nn.Linear(3 * 8 * 8, 2))


class Images:
    """As load_cifar10 gives them: 40 of noise, four classes in turn."""

    def __init__(self):
        generator = torch.Generator().manual_seed(0)
        pixels = torch.randint(0, 256, (40, 32, 32, 3), generator=generator, dtype=torch.uint8)
        self.images, self.labels = pixels.permute(0, 3, 1, 2), torch.arange(40) % 4

    def __len__(self):
        return len(self.labels)

    def batches(self, batch_size, **settings):
        return Batches(self.images, self.labels, batch_size, **settings)
