"""Pages of the catalogue: the body comes from the cache, everything that belongs to the visitor is put around it fresh.

A body depends on nothing but its address, the known parameters of its query, the language, the chosen car, the customer
group, the version of the catalogue and the arrival moment. It holds no nonce, no token, nothing of a customer: its
forms hold the mark of ``{% csrf_slot %}``, which is replaced when the page is put together.
"""

import hashlib
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import astuple, dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from shop.lib import version
from shop.offers.arrival import arrival_moment
from shop.offers.warehouses import active_warehouses
from shop.templatetags.shop import CSRF_SLOT
from vehicles.chosen import ShopRequest

type Context = Mapping[str, Any]

# Longer queries are built fresh: nobody comes to the same one twice, and they would push useful bodies out.
_LONGEST_QUERY = 500


@dataclass(frozen=True)
class Body:
    """Rendered text of one page; ``fragment`` answers of htmx have ``html`` only."""

    html: str
    title: str = ""
    description: str = ""
    head: str = ""
    canonical_query: str = ""


def show(
    request: ShopRequest,
    template: str,
    build: Callable[[QueryDict], Context | HttpResponse],
    *,
    known: Collection[str] = (),
    known_prefix: str = "",
    fragment: str = "",
) -> HttpResponse:
    """Answer with ``template`` filled by ``build``, or with its body from the cache.

    ``build`` gets the query cut down to the ``known`` parameters and must look at no other; a response of its own (a
    redirect) is passed on and not kept. ``known_prefix`` begins further parameters that it knows; ``fragment`` names
    the part of the template that htmx asks for.
    """
    query = known_query(request.GET, known, known_prefix)
    part = fragment if fragment and request.htmx and not request.htmx.boosted else ""
    kept = _Kept(request, query, part)
    with version.pinned(kept.version):
        body = kept.body()
        if body is None:
            context = build(query)
            if isinstance(context, HttpResponse):
                return context
            body = _render(template, context, part)
            kept.write(body)
        response = _put_together(request, body, query, part)
    response.headers["Cache-Control"] = "private, no-cache"
    if fragment:
        patch_vary_headers(response, ["HX-Request"])
    return response


def known_query(asked: QueryDict, known: Collection[str], known_prefix: str = "") -> QueryDict:
    """The known parameters in one order; blanks folded, control characters, empty and repeated values dropped."""
    query = QueryDict(mutable=True)
    for name in sorted(name for name in asked if name in known or (known_prefix and name.startswith(known_prefix))):
        if texts := sorted({text for value in asked.getlist(name) if (text := _plain(value))}):
            query.setlist(name, texts)
    return query


def _plain(text: str) -> str:
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


class _Kept:
    """The place of one body in the cache. Fails open, like the cache itself."""

    def __init__(self, request: ShopRequest, query: QueryDict, part: str) -> None:
        address = query.urlencode()
        self.seconds = settings.PAGE_CACHE_SECONDS if len(address) <= _LONGEST_QUERY else 0
        group = getattr(request.user, "group_id", None)
        parts = (request.path, address, part, get_language(), request.chosen.id, group)
        self.key = f"page:{hashlib.sha256(repr(parts).encode()).hexdigest()}"
        # Read before anything is read from the database: a body must never be newer by name than by content.
        self.found = cache.get_many([*version.KEYS, self.key] if self.seconds else version.KEYS)
        self.version = version.known_version(self.found)
        self.state = (self.version, "")

    def body(self) -> Body | None:
        """The body, if it is of this version and this hour."""
        cut_offs = [warehouse.cut_off for warehouse in active_warehouses().values()]
        self.state = (self.version, arrival_moment(cut_offs))
        match self.found.get(self.key):
            case (state, packed) if state == self.state:
                return Body(*zlib.decompress(packed).decode().split("\0"))
        return None

    def write(self, body: Body) -> None:
        if self.seconds:
            # Level 1 makes a fifth of the size in a third of a millisecond.
            packed = zlib.compress("\0".join(astuple(body)).encode(), 1)
            cache.set(self.key, (self.state, packed), self.seconds)


def _render(template: str, context: Context, part: str) -> Body:
    """The template's own text is the content of the page; its partials title, description and head go elsewhere."""
    data = dict(context)
    if part:
        return Body(get_template(f"{template}#{part}").render(data))
    return Body(
        html=get_template(template).render(data),
        title=get_template(f"{template}#title").render(data).strip(),
        description=get_template(f"{template}#description").render(data).strip(),
        head=get_template(f"{template}#head").render(data).strip(),
        canonical_query=data.get("canonical_query", ""),
    )


def _put_together(request: ShopRequest, body: Body, query: QueryDict, part: str) -> HttpResponse:
    # One token for all forms of the page: each would be masked anew, and that costs more than it looks.
    token = get_token(request)
    html = _with_token(body.html, token)
    if part:
        return HttpResponse(html)
    context = {
        "csrf_token": token,
        "content": html,
        "title": mark_safe(body.title),  # noqa: S308  # escaped when the body was rendered
        "description": mark_safe(body.description),  # noqa: S308
        "head": mark_safe(body.head),  # noqa: S308
        "canonical_query": body.canonical_query,
        "query": query.get("q", ""),
    }
    return HttpResponse(get_template("storefront/page.html").render(context, request))


def _with_token(html: str, token: str) -> SafeString:
    field = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)
    return mark_safe(html.replace(CSRF_SLOT, field))  # noqa: S308  # rendered by templates
