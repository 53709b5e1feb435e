"""What both still forms draw: the five best classes as bars, as the page shows them."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from ..figures.style import BLUE, GREY, INK, PALE, TEXT, bare

Classes = Sequence[tuple[str, float]]
CHANNELS = ("#D55E00", "#009E73", "#0072B2")  # red, green, blue, for any kind of colour vision
UNTRAINED = "Untrained: random output, no prediction"


def percent(share: float) -> str:
    """0.956 -> "96 %", 0.0042 -> "0.4 %"."""
    return f"{100 * share:.0f} %" if share >= 0.0995 else f"{100 * share:.1f} %"


def draw_classes(ax: Axes, classes: Classes, trained: bool) -> None:
    """A bar for each class, its name and probability above it."""
    bare(ax).set_title(
        "Five best classes" if trained else UNTRAINED, fontsize=TEXT, color=INK, loc="left"
    )
    ax.set_xlim(0, 1)
    ax.set_ylim(5, 0)
    for i, (label, share) in enumerate(classes):
        ax.text(0, i + 0.5, label, fontsize=TEXT, color=INK, va="bottom")
        ax.text(1, i + 0.5, percent(share), fontsize=TEXT, color=INK, va="bottom", ha="right")
        ax.barh(i + 0.65, 1, height=0.22, color=PALE)
        ax.barh(i + 0.65, share, height=0.22, color=BLUE if trained else GREY)
