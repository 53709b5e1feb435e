"""Figures show themselves, say what they show, and refuse what they cannot show."""

import itertools
import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest
import torch
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image
from torch import nn

from course_utils import CourseError, figures, layers, load_network
from course_utils.figures import style
from course_utils.images.preprocessing import normalize, to_tensor
from course_utils.networks import LeNet


def noise(*shape: int, low: float = -2.0, high: float = 3.0) -> torch.Tensor:
    x = torch.rand(shape, generator=torch.Generator().manual_seed(0))
    return low + (high - low) * x


IMAGE = Image.new("RGB", (60, 40), (200, 100, 50))
EXAMPLES = {
    "images": lambda: figures.image_grid([IMAGE, noise(3, 8, 8, low=0, high=1)], ["a", "b"]),
    "feature_maps": lambda: figures.feature_maps(noise(1, 70, 9, 9), "conv1"),
    "kernels, colour": lambda: figures.kernels(noise(8, 3, 5, 5), "conv1"),
    "kernels, grey": lambda: figures.kernels(noise(6, 1, 5, 5), "conv1"),
    "class_bars": lambda: figures.class_bars([("cat", 0.9), ("dog", 0.002)], "Net"),
    "class_bars, image": lambda: figures.class_bars([("cat", 0.9)], image=IMAGE),
    "bars": lambda: figures.bars(["LeNet", "VGG16"], [61706, 138357544], "Size", "n"),
    "curves": lambda: figures.curves({"train": [2.0, 1.5], "test": [2.1]}, "epoch", "loss"),
    "confusion_matrix": lambda: figures.confusion_matrix([[8, 2], [1, 9]], ["cat", "dog"]),
    "number_grid": lambda: figures.number_grid([[0, 1], [2.5, -3]], "x"),
    "number_grids": lambda: figures.number_grids(
        {"x": np.eye(3), "y": [[1]]}, {"x": (0, 0, 1, 2)}, "Sum"
    ),
    "histogram": lambda: figures.histogram(noise(1, 4, 9, 9)),
    "histogram, colour": lambda: figures.histogram(to_tensor(IMAGE), "house"),
    "diagram": lambda: figures.diagram(LeNet(), "LeNet", (1, 32, 32)),
    "scatter": lambda: figures.scatter({"A": (1, 2), "B": (3, 4)}, "cost (G)", "accuracy (%)"),
}


@pytest.fixture(params=EXAMPLES)
def figure(request):
    return EXAMPLES[request.param]()


def test_a_figure_shows_itself_as_a_small_png_with_its_alternative_text(figure):
    data, metadata = figure._repr_mimebundle_()
    assert isinstance(figure, Figure)
    assert Image.open(BytesIO(data["image/png"])).size[0] <= 900
    assert len(data["image/png"]) < 200_000
    assert data["text/plain"] == metadata["image/png"]["alt"] == repr(figure) != ""
    assert "0x" not in repr(figure)


def test_no_type_is_smaller_than_12_points(figure):
    figure.canvas.draw()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    assert min((text.get_fontsize() for text in texts), default=12) >= 12


def test_nothing_is_cut_off_at_the_edge(figure):
    figure.canvas.draw()
    drawn = figure.get_tightbbox()
    assert min(drawn.x0, drawn.y0) >= -0.02
    assert (drawn.x1, drawn.y1) <= tuple(figure.get_size_inches() + 0.02)


def test_the_same_figure_gives_the_same_bytes():
    first, second = (figures.feature_maps(noise(1, 6, 9, 9)).png() for _ in range(2))
    assert first == second


