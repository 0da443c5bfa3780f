"""What stops a backup or a restore."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class BackupError(Exception):
    """It cannot be done. The message is a sentence that says why, and what to do."""


REASONS = {
    errno.ENOSPC: "The disk of {path} is full. Make room, or name another place.",
    errno.EDQUOT: "The quota of this account on the disk of {path} is used up. Make room, or name another place.",
    errno.EACCES: "This account may not use {path}. Run the command as the account of Kariz, or mend the rights.",
    errno.EPERM: "This account may not use {path}. Run the command as the account of Kariz, or mend the rights.",
    errno.EROFS: "{path} is on a disk that can only be read. Name another place.",
    errno.ENOENT: "There is no {path}.",
    errno.EISDIR: "{path} is a folder. Name a file.",
    errno.EPIPE: "Whoever was to take the archive has stopped reading.",
}


@contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Turn what the system says about a file into a `BackupError`; `path` is named where the system names none."""
    try:
        yield
    except OSError as error:
        sentence = REASONS.get(error.errno or 0, "{path} cannot be used: {reason}.")
        raise BackupError(sentence.format(path=error.filename or path, reason=error.strerror or error)) from error
