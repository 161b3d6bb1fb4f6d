"""Markdown as staff write it, to HTML that can do no harm."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_DEEPEST = 6
_OVERRIDES = dict.fromkeys(map(ord, "\u202d\u202e"))  # they turn letters round: a link reads as another address


def to_html(text: str, *, top: int = 3) -> SafeString:
    """Return safe HTML for Markdown `text`: no pictures, no raw HTML, links to http, https and mailto alone.

    Its largest heading comes out at level `top`, whether its writer began with `#` or `##`: mostly the page has the
    first, its sections the second. Characters that force a direction on others are left out; scripts that run from
    right to left need none.
    """
    tokens = _PARSER.parse(text.translate(_OVERRIDES))
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    largest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - largest + top, _DEEPEST)}"
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer")
    return mark_safe(clean)  # noqa: S308 nh3 has just cleaned it
