"""The still image of `explore()`: a row for each side."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from ...figures import CourseFigure, bare, headline, style
from ..shared.maps import coloured, tiled, times
from ..shared.stills import Still, draw_classes
from .seen import Seen

View = dict[str, Any]


def draw(sides: list[tuple[View, Seen]], channel: int, own_scale: bool) -> CourseFigure:
    """Image, maps, classes and the open map of each side.

    channel: the map that is open, −1 for none. own_scale: each map on its own scale.
    """
    alt = ". Beside it: ".join(view["description"] for view, _ in sides)
    figure = Still(5.6 * len(sides), alt, 11, sides[0][1].image)
    headline(figure, " and ".join(_heading(view) for view, _ in sides))
    opened = any(_has_map(view, channel) for view, _ in sides)
    rows = [["image", "maps"], ["classes", "maps"]]
    if opened:
        rows = [["image", "large", "maps"], ["classes", "below", "maps"]]
    grid: list[Any] = [[f"{name}{i}" for name in row] for i in range(len(sides)) for row in rows]
    axes = figure.subplot_mosaic(grid, width_ratios=[1.0, 1.0, 2.2] if opened else [1.0, 2.2])
    for i, (view, seen) in enumerate(sides):
        own = {name[:-1]: ax for name, ax in axes.items() if name[-1] == str(i)}
        _draw_side(own, view, seen, channel, own_scale)
    return figure


def _heading(view: View) -> str:
    return f"{view['title']} ({view['status']}) · {view['layer']} · {view['image']}"


def _has_map(view: View, channel: int) -> bool:
    """Whether this side has a map of the channel; single units have none."""
    return view["shape"][1:] != (1, 1) and 0 <= channel < view["shape"][0]


def _draw_side(
    axes: Mapping[str, Axes], view: View, seen: Seen, channel: int, own_scale: bool
) -> None:
    """What the network sees, its classes, its maps."""
    maps = seen.maps(view["layer"])
    own_scale = own_scale and maps.shape[1:] != (1, 1)
    painted = coloured(maps, own_scale)
    for name in ("large", "below"):
        if name in axes:
            bare(axes[name])
    bare(axes["image"], f"{view['image']}, {times(view['input'])}").imshow(seen.image)
    draw_classes(axes["classes"], view)
    title = f"{view['layer']}: {times(maps.shape)}"
    bare(axes["maps"], f"{title}, each map on its own scale" if own_scale else title)
    axes["maps"].imshow(tiled(painted, view["across"]))
    if _has_map(view, channel):
        bare(axes["large"], f"channel {channel}").imshow(tiled(painted[[channel]], 1))
    if not own_scale:
        _draw_scale(axes["maps"], view["low"], view["high"])


def _draw_scale(ax: Axes, low: float, high: float) -> None:
    colours, low, high = style.map_scale(low, high)
    scale = ScalarMappable(Normalize(low, high if high > low else low + 1), colours)
    label = "value, one scale for the whole layer"
    style.color_bar(scale, ax, label, location="bottom", aspect=40, pad=0.02, shrink=0.6)
