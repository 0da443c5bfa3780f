"""The picture of a colleague: whatever is sent becomes a small square of ours."""

from io import BytesIO

import sqlalchemy as sa
from flask import url_for
from PIL import Image, ImageOps, UnidentifiedImageError
from werkzeug.datastructures import FileStorage

from app import events, files
from app.errors import DomainError
from app.events import record
from app.extensions import db
from app.files import StoredFile
from app.i18n import _
from app.users.models import User

events.define("user.picture_changed")
SIDE = 256
MOST_BYTES = 10 * 1024 * 1024
# Looked at before anything is decoded: a small file can unfold into gigabytes.
MOST_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def picture_url(user_id: int | None, picture_id: int | None) -> str:
    """Where the picture is; "" where there is none. It changes with the picture, so browsers may keep it."""
    return url_for("people.picture", user_id=user_id, v=picture_id) if user_id and picture_id else ""


def stored(user_id: int) -> StoredFile | None:
    """The picture of a colleague, former ones included."""
    query = sa.select(StoredFile).join(User, User.picture_id == StoredFile.id)
    return db.session.scalar(query.where(User.id == user_id))


def set_picture(user: User, upload: FileStorage | None) -> None:
    """Give oneself a picture, or none. Raises a `DomainError` for what is no picture or too large."""
    before = user.picture_id
    file = files.store(FileStorage(BytesIO(squared(upload)), filename="picture.webp")) if upload else None
    user.picture_id = file.id if file else None
    if user.picture_id != before:
        db.session.flush()
        record("user.picture_changed", user, by=user, data={"from": before, "to": user.picture_id})


def squared(upload: FileStorage) -> bytes:
    """The middle of the picture as a small WebP, upright, without what the camera wrote into it."""
    stream = upload.stream
    size = stream.seek(0, 2)
    stream.seek(0)
    if size > MOST_BYTES:
        raise DomainError(_("The picture is larger than 10 MB."), code="too_large", field="picture")
    try:
        with Image.open(stream, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise DomainError(_("The picture has too many pixels."), code="too_large", field="picture")
            # A JPEG is decoded at a smaller size at once.
            picture.draft("RGB", (SIDE * 2, SIDE * 2))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
            square = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        sentence = _("This is no picture. Choose a PNG, JPEG, WEBP or GIF file.")
        raise DomainError(sentence, code="no_picture", field="picture") from None
    target = BytesIO()
    square.save(target, "WEBP", quality=86, method=4)
    return target.getvalue()
