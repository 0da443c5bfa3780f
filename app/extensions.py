"""The one instance of each Flask extension, and the base that every model inherits."""

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import DeclarativeBase

from app import limits
from app.db import UTCDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Base of all tables."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UTCDateTime, dict[str, Any]: sa.JSON, list[Any]: sa.JSON}


# Objects stay readable after the commit: the answer is rendered from them without a second round of queries.
db = SQLAlchemy(metadata=Model.metadata, session_options={"expire_on_commit": False})
socketio = SocketIO()
csrf = CSRFProtect()
login = LoginManager()
limiter = Limiter(key_func=limits.source, default_limits=limits.rules())
