"""Every order of the steps of preprocessing, and what it really comes to."""

from itertools import permutations

from PIL import Image
from torch import nn

from course_utils import load_network, open_image
from course_utils.images.preprocessing import CIFAR10, to_input
from course_utils.widgets.preprocess.orders import RIGHT, Order, ask, do
from course_utils.widgets.preprocess.verdict import Case, judge

ORDERS = [names for count in range(len(RIGHT) + 1) for names in permutations(RIGHT, count)]


def colour_lenet() -> nn.Module:
    """LeNet for colour images."""
    return load_network("lenet", dataset="cifar10")


def case(
    image: Image.Image, network: nn.Module, *names: str, wanted=CIFAR10, used=None, scales=False
) -> Case:
    """These steps, in this order, and what came of them."""
    order = Order(names, wanted, used or (wanted.mean, wanted.std), scales)
    done = do(image, order)
    return Case(order, done, ask(network, done, wanted), to_input(image, wanted))


def happened(found: Case) -> str:
    """What an order really comes to, without looking at the order."""
    if found.done.failed or found.answer.error:
        return "stops"
    got, should = found.done.last, found.should
    if got.shape[-2:] != should.shape[-2:]:
        return "wrong"
    apart = (got.reshape(should.shape) - should).abs().max().item()
    if apart == 0 and found.done.last.shape == should.shape:
        return "exactly"
    return "nearly" if apart < 0.03 else "wrong"  # Pillow rounds to whole numbers


def judged(dataset: str, name: str, size: tuple[int, int], scales: bool) -> None:
    """Each of the 1,957 orders gets the verdict that it deserves."""
    image, network = open_image(name).resize(size), load_network("lenet", dataset=dataset)
    wanted = network.info.preprocessing
    allowed = {"right": {"exactly"}, "same": {"exactly", "nearly"}}
    seen = set()
    for names in ORDERS:
        found = case(image, network, *names, wanted=wanted, scales=scales)
        kind, sentences = judge(found)
        assert happened(found) in allowed.get(kind, {kind}), (names, sentences)
        assert bool(sentences) == (kind != "right"), names
        assert all(text.endswith(".") for text in sentences), sentences
        seen.add(kind)
    assert seen == {"right", "same", "wrong", "stops"}
