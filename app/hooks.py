"""Work that waits for the commit: sockets, wake-up calls, whatever must not announce a change that is rolled back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from app.extensions import db

log = structlog.get_logger()

Hook = Callable[[], None]
Surrounding = Callable[[], AbstractContextManager[None]]
KEY = "after_commit_hooks"
READY = "after_commit_ready"
_around: list[Surrounding] = []
_unheard: ContextVar[bool] = ContextVar("unheard", default=False)


def around(surrounding: Surrounding) -> None:
    """Call the hooks of each commit inside this."""
    _around.append(surrounding)


@contextmanager
def unheard() -> Iterator[None]:
    """Nothing done inside waits for the commit: a past is being written, and nobody is to hear of it now."""
    token = _unheard.set(True)
    try:
        yield
    finally:
        _unheard.reset(token)


def after_commit(fn: Hook) -> None:
    """Call `fn` once the outermost transaction is committed; never if it, or the savepoint around here, rolls back."""
    if _unheard.get():
        return
    session = db.session()
    owner = session.get_nested_transaction() or session.get_transaction() or session.begin()
    session.info.setdefault(KEY, []).append((owner, fn))


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    # SQLAlchemy reports the release of a savepoint as a commit too: its hooks then belong to the transaction around it.
    nested = session.get_nested_transaction()
    hooks = session.info.get(KEY, [])
    if nested is not None:
        session.info[KEY] = [(nested.parent if owner is nested else owner, fn) for owner, fn in hooks]
        return
    session.info[READY] = [fn for _, fn in session.info.pop(KEY, [])]


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(session: Session, previous: SessionTransaction) -> None:
    hooks = session.info.get(KEY, [])
    session.info[KEY] = [(owner, fn) for owner, fn in hooks if not _within(owner, previous)]


def _within(owner: SessionTransaction | None, rolled_back: SessionTransaction) -> bool:
    while owner is not None:
        if owner is rolled_back:
            return True
        owner = owner.parent
    return False


@event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    ready = session.info.pop(READY, []) if transaction.parent is None else []
    if not ready:
        return
    with ExitStack() as stack:
        for surrounding in _around:
            stack.enter_context(surrounding())
        for fn in ready:
            _call(fn)


def _call(fn: Hook) -> None:
    try:
        fn()
    except Exception:
        # The change is committed and stays; what a hook missed is repaired by the sweep or the next heartbeat.
        log.exception("hook.failed")
