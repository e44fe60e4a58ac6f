"""What every template may write without loading it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.template.base import NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from shop.lib.languages import address_in
from shop.lib.mailboxes import mask_email
from shop.lib.money import format_money
from shop.lib.phones import mask_phone
from shop.lib.seller import Seller, printed_phone
from shop.lib.seller import seller as seller_card
from shop.lib.stencils import Stencil

register = template.Library()

# No text of the shop or of a visitor can bring this mark into a page: templates escape the brackets.
CSRF_SLOT = mark_safe("<!--csrf-->")


@register.filter
def money(value: Decimal | None) -> str:
    """``1 234,50 ₴``; nothing for nothing."""
    return "" if value is None else format_money(value)


@register.filter
def masked_phone(phone: object) -> str:
    """``+38067•••••67``."""
    return mask_phone(str(phone))


@register.filter
def masked_email(email: str) -> str:
    """``o•••@example.com``."""
    return mask_email(email)


@register.filter(name="printed_phone")
def as_printed_phone(phone: object) -> str:
    """``067 123 45 67``."""
    return printed_phone(str(phone))


@register.simple_tag
def shop_name() -> str:
    return settings.SHOP_NAME


@register.simple_tag(takes_context=True)
def page_address(context: Context, language: str) -> str:
    """The full address of this page in another language, without its query."""
    request: HttpRequest = context["request"]
    return f"{settings.PUBLIC_URL}{address_in(language, request.path)}"


@register.simple_tag
def csrf_slot() -> SafeString:
    """In place of ``csrf_token`` in bodies that are cached; ``shop.storefront.page`` puts the visitor's token there."""
    return CSRF_SLOT


_stencils: dict[str, Stencil] = {}


@register.simple_tag
def repeat(template: str, rows: Iterable[Any]) -> SafeString:
    """The component for each row, which it knows as ``row``; see shop.lib.stencils for what such a component may do."""
    if template not in _stencils:
        _stencils[template] = Stencil(template)
    return _stencils[template].render(rows)


@register.simple_tag
def seller() -> Seller:
    return seller_card()


class RenderOnce(template.Node):
    """Keeps its text for each language as long as the process lives."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.texts: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        if language not in self.texts:
            # Nothing of this visitor's may be kept, so the part sees an empty context.
            self.texts[language] = self.nodelist.render(context.new({}))
        return self.texts[language]


@register.tag
def renderonce(parser: Parser, token: Token) -> RenderOnce:
    """``{% renderonce %}…{% endrenderonce %}``: a part that depends on nothing but the language and the settings."""
    nodelist = parser.parse(("endrenderonce",))
    parser.delete_first_token()
    return RenderOnce(nodelist)
