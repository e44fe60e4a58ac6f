"""A pasted list of numbers: what each line is, and one press into the basket."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shop.catalog.number_list import LONGEST_LIST, MOST_LINES
from shop.storefront.list_review import review
from vehicles.chosen import ShopRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def number_list(request: ShopRequest) -> HttpResponse:
    """The review of a list; it comes by POST, or by the address when it is as short as a search."""
    text = request.POST.get("list", "") if request.method == "POST" else request.GET.get("q", "")
    lines, more = review(text, request.chosen.car)
    error = ""
    if len(text) > LONGEST_LIST:
        error = _("Список задовгий: показуємо перші %(count)d знаків.") % {"count": LONGEST_LIST}
    elif more:
        error = ngettext(
            "Показуємо перші %(limit)d рядків; ще %(count)d рядок надішліть окремо.",
            "Показуємо перші %(limit)d рядків; ще %(count)d рядків надішліть окремо.",
            more,
        ) % {"limit": MOST_LINES, "count": more}
    elif text.strip() and not lines:
        error = _("У списку немає номерів. Пишіть по одному в рядку, з кількістю: W 712/75 x2.")
    elif request.method == "POST" and not text.strip():
        error = _("Вставте список: по номеру в рядку.")
    context = {
        "list": text[:LONGEST_LIST].replace("\x00", ""),
        "lines": lines,
        "can_add": any(line.has_offers for line in lines),
        "error": error,
    }
    return render(request, "storefront/number_list.html", context)
