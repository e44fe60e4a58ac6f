"""The sidebar in the trade's words; a person sees what they may open."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """A list in the sidebar; ``model`` is ``app_model`` as admin addresses spell it."""

    title: Any
    icon: str
    model: str

    @property
    def right(self) -> str:
        app, model = self.model.split("_")
        return f"{app}.view_{model}"


GROUPS: list[tuple[Any, list[Entry]]] = [
    (
        _("Замовлення"),
        [
            Entry(_("Замовлення"), "receipt_long", "orders_order"),
            Entry(_("Запити"), "contact_support", "orders_enquiry"),
        ],
    ),
    (
        _("Гроші"),
        [
            Entry(_("Платежі"), "payments", "orders_payment"),
            Entry(_("Повернення коштів"), "undo", "orders_refund"),
            Entry(_("Фіскальні чеки"), "receipt", "orders_fiscalreceipt"),
            Entry(_("Сповіщення платіжних систем"), "webhook", "messaging_webhookevent"),
            Entry(_("Правила оплати"), "rule", "orders_paymentrule"),
        ],
    ),
    (
        _("Каталог"),
        [
            Entry(_("Деталі"), "settings", "catalog_part"),
            Entry(_("Категорії"), "account_tree", "catalog_category"),
            Entry(_("Властивості"), "tune", "catalog_attribute"),
            Entry(_("Бренди"), "sell", "catalog_brand"),
            Entry(_("Перевірки придатності"), "fact_check", "catalog_fitcheck"),
            Entry(_("Ремонти"), "build", "catalog_repairjob"),
            Entry(_("Супутні категорії"), "add_shopping_cart", "catalog_companion"),
            Entry(_("Джерела даних"), "source", "catalog_catalogsource"),
            Entry(_("Файли придатності й номерів"), "upload_file", "catalog_catalogfile"),
            Entry(_("Невпізнані авто"), "no_crash", "catalog_cartext"),
        ],
    ),
    (
        _("Автомобілі"),
        [
            Entry(_("Марки"), "directions_car", "vehicles_vehiclemake"),
            Entry(_("Моделі"), "garage", "vehicles_vehiclemodel"),
            Entry(_("Покоління"), "history", "vehicles_generation"),
            Entry(_("Модифікації"), "speed", "vehicles_modification"),
        ],
    ),
    (
        _("Пропозиції та склад"),
        [
            Entry(_("Залишки"), "inventory_2", "offers_stockitem"),
            Entry(_("Рух залишків"), "swap_vert", "offers_stockmovement"),
            Entry(_("Пропозиції"), "local_offer", "offers_offer"),
            Entry(_("Прайс-листи"), "list_alt", "offers_pricelist"),
            Entry(_("Версії прайсів"), "published_with_changes", "offers_pricelistversion"),
            Entry(_("Джерела прайсів"), "sync", "offers_pricelistsource"),
            Entry(_("Невідомі бренди"), "help", "offers_unknownbrand"),
            Entry(_("Деталі без категорії"), "category", "offers_unplacedpart"),
            Entry(_("Постачальники"), "handshake", "offers_supplier"),
            Entry(_("Склади"), "warehouse", "offers_warehouse"),
            Entry(_("Націнки"), "percent", "offers_markup"),
            Entry(_("Округлення цін"), "price_check", "offers_pricerounding"),
            Entry(_("Курси валют"), "currency_exchange", "offers_exchangerate"),
        ],
    ),
    (
        _("Доставка"),
        [
            Entry(_("Пункти видачі"), "pin_drop", "delivery_pickuppoint"),
            Entry(_("Населені пункти"), "location_city", "delivery_settlement"),
            Entry(_("Перевізники"), "local_shipping", "delivery_carrier"),
            Entry(_("Тарифи доставки"), "payments", "delivery_deliverytariff"),
            Entry(_("Обмеження доставки"), "scale", "delivery_carrierlimit"),
        ],
    ),
    (
        _("Повідомлення"),
        [
            Entry(_("Листи та SMS"), "mail", "messaging_message"),
            Entry(_("Закриті адреси"), "unsubscribe", "messaging_suppression"),
        ],
    ),
    (
        _("Приватність"),
        [
            Entry(_("Правові документи"), "gavel", "privacy_legaldocument"),
            Entry(_("Згоди"), "task_alt", "privacy_consent"),
            Entry(_("Передачі даних"), "outbox", "privacy_disclosure"),
        ],
    ),
    (
        _("Люди"),
        [
            Entry(_("Люди"), "group", "accounts_customer"),
            Entry(_("Групи покупців"), "loyalty", "catalog_customergroup"),
        ],
    ),
]


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's navigation for this person."""
    first = {"title": _("Робочий стіл"), "icon": "checklist", "link": reverse("admin:index")}
    groups: list[dict[str, Any]] = [{"items": [first]}]
    for title, entries in GROUPS:
        items = [
            {"title": entry.title, "icon": entry.icon, "link": reverse(f"admin:{entry.model}_changelist")}
            for entry in entries
            if request.user.has_perm(entry.right)
        ]
        if items:
            groups.append({"title": title, "separator": True, "items": items})
    return groups
