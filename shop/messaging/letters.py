"""Words into letters: templates of ``templates/emails`` and ``templates/sms`` in the receiver's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import css_inline
from django.conf import settings
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils.translation import override

from shop.lib.seller import seller


@dataclass(frozen=True, slots=True)
class Letter:
    """One rendered e-mail; ``text`` says the same as ``html``."""

    subject: str
    text: str
    html: str


def render_letter(template: str, context: Mapping[str, Any], language: str) -> Letter:
    """Render ``templates/emails/<template>.txt`` and ``.html`` in ``language``.

    The first line of the ``.txt`` is the subject, the rest the text part. The ``.html`` extends
    ``emails/base.html``; its style sheet is written into the elements, because mail programs drop it.
    """
    with override(language):
        subject, _, text = _plain(f"emails/{template}.txt", context).partition("\n")
        html = render_to_string(f"emails/{template}.html", _with_shop(context) | {"subject": subject})
    return Letter(subject=subject.strip(), text=f"{text.strip()}\n", html=_inliner().inline(html))


def render_text(template: str, context: Mapping[str, Any], language: str) -> str:
    """Render ``templates/sms/<template>.txt`` in ``language`` as one line."""
    with override(language):
        return " ".join(_plain(f"sms/{template}.txt", context).split())


def _plain(template: str, context: Mapping[str, Any]) -> str:
    """Plain text: nothing is escaped, so an apostrophe stays one."""
    written: str = get_template(template).template.render(Context(_with_shop(context), autoescape=False))  # type: ignore[attr-defined]
    return written.strip()


def _with_shop(context: Mapping[str, Any]) -> dict[str, Any]:
    return {"shop_name": settings.SHOP_NAME, "public_url": settings.PUBLIC_URL, "seller": seller(), **context}


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, keep_style_tags=False, load_remote_stylesheets=False)
