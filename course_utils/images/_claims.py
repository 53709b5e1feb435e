"""What an image file claims, checked before it costs memory or time.

A file of 1 kB can claim to be an image of four gigapixels, or keep a decoder busy for hours. So
the limits below hold, and for the three formats where Pillow does not notice it, the functions
`check_png`, `check_jpeg` and `check_tiff` see whether a file keeps what its header promises.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

MAX_BYTES = 100 * 2**20
MAX_PIXELS = 25_000_000
# Networks first scale the short side to about 256 pixels: at 100:1 that makes 6.5 megapixels,
# at 100,000:1 it would make 6,500.
MAX_RATIO = 100
# What no honest file comes near, and what a hostile one needs to take its time.
MAX_EXIF = 2**20
MAX_PIECES = 250_000  # reads from one file: a GIF may hold 50 million one-letter comments
MAX_SCANS = 100  # of one JPEG: photographs have 1 to 12, each a pass over the whole image
MAX_VALUES = 100_000  # of one entry in the directory of a TIFF

SMALLER = f"Make a smaller copy first, at most {MAX_PIXELS // 10**6} megapixels, and open that."
AGAIN = "Get the file again from where it came from."
SAVE_AS = "Open it in an image program, save it as PNG or JPEG, and use that copy."
CUT_OFF = f"is cut off: a part of it is missing. {AGAIN}"
TOO_LONG = f"is built in a way that would take far too long to read. {SAVE_AS}"


class Refused(Exception):
    """Why an image is not opened: a sentence that still lacks the image's name in front."""


def check_size(width: int, height: int, most: int = MAX_PIXELS) -> None:
    """Refuse more than `most` pixels, strips longer than `MAX_RATIO` widths, and no pixels."""
    short, long = sorted((width, height))
    if short == 0:
        raise Refused(f"has no pixels: its size is {width} x {height}. {AGAIN}")
    if width * height > most:
        millions = f"{width * height / 1e6:,.0f} megapixels"
        raise Refused(f"has {width} x {height} pixels, that is {millions}. {SMALLER}")
    if long > MAX_RATIO * short:
        raise Refused(
            f"is a strip of {width} x {height} pixels. Crop it until its long side is at most "
            f"{MAX_RATIO} times the short one."
        )


# --- PNG: https://www.w3.org/TR/png-3 ---------------------------------------------------------

# Where the seven passes of an interlaced image start (x, y), and their steps (dx, dy).
ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)


def check_png(data: bytes) -> None:
    """Check the sum of every chunk, and that the compressed data give all rows of the image."""
    width, height, depth, colour, *_, interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    check_size(width, height)
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    missing = 0
    for x, y, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        columns, rows = len(range(x, width, dx)), len(range(y, height, dy))
        missing += rows * (1 + (columns * bits + 7) // 8) if columns else 0
    inflate = zlib.decompressobj()
    for body in _png_image_data(data):
        for at in range(0, len(body), 2**14):
            if missing > 0:  # stops here: what follows may be a bomb
                missing -= len(inflate.decompress(body[at : at + 2**14]))
    if missing > 0:
        raise Refused(CUT_OFF)


def _png_image_data(data: bytes) -> Iterator[memoryview]:
    view, at = memoryview(data), 8
    for _ in range(MAX_PIECES):
        length, kind = struct.unpack_from(">I4s", data, at)
        (expected,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(view[at + 4 : at + 8 + length]) != expected:
            raise ValueError(f"wrong checksum in chunk {kind!r}")
        if kind == b"IDAT":
            yield view[at + 8 : at + 8 + length]
        if kind == b"IEND":
            return
        at += 12 + length
    raise Refused(TOO_LONG)


# --- JPEG: https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B --------------------------------

# A byte FF starts a marker, unless 00 (a plain FF) or a restart mark follows in coded data.
MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")


class Layout(NamedTuple):
    """How a JPEG is built.

    scan_ends: where the coded data of each scan end.
    streamed: one scan holds it all, so that a decoder needs only a few rows at a time.
    """

    scan_ends: list[int]
    streamed: bool


def check_jpeg(data: bytes) -> Layout:
    """Walk over the segments of a JPEG: it must reach its end mark in a sane number of steps."""
    exif, components, ends, streamed = 0, 0, [], False
    for code, body, following in _jpeg_segments(data):
        if code in (0xC0, 0xC1):  # start of a frame that is not progressive
            components = body[5]
        elif code == 0xE1 and body.startswith(b"Exif"):
            exif += len(body)
        elif code == 0xDA:  # start of a scan
            ends.append(following)
            streamed = len(ends) == 1 and body[0] == components
    if exif > MAX_EXIF or len(ends) > MAX_SCANS:
        raise Refused(TOO_LONG)
    return Layout(ends, streamed)


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield (code, body, start of the next marker) of every segment up to the end mark."""
    marker = MARKER.search(data, 2)
    for _ in range(MAX_PIECES):
        if not marker:
            raise Refused(CUT_OFF)
        code, at = marker[0][1], marker.end()
        if code == 0xD9:
            return
        end = at + max(2, int.from_bytes(data[at : at + 2]))
        marker = MARKER.search(data, end)
        yield code, data[at + 2 : end], marker.start() if marker else len(data)
    raise Refused(TOO_LONG)


# --- TIFF: https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf, section 2 -------------


def check_tiff(data: bytes) -> None:
    """Refuse directories with absurd numbers of values: Pillow makes an object of each value."""
    order, big = "<" if data[:1] == b"I" else ">", 43 in data[2:4]
    pointer, number, entry = ("Q", "Q", "HHQQ") if big else ("L", "H", "HHLL")
    todo = list(struct.unpack_from(order + pointer, data, 8 if big else 4))
    while todo:
        at = todo.pop()
        (count,) = struct.unpack_from(order + number, data, at)
        at += struct.calcsize(order + number)
        for n in range(min(count, 1_000)):
            entry_at = at + n * struct.calcsize(order + entry)
            tag, kind, values, first = struct.unpack_from(order + entry, data, entry_at)
            text = kind in (1, 2, 6, 7) and tag not in (273, 324)  # and not offsets of strips
            if values > MAX_VALUES and not text:
                raise Refused(TOO_LONG)
            if tag in (34665, 34853, 40965) and len(todo) < 3:  # another directory: EXIF, GPS
                todo.append(first)
