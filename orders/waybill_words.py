"""What a carrier's refusal means, in words for staff. Codes stand in the carriers' own dictionaries."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

# Of Nova Poshta's delete: there is no such waybill, which is what deleting is for.
GONE = frozenset({"20000200205", "20000200206"})
_TO_A_DOOR = frozenset({"door"})
_TOWN = frozenset({"20000200102", "20000200103", "20000200104"})
_SENDER = frozenset({"20000200105", "20000200106", "20000200107"})
_RECEIVER = frozenset({"20000300397", "20000300399", "20000300400", "20000300401", "20000100527"})
_VALUE = frozenset({"20000200118", "20000200119"})
_WEIGHT = frozenset({"20000201162"})
_CASH = frozenset({"20000201794", "MEEST_AGENT"})
_IN_REGISTRY = frozenset({"20000200153"})


def words_of(codes: Sequence[str]) -> str:
    """One sentence that says what to do, and the codes for the carrier's support."""
    known = frozenset(codes)
    return f"{_advice(known)} ({', '.join(codes)})"[:200]


def _advice(codes: frozenset[str]) -> str:
    if codes & _TO_A_DOOR:
        return _("Накладну до дверей цього перевізника створіть у його кабінеті й впишіть номер")
    if codes & _TOWN:
        return _("Перевізник не знає такого міста чи відділення: перевірте, куди їде посилка")
    if codes & _SENDER:
        return _("Перевізник не прийняв наших даних відправника: покажіть адміністраторові")
    if codes & _RECEIVER:
        return _("Перевізник не прийняв імені чи телефону отримувача: перевірте їх у замовленні")
    if codes & _VALUE:
        return _("Перевізник не прийняв оголошеної вартості")
    if codes & _WEIGHT:
        return _("Посилка заважка для цього відділення: оберіть інше або поділіть її")
    if codes & _CASH:
        return _("Перевізник не приймає за нас оплату: потрібен договір або передоплата")
    if codes & _IN_REGISTRY:
        return _("Посилка вже в реєстрі або в перевізника")
    return _("Перевізник відмовив")
