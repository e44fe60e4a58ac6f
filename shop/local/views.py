"""The local mailbox: what a customer and the manager would see arrive on their phones."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP, build_policy
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from shop.local.home import Home
from shop.local.mailbox import Mail, TextMessage, find, newest

# A letter is a stranger's page: it runs nothing, loads nothing, and its links open beside the shop.
_LETTER_POLICY = build_policy(
    {
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
        "default-src": [CSP.NONE],
        "style-src": [CSP.UNSAFE_INLINE],
        "img-src": ["data:"],
        "frame-ancestors": [CSP.SELF],
    }
)


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Mails and texts, newest first; htmx asks for the list again every two seconds."""
    template = "local/mailbox.html#messages" if request.headers.get("HX-Request") else "local/mailbox.html"
    return render(request, template, {"received": newest(Home().mailbox)})


@never_cache
@require_safe
def message(request: HttpRequest, number: int) -> HttpResponse:
    """One mail or text with everything that came with it."""
    return render(request, "local/message.html", {"message": _message_or_404(number)})


@never_cache
@require_safe
@xframe_options_sameorigin
def letter(request: HttpRequest, number: int) -> HttpResponse:
    """The HTML of a mail as it came, for the frame on its page."""
    found = _message_or_404(number)
    if not isinstance(found, Mail) or not found.html:
        raise Http404
    page = (
        f'<base target="_blank">{found.html}'
        if "<head>" not in found.html
        else found.html.replace("<head>", '<head><base target="_blank">', 1)
    )
    return HttpResponse(page, headers={"Content-Security-Policy": _LETTER_POLICY})


def _message_or_404(number: int) -> Mail | TextMessage:
    found = find(Home().mailbox, number)
    if found is None:
        raise Http404
    return found
