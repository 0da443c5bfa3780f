"""How templates are run: as Jinja runs them, with less done for each call and each included piece."""

from collections.abc import Callable, MutableMapping
from types import FunctionType, MethodType
from typing import Any

from flask.templating import Environment as FlaskEnvironment
from jinja2.runtime import Context, Macro


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


class Environment(FlaskEnvironment):
    """Templates share one dictionary of names; Jinja's own chain of two costs more than the templates' work."""

    context_class = Quick

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names that every template knows."""
        return super().make_globals(d) if d else self.globals
