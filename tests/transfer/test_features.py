"""A head that is cut off, features that are compared, and a new head on them."""

import pytest
import torch
from torch import nn

from course_utils import CourseError, load_network, open_image
from course_utils.datasets import load_digits
from course_utils.images.preprocessing import to_input
from course_utils.networks import input_channels
from course_utils.transfer import features, similarity, split


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(
    ("name", "size", "of_head"), [("lenet", 84, 10), ("alexnet", 512, 10), ("vgg16", 512, 10)]
)
def test_backbone_and_head_are_the_network(name, size, of_head):
    network = load_network(name)
    backbone, head = split(network)
    x = noise(2, input_channels(network), 32, 32)
    with torch.no_grad():
        assert backbone(x).shape == (2, size)
        assert (head.in_features, head.out_features) == (size, of_head)
        torch.testing.assert_close(head(backbone(x)), network(x))


def test_digits_as_they_are_stored_give_the_features_of_their_batches():
    network, test = load_network("lenet"), load_digits("test")
    X, _ = next(iter(test.batches(5)))
    torch.testing.assert_close(
        features(network, test.images[:5]), features(network, X), rtol=1e-4, atol=1e-4
    )


def test_splitting_leaves_the_network_whole_and_copies_no_weights():
    network = load_network("lenet")
    before = [name for name, _ in network.named_modules()]
    backbone, head = split(network)
    assert [name for name, _ in network.named_modules()] == before
    assert backbone.features[0].weight is network.features[0].weight
    assert head is network.classifier[-1]
    assert backbone.info == network.info
    assert not any(parameter is head.weight for parameter in backbone.parameters())


def test_features_are_what_the_head_gets_image_by_image():
    network = load_network("lenet")
    images = ["cat", open_image("coffee"), noise(3, 50, 40)] * 2  # more than a batch
    found = features(network, images)
    x = torch.cat([to_input(open_image(p), network.info.preprocessing) for p in images])
    with torch.no_grad():
        torch.testing.assert_close(network.classifier[-1](found), network(x))
    torch.testing.assert_close(features(split(network)[0], images), found)
    torch.testing.assert_close(features(network, x), found)


def test_features_take_the_images_of_a_data_set():
    network = load_network("lenet")
    stored = (255 * noise(4, 3, 32, 32)).to(torch.uint8)
    one_by_one = torch.cat([features(network, [image]) for image in stored])
    torch.testing.assert_close(features(network, stored), one_by_one)


def test_features_are_made_in_eval_mode_and_the_mode_stays():
    network = nn.Sequential(nn.Flatten(), nn.Dropout(), nn.Linear(12, 5), nn.Linear(5, 2)).train()
    x = noise(3, 3, 2, 2)
    assert torch.equal(features(network, x), features(network, x))
    assert not features(network, x).requires_grad
    assert all(module.training for module in network.modules())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: split(nn.Conv2d(3, 4, 3)), "no head to cut off"),
        (lambda: split(nn.Linear(3, 2)), "no head to cut off"),
        (lambda: split(load_network("lenet_1998")), "LeNet-5 of 1998 does not end in a fully"),
        (lambda: split(split(load_network("lenet"))[0]), "already"),
        (lambda: features(load_network("lenet"), []), "the list is empty"),
        (lambda: features(load_network("lenet"), "cat"), r"write \['cat'\]"),
        (lambda: features(load_network("lenet"), ["catt"]), "Did you mean 'cat'"),
        (lambda: features(load_network("lenet"), noise(2, 3, 9, 9)), r"\(2, 3, 9, 9\)"),
        (lambda: similarity(noise(2, 3), noise(2, 4)), "same backbone"),
        (lambda: similarity(noise(3), noise(2, 3)), r"a\[:1\], not a\[0\]"),
    ],
)
def test_what_cannot_be_gets_a_sentence(call, message):
    with pytest.raises(CourseError, match=message):
        call()


def test_similarity_is_the_cosine():
    a, b = torch.tensor([[3.0, 4.0], [1.0, 0.0]]), torch.tensor([[4.0, 3.0], [0.0, -2.0]])
    expected = torch.tensor([[24 / 25, -4 / 5], [4 / 5, 0.0]])
    torch.testing.assert_close(similarity(a, b), expected)
    torch.testing.assert_close(similarity(7 * a, b), expected)
