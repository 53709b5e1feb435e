"""`make weights`: fetch trained weights and CIFAR-10 ahead of time, for a class or a journey."""

import sys

from .datasets import arrays, find, verify
from .errors import CourseError
from .networks import REGISTRY, candidates, fetch, find_network, preferred
from .storage import folders, megabytes


def main(names: list[str]) -> int:
    """`make weights`: fetch what a course needs ahead of time. Returns the exit status.

    names: of networks, or "cifar10"; by default all whose weights can be downloaded, and CIFAR-10.
    """
    published = [name for name in REGISTRY if preferred(REGISTRY[name])[1].url]
    failed = 0
    for name in names or [*published, "cifar10"]:
        try:
            print(_get_cifar10() if name == "cifar10" else _get(name), flush=True)
        except CourseError as error:
            failed += 1
            print(f"{name}: {error}", flush=True)
    if not failed:
        places = " and ".join(map(str, folders()))
        print(f"All of it is in {places}: copied to another machine, COURSE_DATA names it there.")
    return min(failed, 1)


def _get(name: str) -> str:
    """A line on the weights of a network, now that they are here."""
    dataset, variant = preferred(find_network(name))
    known = candidates(variant)
    path = fetch(name, dataset)
    return _line(find_network(name).title, path.stat().st_size, path in known)


def _get_cifar10() -> str:
    """The same for CIFAR-10."""
    was_here = find("cifar10/official") is not None
    folder = arrays("official")
    verify(folder)
    return _line("CIFAR-10", sum(path.stat().st_size for path in folder.iterdir()), was_here)


def _line(title: str, size: int, was_here: bool) -> str:
    return f"{title:20}{megabytes(size):>8}  {'was here' if was_here else 'fetched'}, verified"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run it again: it goes on where it stopped.")
