"""What an admin says about the business, kept as settings."""

from typing import Any

import sqlalchemy as sa
from PIL import Image, UnidentifiedImageError
from werkzeug.datastructures import FileStorage

from app import files, settings
from app.errors import DomainError
from app.events import Actor
from app.extensions import db
from app.files import StoredFile
from app.i18n import _

NAMES = ("name_fa", "name_en", "phone", "address_fa", "address_en", "language", "unit", "color")
LOGO_BYTES = 2 * 1024 * 1024
LOGO_SIDE = 4000
LOGO_FORMATS = ("PNG", "JPEG", "WEBP")
files.hold_with(lambda file_id: bool(settings.get("business.logo") == file_id))


def values() -> dict[str, Any]:
    """The settings of the business by the names of the form's fields."""
    return {name: settings.get(f"business.{name}") for name in NAMES}


def save(values: dict[str, Any], *, by: Actor) -> None:
    """Write each value that changed; every one of them is a fact of its own."""
    for name, value in values.items():
        settings.put(f"business.{name}", value or "", by=by)


def logo() -> StoredFile | None:
    """The stored logo; None when there is none."""
    file_id = settings.get("business.logo")
    return db.session.scalar(sa.select(StoredFile).where(StoredFile.id == file_id)) if file_id else None


def set_logo(upload: FileStorage | None, *, by: Actor) -> None:
    """Keep a picture as the logo, or have none. Raises a `DomainError` for what is no PNG, JPEG or WEBP picture."""
    if upload is None:
        settings.put("business.logo", None, by=by)
        return
    _check(upload)
    try:
        stored = files.store(upload)
    except DomainError as error:
        error.field = "logo"
        raise
    settings.put("business.logo", stored.id, by=by)


def _check(upload: FileStorage) -> None:
    """A drawing such as SVG can carry scripts, and a picture can be a bomb: only sane rasters pass."""
    stream = upload.stream
    size = stream.seek(0, 2)
    stream.seek(0)
    if size > LOGO_BYTES:
        raise DomainError(_("The logo is larger than 2 MB."), code="too_large", field="logo")
    sentence = _("This is no picture that a logo can be. Choose a PNG, JPEG or WEBP file.")
    try:
        with Image.open(stream, formats=LOGO_FORMATS) as picture:
            if max(picture.size) > LOGO_SIDE:
                raise DomainError(_("The picture is too large. Use one of at most 4000 pixels a side."), field="logo")
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise DomainError(sentence, code="no_picture", field="logo") from None
    stream.seek(0)
