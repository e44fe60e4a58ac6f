"""``explain_price PART``: how the price of each offer of a part comes about, step by step."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.catalog.models import BrandAlias, Part
from shop.catalog.numbers import article_key, brand_key
from shop.lib.money import format_money
from shop.offers.explaining import Explanation, explain

_SHOWN = 20


class Command(BaseCommand):
    help = "Explain the price of every offer of a part: purchase price, rate, VAT, markup, rounding, price groups."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", help="brand/article, article alone, or id")
        parser.add_argument("--on", type=date.fromisoformat, help="by the rules and rates of this day, YYYY-MM-DD")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, part: str, on: date | None, json: bool, **_: Any) -> None:
        found = find_part(part)
        explanations = explain(found, on=on)
        if json:
            self.stdout.write(_as_json(found, explanations))
            return
        self.stdout.write(f"{found.brand.name} {found.article_number} — {found.name_uk}")
        if not explanations:
            self.stdout.write("Пропозицій немає.")
        for explanation in explanations:
            self.stdout.write("")
            for line in _lines(explanation):
                self.stdout.write(line)


def find_part(text: str) -> Part:
    """Raises CommandError when there is none, or several."""
    parts = Part.objects.select_related("brand", "category")
    brand, slash, number = text.partition("/")
    if slash and (alias := BrandAlias.objects.filter(key=brand_key(brand)).first()):
        # The number may have a slash of its own.
        found = list(parts.filter(brand=alias.brand_id, article_key=article_key(number)))
    else:
        found = list(parts.filter(article_key=article_key(text)).order_by("brand__name_sort")[:_SHOWN])
    if not found and text.isascii() and text.isdigit() and len(text) < 19:
        found = list(parts.filter(pk=int(text)))
    if not found:
        raise CommandError(f"Деталі немає: {text}")
    if len(found) > 1:
        raise CommandError("Таких деталей кілька: " + ", ".join(f"{p.brand.slug}/{p.article_number}" for p in found))
    return found[0]


def _lines(explanation: Explanation) -> list[str]:
    lines = [f"{explanation.offer.warehouse} — {format_money(explanation.offer.price)}"]
    for step in explanation.steps:
        amount = f"  →  {step.amount_text}" if step.amount_text else ""
        lines.append(f"  {step.title}: {step.words}{amount}")
    if explanation.remark:
        lines.append(f"  ! {explanation.remark}")
    lines += [f"  {each.group}: {format_money(each.price)} — {each.words}" for each in explanation.groups]
    return lines


def _as_json(part: Part, explanations: list[Explanation]) -> str:
    told = {
        "part": {"id": part.pk, "brand": part.brand.name, "article": part.article_number},
        "offers": [
            {
                "price_list": str(each.offer.price_list),
                "warehouse": str(each.offer.warehouse),
                "purchase_price": str(each.offer.purchase_price),
                "currency": each.offer.currency,
                "price": str(each.offer.price),
                "price_by_rules": None if each.price is None else str(each.price),
                "steps": [
                    {"title": s.title, "words": s.words, "amount": None if s.amount is None else str(s.amount)}
                    for s in each.steps
                ],
                "groups": [{"name": g.group.name_uk, "price": str(g.price), "words": g.words} for g in each.groups],
                "remark": each.remark,
            }
            for each in explanations
        ],
    }
    return json.dumps(told, ensure_ascii=False)
