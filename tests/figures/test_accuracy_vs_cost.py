"""The figure of networks side by side: what it draws, and what it says of it."""

from itertools import combinations

from course_utils.figures import Result, accuracy_vs_cost

TWO = {
    "old": Result([0.2, 0.4, 0.5], 0.51, 1_000, 60_000),
    "new": Result([0.1, 0.8], 0.79, 2_000_000, 15_000_000),
}


def test_curves_and_marks_are_those_of_the_numbers():
    left, right = accuracy_vs_cost(TWO, "Two").axes
    assert [line.get_ydata().tolist() for line in left.lines[::2]] == [[0.2, 0.4, 0.5], [0.1, 0.8]]
    assert [dots.get_offsets().tolist()[0] for dots in right.collections] == [
        [1_000, 0.51],
        [2_000_000, 0.79],
    ]
    areas = [dots.get_sizes()[0] for dots in right.collections]
    assert areas[0] < areas[1]
    assert right.get_xscale() == "log"


def test_it_says_in_words_what_it_shows():
    assert accuracy_vs_cost(TWO, "Two").alt == (
        "Two: old 51 % right, 60,000 parameters, 1,000 multiply-adds, 3 epochs; "
        "new 79 % right, 15,000,000 parameters, 2,000,000 multiply-adds, 2 epochs"
    )


def test_names_of_networks_that_are_equally_good_do_not_overlap():
    many = TWO | {
        "newer": Result([0.1, 0.8], 0.79, 1_000_000, 4_000_000),
        "newest": Result([0.1, 0.8], 0.785, 4_000_000, 4_000_000),
    }
    for results in (many, {name: many[name] for name in ("new", "newer")}):
        figure = accuracy_vs_cost(results, "Many")
        figure.canvas.draw()
        right = figure.axes[1]
        boxes = [text.get_window_extent() for text in right.texts if "%" in text.get_text()]
        assert len(boxes) == len(results)
        for first, second in combinations(boxes, 2):
            assert not first.overlaps(second)
        assert all(right.get_window_extent().y1 > box.y1 for box in boxes)
