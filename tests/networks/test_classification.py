"""The best classes: right for a trained network, never passed off for an untrained one."""

import pytest
import torch
from torch import nn

from course_utils import CourseError, classify, load_network, open_image


@pytest.fixture(scope="module")
def lite():
    return load_network("efficientnet_lite0")


@pytest.mark.parametrize(
    ("image", "labels"),
    [
        ("cat", {"Egyptian cat", "tiger cat", "tabby"}),
        ("coffee", {"espresso"}),
        ("camera", {"tripod"}),
        ("palace", {"palace"}),
        ("rocket", {"missile"}),
    ],
)
def test_the_offline_network_knows_the_sample_photographs(lite, image, labels):
    assert classify(lite, image)[0][0] in labels


def test_probabilities_come_sorted_and_are_the_softmax_of_the_logits(lite):
    found = classify(lite, "coffee", k=1000)
    values = [probability for _, probability in found]
    assert values == sorted(values, reverse=True)
    assert sum(values) == pytest.approx(1, abs=1e-4)
    assert values[0] == pytest.approx(0.957, abs=0.01)


def test_a_image_and_its_name_give_the_same(lite):
    assert classify(lite, open_image("cat")) == classify(lite, "cat")


def test_labels_of_an_untrained_network_say_so():
    for name in ("alexnet", "lenet"):
        network = load_network(name, weights=None)
        assert not network.info.trained
        assert all(label.endswith("(untrained)") for label, _ in classify(network, "cat"))


def test_training_mode_gives_the_same_and_is_kept(lite):
    expected = classify(lite, "cat")
    lite.train()
    assert classify(lite, "cat") == expected
    assert lite.training
    lite.eval()


def test_each_module_keeps_its_own_mode():
    """A frozen BatchNorm stays in eval mode while the rest of the network trains."""
    network = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(12), nn.Dropout(), nn.Linear(12, 2))
    network.train()
    network[1].eval()
    classify(network, torch.zeros(1, 3, 2, 2))
    assert [module.training for module in network] == [True, False, True, True]


def test_ones_own_network_has_numbered_classes():
    network = nn.Sequential(nn.Flatten(), nn.Linear(3 * 224 * 224, 3))
    labels = {label for label, _ in classify(network, "cat")}
    assert labels == {f"class {i} (untrained)" for i in range(3)}


def test_a_network_without_one_logit_a_class_is_explained():
    with pytest.raises(CourseError, match=r"\(1, 4, 222, 222\)"):
        classify(nn.Conv2d(3, 4, 3), "cat")
    with pytest.raises(CourseError, match=r"\(2, 5\)"):
        classify(nn.Sequential(nn.Flatten(), nn.Linear(12, 5)), torch.zeros(2, 3, 2, 2))
