"""Files that are whole or not there: folders, atomic writing, locks, verified downloads.

And the record of what a student has done, which is kept in such files.
"""

from .downloads import answering, check_surroundings, download
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
    write_whole,
)
from .record import Record, keep_prediction, keep_quiz, keep_solved, record_folder, recorded

__all__ = [
    "Record",
    "answering",
    "can_write",
    "cannot_write",
    "check_surroundings",
    "data_folder",
    "download",
    "file_digest",
    "folders",
    "keep_prediction",
    "keep_quiz",
    "keep_solved",
    "locked",
    "megabytes",
    "need_room",
    "offline",
    "part_of",
    "publish",
    "record_folder",
    "recorded",
    "writable_folder",
    "write_whole",
]
