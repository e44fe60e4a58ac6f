"""How suppliers write currencies, in cells, in heads of columns and in the lines above the table."""

import re
from typing import Final

# Currencies we know by name; whether a price in one can be taken is a question of ``Currency`` and its rates.
_WORDS: Final = {
    "UAH": "грн гривня гривні гривень гривнях гривна гривны гривен гривнах uah hrn ₴ грн. гр",
    "USD": "usd $ дол долар долара долари доларів доларах доллар доллара доллары долларов долларах dollar dollars us$",
    "EUR": "eur € євро евро euro euros",
    "PLN": "pln zł zl злотий злоті злотих злотый злотых złoty złotych",
    "GBP": "gbp £ фунт фунтів pound pounds",
    "CZK": "czk kč крона крони",
    "RON": "ron",
    "CNY": "cny rmb ¥ юань юані юанів",
    "TRY": "try tl ₺",
    "JPY": "jpy",
    "CHF": "chf",
    "MDL": "mdl",
    "BYN": "byn",
    "KZT": "kzt",
}
_CURRENCY_OF: Final = {word: code for code, words in _WORDS.items() for word in words.split()}
_TOKEN: Final = re.compile(r"[^\W\d_]+|[₴$€£¥₺]")
# «Ціни вказані в гривнях», "Preise in EUR", "Prices in USD"; a rate («1 EUR = 50 грн») says nothing of the prices.
_TITLE: Final = re.compile(r"(?:цін|цен|price|preis|cen[ay]|валют|currency|währung|walut)", re.IGNORECASE)
_RATE: Final = re.compile(r"курс|rate|kurs|=", re.IGNORECASE)


def currency_of(word: str) -> str:
    """ISO code of a word or sign; "" when it is none."""
    return _CURRENCY_OF.get(word.casefold().rstrip("."), "")


def head_currency(head: str) -> str:
    """``Ціна, грн`` → UAH; "" when a head names none or several."""
    found = {currency for token in _TOKEN.findall(head) if (currency := currency_of(token))}
    return found.pop() if len(found) == 1 else ""


def title_currency(titles: list[str]) -> str:
    """What the lines above the table say all prices are in; "" when they do not, or do not agree."""
    found = set()
    for title in titles:
        for sentence in re.split(r"[.;\n]|\s{2,}", title):
            if _TITLE.search(sentence) and not _RATE.search(sentence) and (currency := head_currency(sentence)):
                found.add(currency)
    return found.pop() if len(found) == 1 else ""
