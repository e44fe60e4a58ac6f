"""Who may do what: the one table of staff roles. It is applied after every migration; a right is given here only.

The owner is a superuser and needs no role. Warehouse staff do not see what we pay suppliers; content staff see no
personal data: neither orders nor customers nor messages.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_noop


class Role(StrEnum):
    MANAGER = "manager"
    CONTENT = "content"
    WAREHOUSE = "warehouse"


# Rights that are not about adding, changing or looking at rows: (app, model, right, words).
OWN_RIGHTS: list[tuple[str, str, str, str]] = [
    ("orders", "order", "confirm_order", gettext_noop("підтверджувати замовлення")),
    ("orders", "order", "ship_order", gettext_noop("відправляти замовлення")),
    ("orders", "order", "complete_order", gettext_noop("завершувати замовлення")),
    ("orders", "order", "cancel_order", gettext_noop("скасовувати замовлення")),
    ("orders", "order", "note_order", gettext_noop("писати нотатки до замовлень")),
    ("orders", "order", "edit_order", gettext_noop("змінювати оформлені замовлення")),
    ("orders", "order", "take_order", gettext_noop("брати замовлення під свою відповідальність")),
    ("orders", "order", "check_fit_order", gettext_noop("позначати сумісність перевіреною")),
    ("orders", "order", "ship_unpaid_order", gettext_noop("відправляти без оплати чи перевірки, вказавши причину")),
    ("orders", "order", "view_contacts", gettext_noop("бачити телефон і пошту покупця повністю")),
    ("orders", "order", "view_vin", gettext_noop("бачити VIN повністю")),
    ("orders", "order", "open_customer_page", gettext_noop("відкривати сторінку замовлення покупця")),
    ("orders", "payment", "handle_payment", gettext_noop("записувати оплати й розбирати незвичні")),
    ("orders", "payment", "refund_payment", gettext_noop("повертати кошти")),
    ("messaging", "message", "repeat_message", gettext_noop("надсилати повідомлення ще раз")),
    ("messaging", "suppression", "lift_suppression", gettext_noop("знову надсилати на закриті адреси")),
    ("offers", "offer", "view_purchase_price", gettext_noop("бачити закупівельні ціни")),
    ("offers", "offer", "export_price_list", gettext_noop("вивантажувати прайс-лист для покупців")),
    ("offers", "pricelist", "load_price_list", gettext_noop("завантажувати прайс-листи й виправляти їхні колонки")),
    ("offers", "pricelist", "release_price_list", gettext_noop("вмикати, відкидати й повертати версії прайс-листів")),
]

_LOOK = ["view"]
_EDIT = ["view", "add", "change"]
_ALL = ["view", "add", "change", "delete"]


def _rights(app: str, verbs: Iterable[str], *models: str) -> list[str]:
    return [f"{app}.{verb}_{model}" for model in models for verb in verbs]


_SEE_CATALOGUE = [
    *_rights("catalog", _LOOK, "brand", "brandalias", "category", "attribute", "attributechoice", "part", "oenumber"),
    *_rights("catalog", _LOOK, "barcode", "crossreference", "fitment", "catalogsource"),
    *_rights("catalog", _LOOK, "fitcheck", "companion", "repairjob", "repairjobline"),
    *_rights("vehicles", _LOOK, "vehiclemake", "vehiclemodel", "generation", "modification"),
]
_EDIT_CATALOGUE = [
    *_rights("catalog", _EDIT, "brand", "category", "attribute", "attributechoice", "part", "catalogsource"),
    *_rights("catalog", _ALL, "brandalias", "oenumber", "barcode", "crossreference", "fitment", "fitcheck"),
    *_rights("catalog", _EDIT, "companion", "repairjob", "repairjobline"),
    *_rights("vehicles", _EDIT, "vehiclemake", "vehiclemodel", "generation", "modification"),
]
_ANSWER_PRICE_LISTS = _rights("offers", ["view", "change"], "unknownbrand", "unplacedpart")
_TAKE_FILES = [
    *_rights("catalog", _EDIT, "catalogfile"),
    *_rights("catalog", ["view", "change"], "cartext"),
]
_SEE_DELIVERY = _rights("delivery", _LOOK, "settlement", "carrier", "pickuppoint")
_COUNT_STOCK = [*_rights("offers", _EDIT, "stockitem"), *_rights("offers", _LOOK, "stockmovement")]

RIGHTS: dict[Role, list[str]] = {
    Role.MANAGER: [
        *_rights("orders", ["view", "add"], "order"),
        *_rights("orders", ["view", "change"], "enquiry"),
        *(f"{app}.{right}" for app, _model, right, _words in OWN_RIGHTS),
        *_rights("orders", _LOOK, "payment", "refund", "fiscalreceipt"),
        *_rights("orders", _ALL, "paymentrule"),
        *_rights("messaging", _LOOK, "message", "webhookevent", "suppression"),
        *_rights("accounts", _LOOK, "customer"),
        *_rights("catalog", _EDIT, "customergroup"),
        *_rights("catalog", _ALL, "fitcheck"),
        *_TAKE_FILES,
        *_ANSWER_PRICE_LISTS,
        *_rights("privacy", _LOOK, "legaldocument", "consent", "disclosure"),
        *_rights("offers", _EDIT, "supplier", "warehouse"),
        *_rights("offers", ["view", "change"], "offer"),
        *_rights("offers", _EDIT, "pricelist"),
        *_rights("offers", _LOOK, "pricelistversion"),
        *_rights("offers", _ALL, "markup", "pricerounding", "exchangerate", "pricelistsource"),
        *_COUNT_STOCK,
        *_SEE_CATALOGUE,
        *_SEE_DELIVERY,
        *_rights("delivery", _EDIT, "pickuppoint"),
        *_rights("delivery", _ALL, "deliverytariff", "carrierlimit"),
    ],
    Role.CONTENT: [
        *_EDIT_CATALOGUE,
        *_TAKE_FILES,
        *_ANSWER_PRICE_LISTS,
        *_rights("privacy", _EDIT, "legaldocument"),
        *_SEE_DELIVERY,
    ],
    Role.WAREHOUSE: [
        *_rights("orders", _LOOK, "order"),
        "orders.ship_order",
        "orders.note_order",
        "orders.take_order",
        *_rights("offers", _LOOK, "warehouse", "offer"),
        *_COUNT_STOCK,
        *_SEE_CATALOGUE,
        *_SEE_DELIVERY,
    ],
}


def grant_rights(**_signal: Any) -> None:
    """Make the roles and give each exactly the rights of the table; harmless the second time.

    Hears ``post_migrate``: permissions exist only after migrations, and a test that empties the database gets its
    roles back the same way.
    """
    # Other apps' permissions are made by the same signal, maybe after this receiver.
    for config in installed.get_app_configs():
        if config.models_module:
            create_permissions(config, verbosity=0)
    for app, model, right, words in OWN_RIGHTS:
        content_type = ContentType.objects.get_for_model(installed.get_model(app, model))
        Permission.objects.update_or_create(content_type=content_type, codename=right, defaults={"name": words})
    known = {
        f"{app}.{right}": pk
        for pk, app, right in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    for role, rights in RIGHTS.items():
        group, _made = Group.objects.get_or_create(name=role.value)
        group.permissions.set({known[right] for right in rights})