def test_a_notebook_shows_png_and_alternative_text_without_pyplot():
    code = (
        "import sys, course_utils.figures as f\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "data, metadata = shell.display_formatter.format(f.number_grid([[1, 2]]))\n"
        "print(sorted(data), data['text/plain'], 'matplotlib.pyplot' in sys.modules)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout == "['image/png', 'text/plain'] 1 × 2 numbers: 1 2 False\n", result.stderr


@pytest.mark.parametrize(
    ("name", "alt"),
    [
        ("images", "2 images: a (40 × 60), b (8 × 8)"),
        (
            "feature_maps",
            "conv1: 70 feature maps (1, 70, 9, 9), values −2 to 3, the first 64 of 70 shown",
        ),
        ("kernels, grey", "conv1: 6 kernels (6, 1, 5, 5), values −2 to 3"),
        ("class_bars", "Net: cat 90 %, dog 0.2 %"),
        ("bars", "Size: LeNet 61,706, VGG16 138,357,544"),
        ("curves", "train from 2 to 1.5; test from 2.1 to 2.1, 2 points"),
        ("confusion_matrix", "confusion matrix of 2 classes, 17 of 20 right (85 %)"),
        ("number_grid", "x: 2 × 2 numbers: 0 1 | 2.5 −3"),
        ("scatter", "accuracy (%) against cost (G): A (1, 2), B (3, 4)"),
    ],
)
def test_the_alternative_text_says_what_is_seen(name, alt):
    assert repr(EXAMPLES[name]()) == alt


def test_a_grey_image_is_drawn_in_grey_and_its_numbers_can_be_read():
    cells = figures.number_grid([[0, 128, 255]], "x", white=255).axes[0]
    greys = [patch.get_facecolor()[0] for patch in cells.patches[:3]]
    inks = [text.get_color() for text in cells.texts[1:]]
    assert greys == pytest.approx([0, 0.5, 1], abs=0.01)
    assert inks == ["white", figures.style.INK, figures.style.INK]
    signed = figures.number_grids({"x": [[-9, 0, 9]]}).axes[0].patches
    assert signed[1].get_facecolor()[:3] > (0.96,) * 3
    assert signed[0].get_facecolor()[2] > signed[0].get_facecolor()[0]


@pytest.mark.parametrize(
    "image",
    [
        "cat",
        IMAGE,
        IMAGE.convert("L"),
        np.zeros((4, 6)),
        np.zeros((4, 6, 3), np.uint8),
        torch.zeros(4, 6),
        torch.zeros(1, 4, 6),
        torch.zeros(3, 4, 6),
        torch.zeros(2, 3, 4, 6),
    ],
)
def test_images_of_every_usual_form_are_shown(image):
    assert figures.image_grid(image).png()


def test_a_tensor_and_the_image_that_it_was_made_from_look_the_same():
    first, second = (figures.image_grid(x).png() for x in (IMAGE, to_tensor(IMAGE)))
    assert first == second


def test_a_batch_of_images_is_a_list_of_images():
    assert repr(figures.image_grid(torch.zeros(5, 3, 8, 8))).startswith("5 images")


def test_an_untrained_network_is_called_untrained():
    figure = figures.class_bars([("cat (untrained)", 0.1), ("dog (untrained)", 0.1)], "LeNet")
    assert repr(figure) == "LeNet · untrained, no prediction: cat 10 %, dog 10 %"
    blue = figures.class_bars([("cat", 0.1)]).axes[0].patches[0].get_facecolor()
    assert figure.axes[0].patches[0].get_facecolor() != blue


def scale(figure: Figure) -> tuple[float, float]:
    """The values at the ends of the colour scale."""
    return figure.axes[0].images[0].get_clim()


def test_zero_is_white_in_maps_that_have_values_below_it():
    image = figures.feature_maps(torch.tensor([[-2.0, 1.0], [0.0, 1.0]])).axes[0].images[0]
    assert image.get_clim() == (-2, 2)
    assert min(image.cmap(0.5)) > 0.96
    assert figures.feature_maps(torch.eye(2)).axes[0].images[0].cmap.name == "viridis"


def test_a_diagram_says_which_parts_are_not_to_scale():
    texts = [
        figures.diagram(network, "x", (1, 32, 32)).legends[0].get_title().get_text()
        for network in (nn.Sequential(nn.Conv2d(1, 2, 3)), load_network("lenet", weights=None))
    ]
    assert ["logarithmic" in text for text in texts] == [False, True]


def test_feature_maps_share_one_scale_and_leave_out_few_outliers():
    maps = noise(1, 8, 20, 20, low=0, high=1)
    assert figures.feature_maps(maps).axes[0].images[0].get_clim() == pytest.approx(
        (0, 1), abs=1e-2
    )
    maps[0, 0, 0, 0] = 100
    assert figures.feature_maps(maps).axes[0].images[0].get_clim()[1] < 1.01


def test_the_mosaic_holds_the_maps_in_order():
    maps = torch.arange(6.0).view(6, 1, 1).expand(6, 20, 20)
    mosaic = figures.feature_maps(maps, columns=3).axes[0].images[0].get_array()
    assert mosaic.shape == (41, 62)
    assert [mosaic[y, x] for y in (0, 40) for x in (0, 30, 61)] == [0, 1, 2, 3, 4, 5]
    assert np.ma.getmaskarray(mosaic)[20].all()


def test_kernels_are_drawn_around_zero():
    low, high = scale(figures.kernels(noise(6, 1, 5, 5)))
    assert low == -high


def test_a_histogram_of_an_8_bit_image_has_no_teeth():
    ramp = torch.arange(256).repeat(3, 4, 1) / 255
    for x in (ramp, normalize(ramp, (0.5, 0.4, 0.3), (0.2, 0.3, 0.4))):
        counts = figures.histogram(x).axes[0].patches[0].get_data().values
        assert counts[1:-1] == pytest.approx(counts[1])


@pytest.mark.parametrize(
    ("name", "boxes"),
    [("lenet", 8), ("lenet_1998", 8), ("alexnet", 11), ("vgg16", 14), ("efficientnet_lite0", 8)],
)
def test_a_diagram_has_one_box_for_layers_that_look_alike(name, boxes):
    network = load_network(name, weights=None)
    figure = figures.diagram(network)
    assert len(figure.axes[0].patches) == boxes
    assert f"fc{sum(x.kind == 'fc' for x in layers(network))} " in repr(figure)


def boxes_of(figure, texts) -> list:
    """Where the texts stand in the figure."""
    figure.draw_without_rendering()
    return [text.get_window_extent(figure.agg.get_renderer()) for text in texts if text.get_text()]


def test_titles_side_by_side_do_not_touch():
    titles = ["Egyptian cat 95 %, a rather long title", "automobile, said to be a truck"] * 2
    figure = figures.image_grid(["cat"] * 4, titles)
    drawn = boxes_of(figure, [ax.title for ax in figure.axes])
    assert all(a.x1 < b.x0 for a, b in itertools.pairwise(drawn))
    assert figure.bbox.x0 <= drawn[0].x0 < drawn[-1].x1 <= figure.bbox.x1


def test_labels_of_a_deep_diagram_do_not_touch():
    layers = [nn.Linear(64, 64) for _ in range(30)]
    figure = figures.diagram(nn.Sequential(nn.Flatten(), *layers), input_shape=(1, 8, 8))
    names = [text for text in figure.axes[0].texts if text.get_text().startswith("fc")]
    assert names[-1].get_text().startswith("fc30")
    assert all(a.x1 < b.x0 for a, b in itertools.pairwise(boxes_of(figure, names)))


def test_boxes_are_to_scale():
    image, conv1, pool1, *_ = figures.diagram(LeNet(), "LeNet", (1, 32, 32)).axes[0].patches
    assert conv1.get_height() / image.get_height() == pytest.approx(28 / 32)
    assert pool1.get_height() / image.get_height() == pytest.approx(14 / 32)


def test_a_diagram_of_any_network():
    network = nn.Sequential(
        nn.Conv2d(3, 4, 3, stride=2), nn.PReLU(), nn.Flatten(), nn.LazyLinear(2)
    )
    network(torch.zeros(1, 3, 224, 224))
    assert "prelu1 (4, 111, 111)" in repr(figures.diagram(network, "Mine"))


def test_a_text_table_is_aligned(capsys):
    conv1 = {"layer": "conv1", "shape": (6, 28, 28), "size": 156, "part": 0.00253, "ok": True}
    fc1 = {"layer": "fc1", "shape": (120,), "size": 48120, "part": None, "ok": False}
    figures.text_table([conv1, fc1])
    assert capsys.readouterr().out.splitlines() == [
        "layer  shape          size     part  ok",
        "─────  ───────────  ──────  ───────  ───",
        "conv1  (6, 28, 28)     156  0.00253  yes",
        "fc1    (120,)       48,120        –  no",
    ]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.image_grid([]), "list is empty"),
        (lambda: figures.image_grid([IMAGE], ["a", "b"]), "differ in number: 1 and 2"),
        (lambda: figures.image_grid(torch.zeros(5, 8, 8)), r"this has \(5, 8, 8\)"),
        (lambda: figures.image_grid(noise(3, 8, 8)), "to_image"),
        (lambda: figures.image_grid("dragon"), "dragon"),
        (lambda: figures.feature_maps(noise(2, 4, 9, 9)), "batch of 2 images"),
        (lambda: figures.feature_maps(noise(1, 4096)), "fully connected"),
        (lambda: figures.feature_maps(noise(1, 2, 3, 3) / 0), "not numbers"),
        (lambda: figures.feature_maps("conv1"), "must be a tensor"),
        (lambda: figures.feature_maps(torch.zeros(1, 0, 3, 3)), "empty"),
        (lambda: figures.kernels(noise(6, 25)), "layer.weight"),
        (lambda: figures.bars(["a"], [1, 2]), "differ in number"),
        (lambda: figures.curves({"a": []}), "'a' is empty"),
        (lambda: figures.number_grid(np.eye(20)), "too many to read"),
        (lambda: figures.number_grid(noise(1, 2, 3, 3)), "one feature map"),
        (lambda: figures.text_table([]), "no row"),
    ],
)
def test_what_cannot_be_shown_gets_a_sentence(call, message):
    with pytest.raises(CourseError, match=message):
        call()


