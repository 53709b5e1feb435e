"""Turn the render's linear light into a photograph: `develop.py house.ppm house.jpg`."""

import re
import sys

import numpy as np
from PIL import Image, ImageFilter


def read_ppm(path: str) -> np.ndarray:
    """Return the 16-bit PPM at `path` as linear light, (H, W, 3) float32 in [0, 1]."""
    with open(path, "rb") as file:
        data = file.read()
    header = re.match(rb"P6\s(?:#.*\n)*(\d+) (\d+)\s(?:#.*\n)*65535\s", data)
    width, height = int(header[1]), int(header[2])
    encoded = np.frombuffer(data, ">u2", offset=header.end()).reshape(height, width, 3)
    encoded = encoded / np.float32(65535)
    return encoded**2.2


def develop(light: np.ndarray, exposure: float = 1.8, seed: int = 1) -> Image.Image:
    """Expose linear `light` (H, W, 3) with a film-like curve, glow, falloff and grain."""
    height, width, _ = light.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = light * exposure * (1 - 0.13 * (x**2 + y**2))[..., None]  # a lens darkens its corners
    # Bright parts roll off instead of clipping, as they do on film.
    tone = light * (1 + light * 0.16) / (1 + light * 0.62)
    picture = np.clip(tone * 1.28, 0, 1) ** (1 / 2.2)
    picture = picture + 0.10 * (picture - 0.45) * (1 - np.abs(2 * picture - 1))  # a little contrast
    soft = Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))
    glow = np.asarray(soft.filter(ImageFilter.GaussianBlur(width / 90)), np.float32) / 255
    picture = 0.94 * picture + 0.06 * np.maximum(glow, picture)
    grain = np.random.default_rng(seed).normal(0, 0.005, (height, width, 1))
    return Image.fromarray((np.clip(picture + grain, 0, 1) * 255 + 0.5).astype(np.uint8))


if __name__ == "__main__":
    develop(read_ppm(sys.argv[1])).save(sys.argv[2], quality=86)
