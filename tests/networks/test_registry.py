"""Every network against torchvision's own: the same names, shapes and outputs."""

import pytest
import torch
import torchvision

from course_utils import CourseError, layers, load_network, networks
from course_utils.images import CIFAR10_CLASSES, DIGITS_CLASSES
from course_utils.networks import (
    CONFIGURATIONS,
    LETTERS,
    REGISTRY,
    VGG,
    VGG32,
    AlexNet2012,
    LeNet,
    NetworkInfo,
    class_names,
    convolutions,
    depth,
    find_network,
    info,
    vgg_features,
)
from course_utils.networks.vgg import LRN

# Parameters, as torchvision counts them.
PARAMETERS = {
    "alexnet": 61_100_840,
    "vgg11": 132_863_336,
    "vgg11_bn": 132_868_840,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
}
SMALLEST = {"alexnet": 63, "vgg11": 32, "vgg11_bn": 32, "vgg16": 32, "vgg19": 32}


def ours(name: str) -> torch.nn.Module:
    """The network's shapes only; nothing is computed or kept."""
    with torch.device("meta"):
        return REGISTRY[name].variants["imagenet"].build()


def theirs(name: str) -> torch.nn.Module:
    with torch.device("meta"):
        return torchvision.models.get_model(name)


def count(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def official(name: str):
    weights = REGISTRY[name].variants["imagenet"].source.removeprefix("torchvision, ")
    return getattr(torchvision.models, weights).IMAGENET1K_V1


def test_the_networks_of_the_course():
    assert networks() == ["lenet", "lenet_1998", *PARAMETERS, "efficientnet_lite0"]


@pytest.mark.parametrize("name", PARAMETERS)
def test_names_shapes_and_types_are_torchvisions(name):
    assert [(k, v.shape, v.dtype) for k, v in ours(name).state_dict().items()] == [
        (k, v.shape, v.dtype) for k, v in theirs(name).state_dict().items()
    ]


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters(name):
    assert count(ours(name)) == PARAMETERS[name] == official(name).meta["num_params"]


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_same_weights_give_the_same_output_at_any_size(name):
    mine, other = load_network(name, weights=None), theirs(name)
    other.load_state_dict(mine.state_dict(), assign=True)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for height, width in [(SMALLEST[name],) * 2, (100, 80)]:
            x = torch.randn(1, 3, height, width, generator=generator)
            assert torch.equal(mine(x), other.eval()(x))


@pytest.mark.parametrize("name", PARAMETERS)
def test_below_the_smallest_size_nothing_comes_out(name):
    network, side = ours(name).eval(), SMALLEST[name]
    assert network(torch.empty(1, 3, side, side, device="meta")).shape == (1, 1000)
    with pytest.raises(RuntimeError):
        network(torch.empty(1, 3, side - 1, side - 1, device="meta"))


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_weights_file_is_the_one_that_torchvision_names(name):
    variant = REGISTRY[name].variants["imagenet"]
    assert variant.url == official(name).url == variant.url.rpartition("/")[0] + "/" + variant.file


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_preprocessing_is_torchvisions(name):
    mine, other = REGISTRY[name].variants["imagenet"].preprocessing, official(name).transforms()
    assert ([mine.resize], [mine.crop]) == (other.resize_size, other.crop_size)
    assert (list(mine.mean), list(mine.std)) == (other.mean, other.std)
    assert other.interpolation.value == "bilinear"


@pytest.mark.parametrize("name", PARAMETERS)
def test_multiply_adds_are_what_torchvision_counts(name):
    total = sum(layer.multiply_adds for layer in layers(ours(name), (3, 224, 224)))
    assert round(total / 1e9, 3) == official(name).meta["_ops"]


# VGG's configurations: layers with weights (table 1), parameters in millions (table 2), exactly.
PUBLISHED = {
    "vgg11": ("A", 11, 133, 132_863_336),
    "vgg11_lrn": ("A-LRN", 11, 133, 132_863_336),
    "vgg13": ("B", 13, 133, 133_047_848),
    "vgg16_c": ("C", 16, 134, 133_638_952),
    "vgg16": ("D", 16, 138, 138_357_544),
    "vgg19": ("E", 19, 144, 143_667_240),
}


def shapes(name: str) -> VGG:
    with torch.device("meta"):
        return VGG(CONFIGURATIONS[name])


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_configuration_builds_what_the_paper_counts(name):
    network, blocks = shapes(name), CONFIGURATIONS[name]
    found = (LETTERS[name], depth(blocks), round(count(network) / 1e6), count(network))
    assert found == PUBLISHED[name]
    assert sum(layer.kind in ("conv", "fc") for layer in layers(network)) == depth(blocks)


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("name", ["vgg11", "vgg13", "vgg16", "vgg19"])
def test_a_configuration_is_torchvisions(name, batch_norm):
    with torch.device("meta"):
        mine = VGG(CONFIGURATIONS[name], batch_norm)
        other = torchvision.models.get_model(name + "_bn" * batch_norm)
    assert [(k, v.shape) for k, v in mine.state_dict().items()] == [
        (k, v.shape) for k, v in other.state_dict().items()
    ]


def test_configuration_c_is_d_with_a_1x1_at_the_end_of_the_last_three_blocks():
    c, d = (convolutions(CONFIGURATIONS[name]) for name in ("vgg16_c", "vgg16"))
    assert c[:2] == d[:2]
    assert [[(width, 3) for width, _ in block] for block in c] == d
    assert [[kernel for _, kernel in block] for block in c[2:]] == [[3, 3, 1]] * 3
    *_, last_c = (x for x in layers(shapes("vgg16_c")) if x.kind == "pool")
    *_, last_d = (x for x in layers(shapes("vgg16")) if x.kind == "pool")
    assert last_c.output_shape == last_d.output_shape == (512, 7, 7)
    assert (last_c.receptive_field, last_d.receptive_field) == (156, 212)


def test_configuration_a_lrn_normalises_the_first_block_as_alexnet_does():
    plain, lrn = (vgg_features(CONFIGURATIONS[name]) for name in ("vgg11", "vgg11_lrn"))
    kinds = [type(module).__name__ for module in lrn[:4]]
    assert kinds == ["Conv2d", "ReLU", "LocalResponseNorm", "MaxPool2d"]
    assert [*map(str, plain)] == [*map(str, [*lrn[:2], *lrn[3:]])]
    assert str(lrn[2]) == str(AlexNet2012().features[2])


@pytest.mark.parametrize("name", ["vgg11_lrn", "vgg16_c"])
def test_unusual_configurations_run(name):
    network = VGG32(CONFIGURATIONS[name], batch_norm=name == "vgg16_c")
    assert network(torch.zeros(2, 3, 32, 32)).shape == (2, 10)


def test_a_network_of_ones_own_widths():
    features = vgg_features([[8], [16, (4, 1)]], in_channels=1)
    assert [m.out_channels for m in features if isinstance(m, torch.nn.Conv2d)] == [8, 16, 4]
    assert features(torch.zeros(1, 1, 12, 8)).shape == (1, 4, 3, 2)
    assert depth(((8,), (16, LRN, (4, 1)))) == 3 + 3


@pytest.mark.parametrize(
    "blocks",
    [
        (64, 128),
        64,
        "vgg13",
        ((64, "M"),),
        ((64, 0),),
        ((64, (64, 2)),),
        ((64, (64, 1, 1)),),
        ((64.0,),),
    ],
)
def test_what_is_no_list_of_blocks_is_told(blocks):
    with pytest.raises(CourseError, match=r"list of widths.*something else: .*[64v]"):
        vgg_features(blocks)


def test_lenet_as_it_is_taught_today():
    assert count(LeNet()) == 61_706
    assert count(LeNet(in_channels=3)) == 62_006
    assert LeNet()(torch.zeros(2, 1, 32, 32)).shape == (2, 10)


def test_lenet_in_the_form_of_1998_has_as_many_parameters():
    network = LeNet(activation=torch.nn.Tanh, pooling=torch.nn.AvgPool2d)
    assert count(network) == 61_706
    assert isinstance(network.features[1], torch.nn.Tanh)


def test_efficientnet_lite0():
    network = ours("efficientnet_lite0")
    assert count(network) == 4_652_008
    # right more often with what it was trained with than with ImageNet's mean and std
    assert REGISTRY["efficientnet_lite0"].variants["imagenet"].preprocessing.mean == (0.5,) * 3


def test_classes():
    assert class_names("cifar10") == CIFAR10_CLASSES
    assert class_names("digits") == DIGITS_CLASSES == tuple("0123456789")
    assert len(set(class_names("imagenet"))) == 1000
    assert class_names("imagenet")[285] == "Egyptian cat"
    assert list(class_names("imagenet")) == official("vgg16").meta["categories"]


@pytest.mark.parametrize(
    ("name", "offer"), [("alexnt", "alexnet"), ("VGG16", "vgg16"), ("vgg_19", "vgg19")]
)
def test_an_unknown_name_gets_the_nearest_one(name, offer):
    with pytest.raises(CourseError, match=f"Did you mean '{offer}'"):
        find_network(name)


@pytest.mark.parametrize("name", [None, 5, "", ["alexnet"], "resnet50"])
def test_what_is_no_name_gets_the_list(name):
    with pytest.raises(
        CourseError, match="The networks of the course are lenet, lenet_1998, alexnet"
    ):
        find_network(name)


def test_what_a_network_knows_of_itself():
    known = info(load_network("alexnet", weights=None))
    assert (known.title, known.trained) == ("AlexNet", False)
    assert known.status == "untrained"
    assert len(known.classes) == 1000
    trained = NetworkInfo("lenet", "LeNet", "cifar10", trained=True)
    assert trained.status == "trained on CIFAR-10"


def test_a_network_of_ones_own_has_its_class_as_a_title():
    known = info(torch.nn.Linear(2, 2))
    assert (known.title, known.trained, known.classes) == ("Linear", False, ())