def test_an_axis_does_not_go_far_below_zero_for_what_cannot_be_negative():
    (ax,) = figures.scatter({"A": (1, 2), "B": (300, 4)}, "cost", "accuracy").axes
    assert -20 < ax.get_xlim()[0] < 0
    (ax,) = figures.scatter({"A": (-9, 2), "B": (300, 4)}, "change", "accuracy").axes
    assert ax.get_xlim()[0] < -20


def box(path, family: str) -> None:
    """A font with one letter, 홍: a filled square."""
    pen = TTGlyphPen(None)
    for i, corner in enumerate([(0, 0), (0, 900), (900, 900), (900, 0)]):
        (pen.lineTo if i else pen.moveTo)(corner)
    pen.closePath()
    font = FontBuilder(1000)
    font.setupGlyphOrder([".notdef", "hong"])
    font.setupCharacterMap({ord("홍"): "hong"})
    font.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "hong": pen.glyph()})
    font.setupHorizontalMetrics({".notdef": (900, 0), "hong": (900, 0)})
    font.setupHorizontalHeader(ascent=900, descent=0)
    font.setupNameTable({"familyName": family, "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    font.save(path)


def test_hangul_is_drawn_by_a_font_that_has_it_and_else_silently(tmp_path, monkeypatch, recwarn):
    def dark() -> int:
        pixels = Image.open(BytesIO(figures.image_grid([IMAGE], ["홍홍홍홍"]).png())).convert("L")
        return int((np.asarray(pixels) < 60).sum())

    monkeypatch.setattr(style.fontManager, "ttflist", [*style.fontManager.ttflist])
    others = [f for f in style.fontManager.ttflist if f.name not in style.FONTS]
    style.fontManager.ttflist = others
    without = dark()
    box(tmp_path / "box.ttf", "NanumGothic")
    style.fontManager.addfont(tmp_path / "box.ttf")
    assert dark() > without + 300
    assert not [w for w in recwarn if "lyph" in str(w.message)]
