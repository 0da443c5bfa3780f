"""Rules of addresses that cost a start nothing but their reading."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule that learns to write addresses when the first one is asked of it.

    Werkzeug compiles two functions for each rule as it is added: a fifth of a second for all of them, and most are
    never called.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now, name = super()._compile_builder, "_build_unknown" if append_unknown else "_build"

        def build(rule: "LateRule", /, **values: Any) -> tuple[str, str]:
            compiled = compile_now(append_unknown).__get__(rule, None)
            setattr(rule, name, compiled)
            address: tuple[str, str] = compiled(**values)
            return address

        return build
