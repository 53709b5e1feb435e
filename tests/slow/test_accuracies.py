"""The weights that the course ships have the accuracies of their cards, to a few images.

Counted by hand on all 10,000 test images, and on a quarter of them averaged with mirrored ones.
This uses nothing of the course but the network itself, neither its data sets nor its preprocessing
nor its evaluation.
"""

import gzip
import hashlib

import numpy as np
import pytest
import torch

from course_utils import load_network
from course_utils.training.recipes import RECIPES, card
from tests.helpers import ROOT

SHIPPED = tuple(tuple(key.split("-")) for key in RECIPES)  # ("lenet", "digits"), ...
GOALS = {  # without and averaged with mirrored images
    ("lenet", "digits"): (0.993, 0),
    ("lenet", "cifar10"): (0.75, 0.7695),
    ("alexnet", "cifar10"): (0.91, 0.915),
    ("vgg16", "cifar10"): (0.926, 0.933),
}
WHOLE = 0.001  # of the accuracy: ten images of 10,000, where processors round differently
SOME, NEAR = 2_500, 0.015  # images that are mirrored too, and three standard errors of so many
Images = tuple[torch.Tensor, torch.Tensor]  # what the network gets, float32; and labels


@pytest.fixture(scope="module")
def cifar10(real_cifar10) -> Images:
    """The official pixels, as their sha256 says, normalised here."""
    content = (real_cifar10 / "test-images.bin").read_bytes()
    assert hashlib.sha256(content).hexdigest().startswith("f9b1e2130bab680d")
    pixels = torch.frombuffer(bytearray(content), dtype=torch.uint8).view(-1, 32, 32, 3)
    mean, std = torch.tensor([0.4914, 0.4822, 0.4465]), torch.tensor([0.2470, 0.2435, 0.2616])
    x = ((pixels / 255 - mean) / std).permute(0, 3, 1, 2)
    return x, torch.from_numpy(np.fromfile(real_cifar10 / "test-labels.bin", "<i8"))


@pytest.fixture(scope="module")
def digits() -> Images:
    """All of MNIST's test digits, read from the files themselves; 28 × 28 in a border of two."""
    images = idx("t10k-images-idx3-ubyte.gz", header=16)
    pixels = torch.from_numpy(images).view(-1, 1, 28, 28)
    x = torch.nn.functional.pad(pixels / 255, (2, 2, 2, 2))
    labels = torch.from_numpy(idx("t10k-labels-idx1-ubyte.gz", header=8))
    return (x - 0.1307) / 0.3081, labels.long()


def idx(name: str, header: int) -> np.ndarray:
    content = gzip.decompress((ROOT / "data" / "digits" / name).read_bytes())
    return np.frombuffer(content, np.uint8, offset=header).copy()


@pytest.mark.timeout(1200)  # VGG16 takes minutes on one core
@pytest.mark.parametrize(("name", "dataset"), SHIPPED)
def test_the_shipped_file_has_the_accuracy_of_its_card(name, dataset, request):
    x, y = request.getfixturevalue(dataset)
    assert len(x) == len(y) == 10_000
    network = load_network(name, weights=dataset).eval().to(memory_format=torch.channels_last)
    logits, mirrored = [], []
    with torch.inference_mode():
        for part in x.split(250):
            logits.append(network(part))
            if dataset == "cifar10" and 250 * len(mirrored) < SOME:  # a mirrored digit is none
                mirrored.append(network(part.flip(3)))
    logits = torch.cat(logits)
    right = (logits.argmax(1) == y).double().mean().item()
    facts = card(name, dataset)
    assert right == pytest.approx(facts["test_accuracy"], abs=WHOLE)
    counts = torch.zeros(10, 10, dtype=torch.int64)
    counts.index_put_((y, logits.argmax(1)), torch.tensor(1), accumulate=True)
    moved = (counts - torch.tensor(facts["confusion"])).abs().sum() / 2
    assert moved <= WHOLE * 10_000

    least, least_averaged = GOALS.get((name, dataset), (0, 0))
    assert right >= least
    if mirrored:
        both = logits[:SOME].softmax(1) + torch.cat(mirrored).softmax(1)
        averaged = (both.argmax(1) == y[:SOME]).double().mean().item()
        assert averaged == pytest.approx(facts["test_accuracy_flip_averaged"], abs=NEAR)
        assert facts["test_accuracy_flip_averaged"] >= least_averaged
