"""How templates are run: as Jinja runs them, with less done for each call and each included piece."""

from collections.abc import Callable, MutableMapping
from types import CodeType, FunctionType, MethodType
from typing import Any

import markupsafe
from flask.templating import Environment as FlaskEnvironment
from jinja2 import Template
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

_of_text: Callable[[str], str] = markupsafe._escape_inner  # type: ignore[attr-defined]  # noqa: SLF001


def written(value: object) -> str:
    """The text that stands on the page for a value: markup as it is, all else escaped.

    What Jinja's `escape` makes of it, without wrapping it once more: the pieces of a page are joined right away.
    """
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]
    return _of_text(value) if kind is str else escape(value)  # type: ignore[arg-type]


class Quick(Context):
    """Calls plain functions and macros without asking what they want to be told: a page makes hundreds of calls."""

    def call(self, called: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """What the function answers. One that is marked to be told the context is called as usual."""
        kind = type(called)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif not ((kind is FunctionType or kind is MethodType) and not called.__dict__):
            return super().call(called, *args, **kwargs)
        if kwargs:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
        return called(*args, **kwargs)


class Compiled(Template):
    """A template that writes its values with `written`."""

    @classmethod
    def from_code(
        cls,
        environment: Any,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002  # as Jinja calls it
        uptodate: Any = None,
    ) -> Template:
        """The template of compiled code, whose module has a name for what escapes."""
        made = super().from_code(environment, code, globals, uptodate)
        made.root_render_func.__globals__["escape"] = written
        return made


class Environment(FlaskEnvironment):
    """Templates share one dictionary of names; Jinja's own chain of two costs more than the templates' work."""

    context_class = Quick
    template_class = Compiled

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names that every template knows."""
        return super().make_globals(d) if d else self.globals
