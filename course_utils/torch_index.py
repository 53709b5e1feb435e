"""Which index has the build of PyTorch for this machine; run as a file, before all else is there.

    python course_utils/torch_index.py

prints the address of PyTorch's CPU builds on Linux for x86-64 without an NVIDIA GPU, where pip
would otherwise fetch 3 GB of CUDA, and nothing elsewhere. The index is asked once, with a short
time-out; if it does not answer, a line says so, and the usual build is installed.
The environment variable TORCH decides otherwise: "cpu", "cuda" or the address of another index.
"""

import os
import platform
import re
import shutil
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path

CPU_BUILDS = "https://download.pytorch.org/whl/cpu"
PATIENCE = 5.0  # seconds
SIGNS = ("/proc/driver/nvidia", "/dev/nvidia0", "/usr/lib/wsl/lib/nvidia-smi")  # of a driver
PINNED = re.compile(r"^torch==([\d.]+)", re.MULTILINE)


def index_for(torch: str, wanted: str, index: str = CPU_BUILDS) -> tuple[str, str]:
    """The address for pip's --extra-index-url, "" for none, and a line to say, "" for none.

    torch: the version of requirements.txt. wanted: "" or what TORCH says.
    """
    if wanted == "cuda" or (not wanted and (not is_plain_linux() or has_nvidia())):
        return "", ""
    index = index if wanted in ("", "cpu") else wanted
    offers = answer(index)
    if f"torch-{torch}" in offers:
        return (
            index,
            "" if wanted else "No NVIDIA GPU: the CPU build of PyTorch (TORCH=cuda for CUDA).",
        )
    why = "does not answer" if not offers else f"has no torch {torch}"
    return (
        "",
        f"{index} {why}: the usual build of PyTorch is installed, on Linux with 3 GB of CUDA.",
    )


def answer(index: str) -> str:
    """The page of an index that lists the files of torch; "" if it does not come in time."""
    try:
        with urllib.request.urlopen(f"{index.rstrip('/')}/torch/", timeout=PATIENCE) as page:
            return str(page.read().decode("utf-8", "replace"))
    except (OSError, ValueError):
        return ""


def is_plain_linux() -> bool:
    """Whether pip would fetch the CUDA build: Linux on x86-64."""
    return sys.platform == "linux" and platform.machine() == "x86_64"


def has_nvidia() -> bool:
    """Whether this machine has a driver of NVIDIA."""
    return bool(shutil.which("nvidia-smi")) or any(Path(sign).exists() for sign in SIGNS)


def main(environment: Mapping[str, str], requirements: str) -> None:
    """Print the address for pip, and to stderr what there is to say."""
    pinned = PINNED.search(requirements)
    index, said = index_for(pinned[1], environment.get("TORCH", "")) if pinned else ("", "")
    if said:
        print(said, file=sys.stderr)
    print(index)


if __name__ == "__main__":
    main(os.environ, Path("requirements.txt").read_text("utf-8"))
