"""The images that come with the course: data/LICENSES.md says where each is from."""

from pathlib import Path

from ..errors import CourseError

DATA = Path(__file__).parents[2] / "data"
SAMPLES = (
    *("cat", "coffee", "camera", "palace", "rocket", "astronaut", "house"),
    *("three", "four", "seven"),  # handwritten, from MNIST's test images
)


def sample_images() -> list[str]:
    """The names of the sample images."""
    return list(SAMPLES)


def photograph(name: str) -> Path:
    """The file of the image that comes with the course as `name`, such as "cat" or "gravel".

    Raises `CourseError` if it is missing.
    """
    places = ("photographs/{}.png", "photographs/{}.jpg", "{}.jpg", "digits/{}.png")
    for file in (place.format(name) for place in places):
        if (DATA / file).is_file():
            return DATA / file
    raise CourseError(f"The image {name!r} is missing in {DATA}. Get a fresh copy of the course.")
