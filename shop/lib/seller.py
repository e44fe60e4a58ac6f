"""Who sells: the card that the law wants one click from every page, on invoices and in every order mail.

Law 675-VIII, article 7: full name, address, e-mail, tax number. ``settings.SELLER`` holds it; a server takes it from
its environment and does not start without.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language

_EDRPOU_DIGITS = 8


@dataclass(frozen=True)
class Seller:
    """A company or an entrepreneur; ``phones`` in E.164, ``iban`` without blanks, hours as people read them."""

    legal_name: str
    tax_number: str
    address: str
    email: str
    phones: tuple[str, ...]
    iban: str
    bank: str
    hours_uk: str
    hours_en: str

    def __post_init__(self) -> None:
        if not is_iban(self.iban):
            raise ValueError(f"not a Ukrainian IBAN: {self.iban}")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Seller":
        """Read ``SELLER_NAME``, ``SELLER_IBAN`` and so on. Raises KeyError for a missing one."""
        return cls(
            legal_name=environment["SELLER_NAME"],
            tax_number=environment["SELLER_TAX_NUMBER"],
            address=environment["SELLER_ADDRESS"],
            email=environment["SELLER_EMAIL"],
            phones=tuple(phone.strip() for phone in environment["SELLER_PHONES"].split(",")),
            iban="".join(environment["SELLER_IBAN"].split()),
            bank=environment["SELLER_BANK"],
            hours_uk=environment["SELLER_HOURS"],
            hours_en=environment.get("SELLER_HOURS_EN", environment["SELLER_HOURS"]),
        )

    @property
    def hours(self) -> str:
        return self.hours_en if (get_language() or "uk").startswith("en") else self.hours_uk

    @property
    def is_company(self) -> bool:
        """A company's code (ЄДРПОУ) has 8 digits, a person's (РНОКПП) 10."""
        return len(self.tax_number) == _EDRPOU_DIGITS

    @property
    def iban_printed(self) -> str:
        """In groups of four, as people compare it with a paper."""
        return " ".join(self.iban[place : place + 4] for place in range(0, len(self.iban), 4))

    @property
    def phone(self) -> str:
        return self.phones[0]

    @property
    def phones_printed(self) -> list[tuple[str, str]]:
        """``(+380441234567, 044 123 45 67)`` for links and for reading."""
        return [(phone, printed_phone(phone)) for phone in self.phones]


def seller() -> Seller:
    """Who sells here."""
    card: Seller = settings.SELLER
    return card


def is_iban(text: str) -> bool:
    """Whether ``text`` is a Ukrainian IBAN: 29 characters, remainder 1 by ISO 7064 mod 97."""
    if len(text) != 29 or not text.startswith("UA") or not text[2:].isdecimal() or not text.isascii():
        return False
    return int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97 == 1


def printed_phone(phone: str) -> str:
    """``+380671234567`` as ``067 123 45 67``; other countries' numbers stay as they are."""
    if not phone.startswith("+380") or len(phone) != 13:
        return phone
    local = phone[3:]
    return f"{local[:3]} {local[3:6]} {local[6:8]} {local[8:]}"


# Stands in for a real seller on machines that sell nothing. IBAN and tax number are well-formed examples.
DEMO_SELLER = Seller(
    legal_name="ФОП Коваленко Олена Іванівна",
    tax_number="1234567899",
    address="вул. Демонстраційна, 29, м. Київ, 01001",
    email="shop@shop.example",
    phones=("+380441234567", "+380671234567"),
    iban="UA223052990000026001234567890",
    bank="АТ КБ «Приклад-Банк»",
    hours_uk="Пн–Сб 9:00–19:00",
    hours_en="Mon–Sat 9:00–19:00",
)
