"""The images that come with the course: who took each of them is said in data/photographs."""

from pathlib import Path

from ..errors import CourseError

DATA = Path(__file__).parents[2] / "data"
SAMPLES = ("cat", "coffee", "camera", "palace", "rocket", "astronaut", "house")


def sample_images() -> list[str]:
    """The names of the sample images."""
    return list(SAMPLES)


def photograph(name: str) -> Path:
    """The file of the image that comes with the course as `name`, such as "cat" or "gravel".

    Raises `CourseError` if it is missing.
    """
    for file in (f"photographs/{name}.png", f"photographs/{name}.jpg", f"{name}.jpg"):
        if (DATA / file).is_file():
            return DATA / file
    raise CourseError(f"The image {name!r} is missing in {DATA}. Get a fresh copy of the course.")
