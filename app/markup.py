"""Text that people write with light Markdown, as HTML that is safe to show."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markupsafe import Markup, escape

_BLOCKS = ("p", "ul", "ol", "li", "blockquote", "pre")
_TAGS = {*_BLOCKS, "a", "br", "code", "em", "hr", "s", "strong"}
_SCHEMES = {"http", "https", "mailto", "tel"}
# An address ends where Persian or Latin writing goes on without a space.
_URL = re.compile(r"https?://[^\s<>\[\]\"'`\u200c\u200e\u200f\u060c\u061b\u061f\u00ab\u00bb]+", re.IGNORECASE)
_SCHEME = re.compile(r"(?<![\w@/.])https?$", re.IGNORECASE)
_AFTER_URL = re.compile(r"[.,;:!?)*_~]+$")
_LONGEST_MARKDOWN = 50_000


def _link_bare_address(state: StateInline, silent: bool) -> bool:
    """At the ":" of an address written without brackets: make it a link, less the punctuation of its sentence."""
    scheme = _SCHEME.search(state.pending) if state.src[state.pos] == ":" and not state.linkLevel else None
    if scheme is None:
        return False
    found = _URL.match(state.src, state.pos - len(scheme[0]))
    address = _AFTER_URL.sub("", found[0]) if found else ""
    href = state.md.normalizeLink(address)
    if not _URL.fullmatch(address) or not state.md.validateLink(href):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[0])]
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.push("text", "", 0).content = address
        state.push("link_close", "a", -1)
    state.pos += len(address) - len(scheme[0])
    return True


def _make_parser() -> MarkdownIt:
    """Markdown for messages.

    They are prose: a line of dashes under a line, a leading # or four spaces are no headings and no code there.
    Pictures are attached, not fetched from other servers.
    """
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12})
    parser.enable("strikethrough")
    parser.disable(["heading", "lheading", "code", "image", "html_block", "html_inline", "reference"])
    parser.inline.ruler.after("text", "bare_address", _link_bare_address)
    return parser


_parser = _make_parser()


def render(text: str | None) -> Markup:
    """Paragraphs, lists, emphasis, quotations, code and links, each block in the direction of its own text."""
    if not text:
        return Markup()
    return _render(text) if len(text) <= _LONGEST_MARKDOWN else _plain(text)


@lru_cache(maxsize=1024)
def _render(text: str) -> Markup:
    html = nh3.clean(
        _parser.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel="nofollow noopener noreferrer",
        set_tag_attribute_values={**{block: {"dir": "auto"} for block in _BLOCKS}, "a": {"target": "_blank"}},
    )
    return Markup(html)  # noqa: S704  # cleaned one line above


def _plain(text: str) -> Markup:
    """Paragraphs alone, for texts too long to be looked at closely."""
    blocks = [block for block in text.split("\n\n") if block.strip()]
    return Markup().join(Markup('<p dir="auto">{}</p>').format(escape(block)) for block in blocks)
