"""Every widget in one cell, what each paints, and how: computed without the widget."""

from playwright.sync_api import Locator

from tests.helpers.engines import Part

# What is painted, computed in the kernel without the widget.
SETUP = """
from hashlib import sha256
from tempfile import mkdtemp
import numpy as np
import torch
from torch.nn import functional as F
from course_utils import activations, load_cifar10, load_network, open_image
from course_utils.images.preprocessing import run_steps, steps
from course_utils.widgets import *
from course_utils.widgets.convolve.convolution import kernel_weights
from course_utils.widgets.shared.maps import as_maps, mosaic, tiled

network = load_network("lenet", dataset="cifar10")

def digest(pixels):
    return sha256(np.ascontiguousarray(pixels)).hexdigest()

def maps(layer, across, part=slice(None)):
    return digest(mosaic(as_maps(activations(network, "coffee")[layer][0])[part], across))

def page(number, across):
    images = load_cifar10("test").images[60 * number : 60 * number + 60]
    return digest(tiled(images.permute(0, 2, 3, 1).numpy(), across))

def kernels_of(own_scale, across):
    weights = next(network.parameters()).detach().numpy().astype(np.float64)
    ends = abs(weights).max((1, 2, 3), keepdims=True) if own_scale else abs(weights).max()
    level = np.floor((weights / ends + 1) * 127.5 + 0.5).astype(np.uint8)
    return digest(tiled(level.transpose(0, 2, 3, 1), across))

def crop(image):
    results = run_steps(open_image(image), steps(network.info.preprocessing))
    return digest(dict(results)["crop"].convert("RGBA"))

def convolved(map):
    image = open_image("cat")
    image = image.resize([round(side * 32 / max(image.size)) for side in image.size]).convert("L")
    x = torch.from_numpy(np.array(image))[None, None].double()
    sums = F.conv2d(x, kernel_weights("edges", 3, 1))[0, map : map + 1]
    return digest(mosaic(sums.numpy(), 1))

def watched(layer, across):
    training = shown["train"].runs[0].training
    image = next(iter(training.validation.batches(100)))[0][:1]
    return digest(mosaic(as_maps(activations(training.network, image)[layer][0]), across))
"""
SHOW = """
shown = {
    "browse": browse(load_cifar10("test")),
    "convolve": convolve("cat", kernel="edges", longest=32),
    "draw": draw(),
    "explore": explore(network, "coffee"),
    "kernels": kernels(network),
    "predict": predict("02.runs"),  # no other test chooses in it
    "preprocess": preprocess("coffee", network),
    "quiz": quiz("01"),
    "receptive_field": receptive_field(network, "coffee", "conv2"),
    "teach": teach(mkdtemp(), "lenet-cifar10"),
    "train": train(network),
}
for name, widget in shown.items():
    widget.add_class(f"test-{name}")
    display(widget)
"""

# For each widget with a canvas: the canvas, what is painted on it, a control, keys that move it,
# and what is painted then; {across}: how many maps the page has put in a row.
CASES = {
    "browse": (
        ".cw-page canvas",
        "page(0, {across})",
        ".cw-page canvas",
        "PageDown",
        "page(1, {across})",
    ),
    "convolve": (
        ".cw-frame canvas >> nth=1",
        "convolved(0)",
        "select[name=channel]",
        "ArrowDown",
        "convolved(1)",
    ),
    "explore": (
        ".cw-maps canvas[role=img]",
        "maps('conv1', {across})",
        "select[name=layer]",
        "ArrowDown",
        "maps('relu1', {across})",
    ),
    "kernels": (
        "canvas[tabindex] >> nth=0",
        "kernels_of(False, {across})",
        "input[type=checkbox]",
        "Space",
        "kernels_of(True, {across})",
    ),
    "preprocess": (
        "[data-step=crop] canvas",
        "crop('coffee')",
        "select[name=image]",
        "ArrowUp",
        "crop('cat')",
    ),
    "receptive_field": (
        ".cw-units canvas[role=img]",
        "maps('conv2', 1, slice(0, 1))",
        "select[name=channel]",
        "ArrowDown",
        "maps('conv2', 1, slice(1, 2))",
    ),
    "train": (
        ".cw-maps canvas[role=img]",
        "watched('conv1', {across})",
        "select[name=layer]",
        "ArrowDown",
        "watched('relu1', {across})",
    ),
}


def expected(canvas: Locator | Part, words: str) -> str:
    """What is painted on this canvas, for the kernel."""
    return words.format(across=canvas.evaluate("e => e.dataset.across ?? 1"))
