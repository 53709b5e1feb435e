"""The weights that the course ships have the accuracies of their cards, to the image.

The real test images come from ../shared/data: decoded, they are the very pixels that the cards
were measured on.
"""

import io
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from course_utils import load_network
from course_utils.datasets import Batches
from course_utils.training import evaluate
from course_utils.training.recipes import RECIPES, card

EACH = 1_000  # test images of a class
WHOLE = 0.001  # of the accuracy: ten images of 10,000, where processors round differently


class Images:
    """Labelled images of the JPEG copy, class by class."""

    def __init__(self, images: torch.Tensor, labels: torch.Tensor) -> None:
        self.images, self.labels = images, labels

    def batches(self, batch_size: int, **settings: object) -> Batches:
        return Batches(self.images, self.labels, batch_size, **settings)


@pytest.fixture(scope="module")
def images(real_data) -> Images:
    classes = card("lenet")["classes"]
    with zipfile.ZipFile(real_data / "cifar10-jpeg.zip") as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("test/"))
        files = (io.BytesIO(archive.read(name)) for name in names)
        pixels = np.stack([np.asarray(Image.open(file).convert("RGB")) for file in files])
    labels = torch.tensor([classes.index(name.split("/")[1]) for name in names])
    assert labels.bincount().tolist() == [EACH] * 10
    return Images(torch.from_numpy(pixels).permute(0, 3, 1, 2), labels)


@pytest.mark.timeout(1200)  # VGG16 takes two minutes on one core
@pytest.mark.parametrize("name", RECIPES)
def test_the_shipped_file_has_the_accuracy_of_its_card(name, images):
    network = load_network(name, weights="cifar10").to(memory_format=torch.channels_last)
    found, facts = evaluate(network, images, batch_size=250), card(name)
    assert found.accuracy == pytest.approx(facts["test_accuracy"], abs=WHOLE)
    moved = (found.confusion() - torch.tensor(facts["confusion"])).abs().sum() / 2
    assert moved <= WHOLE * 10_000
