"""Addresses of our own pages, each put together once: a page asks for dozens, and most are the same on every page."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from flask import Flask, Request, request

PLAIN = frozenset({str, int})
_request_of_now = cast("Callable[[], Request]", request._get_current_object)  # type: ignore[attr-defined]  # noqa: SLF001


class Addressed(Flask):
    """An application that remembers the addresses that it wrote, and whose functions are plain ones."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself. None of ours is a coroutine, and Flask looks at each for each request."""
        return func

    def url_for(self, /, endpoint: str, *, _anchor: str | None = None, _method: str | None = None,
                _scheme: str | None = None, _external: bool | None = None, **values: Any) -> str:  # fmt: skip
        """As Flask's own. Remembered are paths of whole endpoints with words and whole numbers in them."""
        usual = _anchor is None and _method is None and _scheme is None and _external is None
        if usual and endpoint[:1] != "." and all(type(value) in PLAIN for value in values.values()):
            try:
                asked = _request_of_now()
            except RuntimeError:
                return super().url_for(endpoint, **values)
            return _path(self, asked.root_path, asked.method, endpoint, tuple(values.items()))
        return super().url_for(
            endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values
        )


@lru_cache(maxsize=8192)
def _path(app: Addressed, _root: str, _method: str, endpoint: str, values: tuple[tuple[str, str | int], ...]) -> str:
    """The path below the root at which we are reached; of two rules the request's method decides."""
    given: dict[str, Any] = dict(values)
    return super(Addressed, app).url_for(endpoint, **given)
