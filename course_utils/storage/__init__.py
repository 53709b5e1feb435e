"""Files that are whole or not there: folders, atomic writing, locks, verified downloads."""

from .downloads import answering, download
from .files import (
    can_write,
    cannot_write,
    data_folder,
    file_digest,
    folders,
    locked,
    megabytes,
    need_room,
    offline,
    part_of,
    publish,
    writable_folder,
)

__all__ = [
    "answering",
    "can_write",
    "cannot_write",
    "data_folder",
    "download",
    "file_digest",
    "folders",
    "locked",
    "megabytes",
    "need_room",
    "offline",
    "part_of",
    "publish",
    "writable_folder",
]
