"""Builds the bytes of images: good ones, and bad ones byte by byte."""

import io
import random
import struct
import zlib
from functools import cache

import numpy as np
from PIL import Image

from course_utils.images import open_image

_y, _x = np.mgrid[0:64, 0:96]
PHOTO = Image.fromarray((np.stack([_x * 2 + _y, _y * 3, _x * _y], 2) % 256).astype(np.uint8), "RGB")


def encode(format, image=PHOTO, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def photograph(name="astronaut", size=(300, 200), format="png"):
    """A sample image as somebody's own file."""
    return encode(format, open_image(name).resize(size))


def heic():
    import pillow_heif

    file = io.BytesIO()
    pillow_heif.from_pillow(PHOTO).save(file, quality=80)
    return file.getvalue()


# --- Damage -----------------------------------------------------------------------------------


def cut(data, share=0.5):
    return data[: int(len(data) * share)]


def put(data, at, values):
    """Overwrite bytes. `at` is a place or the bytes before it, with an offset behind them."""
    if not isinstance(at, int):
        at = data.index(at[0]) + at[1]
    return data[:at] + values + data[at + len(values) :]


def insert(data, at, values):
    return data[:at] + values + data[at:]


def noise(size):
    return random.Random(0).randbytes(size)


# --- PNG --------------------------------------------------------------------------------------


def chunk(kind, body=b""):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks, size=(8, 8), depth=8, colour=0, interlaced=0, rows=None, end=True):
    """A grey image of 8 x 8, of which one can change anything; `chunks` come before the data."""
    if rows is None:
        rows = zlib.compress(bytes(9 * 8))
    header = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, interlaced)
    parts = [chunk(b"IHDR", header), *chunks, chunk(b"IDAT", rows), chunk(b"IEND") * end]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@cache
def zeros(megabytes):
    """Compressed zeros: a thousandth of the size that they unfold to."""
    deflate = zlib.compressobj()
    return b"".join(deflate.compress(bytes(2**20)) for _ in range(megabytes)) + deflate.flush()


def with_right_checksums(data):
    """A PNG in which all checksums are right again, as far as it is still one."""
    at = 8
    while data.startswith(b"\x89PNG") and at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4])
        if end + 4 > len(data):
            break
        data = put(data, end, struct.pack(">I", zlib.crc32(data[at + 4 : end])))
        at = end + 4
    return data


# --- JPEG -------------------------------------------------------------------------------------

END = b"\xff\xd9"


def segment(code, body):
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body


def jpeg(**options):
    return encode("JPEG", **{"quality": 90, **options})


def jpeg_with_exif(body):
    return insert(jpeg(), 2, segment(0xE1, b"Exif\0\0" + body))


def resized(data, width, height):
    """A JPEG whose header claims another size."""
    frame = next(data.index(bytes([0xFF, c])) for c in (0xC0, 0xC2) if bytes([0xFF, c]) in data)
    return put(data, frame + 5, struct.pack(">HH", height, width))


def exif(entries):
    """EXIF with the given (tag, type, number of values, value or offset)."""
    body = b"".join(struct.pack("<HHLL", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<LH", 8, len(entries)) + body + bytes(4)


# --- GIF --------------------------------------------------------------------------------------


def gif(*blocks, screen=(8, 8), frame=(0, 0, 8, 8)):
    """A GIF of 8 x 8; `blocks` come before its only frame."""
    header = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x80, 0, 0) + bytes(6)
    image = encode("GIF", Image.new("L", (8, 8), 1))
    data = image[image.index(b",") + 10 :]
    return header + b"".join(blocks) + b"," + struct.pack("<HHHHB", *frame, 0) + data


# --- TIFF -------------------------------------------------------------------------------------


def tiff(changes=None, pixels=bytes(64), more=b"", big=False):
    """A grey TIFF of 8 x 8. `changes`: tag -> (type, number of values, value), or None.

    The pixels lie at offset 512, `more` behind them at 576.
    """
    entries = {
        tag: (4, 1, value)
        for tag, value in {
            **{256: 8, 257: 8, 258: 8, 259: 1, 262: 1},
            **{273: 512, 277: 1, 278: 8, 279: 64},
        }.items()
    }
    entries = {k: v for k, v in sorted({**entries, **(changes or {})}.items()) if v}
    count, entry = ("<Q", "<HHQQ") if big else ("<H", "<HHLL")
    head = (
        struct.pack("<2sHHHQ", b"II", 43, 8, 0, 16) if big else struct.pack("<2sHL", b"II", 42, 8)
    )
    body = b"".join(struct.pack(entry, tag, *values) for tag, values in entries.items())
    directory = head + struct.pack(count, len(entries)) + body + bytes(8)
    return directory.ljust(512, b"\0") + pixels + more


# --- WebP, BMP --------------------------------------------------------------------------------


def webp(**options):
    return encode("WEBP", **options)


def bmp(**changes):
    """An 8-bit BMP of 8 x 8 with 256 colours; `changes` are fields of its header."""
    at = {"offset": 10, "header": 14, "width": 18, "height": 22, "bits": 28}
    at |= {"compression": 30, "colours": 46}
    data = encode("BMP", Image.new("P", (8, 8)))
    for field, value in changes.items():
        data = put(data, at[field], struct.pack("<H" if field == "bits" else "<L", value))
    return data


def tile(size):
    """Tags that make a TIFF of 8 x 8 consist of one tile of the given size."""
    return {
        **{259: (4, 1, 8), 273: None, 278: None, 279: None},
        **{322: (4, 1, size), 323: (4, 1, size), 324: (4, 1, 512), 325: (4, 1, 64)},
    }


def tiled_tiff():
    return tiff(tile(16), pixels=zlib.compress(bytes(256)).ljust(64))


def circular_tiff():
    """The directory, which says where the next one is, says that it is the next itself."""
    data = tiff()
    (entries,) = struct.unpack_from("<H", data, 8)
    return put(data, 10 + 12 * entries, struct.pack("<L", 8))


def floats(value):
    pixels = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    pixels[3, 3] = value
    return Image.fromarray(pixels)


def resized_webp(width, height):
    """An animation whose canvas has the given size; its frames may be smaller."""
    data = webp(save_all=True, append_images=[PHOTO.transpose(0)])
    assert data[12:16] == b"VP8X"
    size = struct.pack("<L", width - 1)[:3] + struct.pack("<L", height - 1)[:3]
    return put(data, 24, size)
