"""Nova Poshta: directory, price, waybills, labels and tracking by its API 2.0."""

import time
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from shop.delivery.carriers.calling import fetch_pdf
from shop.delivery.carriers.nova_poshta_envelope import ask, unwrap
from shop.delivery.carriers.protocol import FoundPoint, OutcomeUnknown, ParcelNews, Waybill, WaybillRequest
from shop.delivery.carriers.reading import moment, number, today
from shop.delivery.models import PickupPoint
from shop.delivery.states import ParcelState

_PAGE = 500
_MOST_PAGES = 200
_NUMBERS_A_CALL = 100
_DESCRIPTION_LENGTH = 36
# An empty page was seen where there are rows: it is asked for once more.
_SECONDS_AFTER_EMPTY = 2.0
STATES = {
    "1": ParcelState.LABELLED,
    "2": ParcelState.CANCELLED,
    "7": ParcelState.READY,
    "8": ParcelState.READY,
    "14": ParcelState.READY,
    "101": ParcelState.OUT_FOR_DELIVERY,
    "107": ParcelState.READY,
    **dict.fromkeys(("4", "41", "5", "6", "12", "104"), ParcelState.IN_TRANSIT),
    **dict.fromkeys(("9", "10", "11", "106"), ParcelState.DELIVERED),
    **dict.fromkeys(("102", "103", "105", "108"), ParcelState.RETURNING),
    **dict.fromkeys(("111", "112"), ParcelState.PROBLEM),
}


class NovaPoshta:
    @property
    def is_on(self) -> bool:
        return bool(settings.NOVA_POSHTA_KEY)

    def directory(self) -> Iterator[FoundPoint]:
        for page in range(1, _MOST_PAGES + 1):
            rows = ask("Address", "getWarehouses", Page=str(page), Limit=str(_PAGE))
            if not rows:
                time.sleep(_SECONDS_AFTER_EMPTY)
                rows = ask("Address", "getWarehouses", Page=str(page), Limit=str(_PAGE))
            yield from (_point(row) for row in filter(_is_object, rows) if row.get("Ref"))
            if len(rows) < _PAGE:
                return
        raise OutcomeUnknown("a directory without an end")

    def price(
        self, *, city_ref: str, weight_kg: Decimal, value: Decimal, point_ref: str = "", is_to_door: bool = False
    ) -> Decimal:
        rows = ask(
            "InternetDocument",
            "getDocumentPrice",
            CitySender=settings.NOVA_POSHTA_CITY,
            CityRecipient=city_ref,
            Weight=str(weight_kg),
            ServiceType="WarehouseDoors" if is_to_door else "WarehouseWarehouse",
            Cost=str(value),
            CargoType="Parcel",
            SeatsAmount="1",
        )
        price = number(_first(rows).get("Cost"))
        if price is None:
            raise OutcomeUnknown("no price")
        return price

    def create_waybill(self, asked: WaybillRequest) -> Waybill:
        receiver = _door(asked) if asked.is_to_door else _receiver(asked)
        return _waybill(_first(ask("InternetDocument", "save", **_document(asked, receiver))))

    def find_waybill(self, our_number: str, *, since: date) -> Waybill | None:
        for page in range(1, _MOST_PAGES + 1):
            rows = ask(
                "InternetDocument",
                "getDocumentList",
                DateTimeFrom=since.strftime("%d.%m.%Y"),
                DateTimeTo=today().strftime("%d.%m.%Y"),
                GetFullList="0",
                Page=str(page),
            )
            for row in filter(_is_object, rows):
                if our_number in (row.get("InfoRegClientBarcodes"), row.get("ClientBarcode")):
                    return _waybill(row)
            if not rows:
                return None
        raise OutcomeUnknown("a list without an end")

    def delete_waybill(self, ref: str) -> None:
        ask("InternetDocument", "delete", DocumentRefs=ref)

    def label(self, ref: str) -> bytes:
        address = f"{settings.NOVA_POSHTA_LABEL_URL}/orders/printMarking100x100/orders[]/{ref}/type/pdf/apiKey/"
        return fetch_pdf("nova-poshta", f"{address}{settings.NOVA_POSHTA_KEY}")

    def track(self, numbers: Sequence[str]) -> list[ParcelNews]:
        news = []
        for start in range(0, len(numbers), _NUMBERS_A_CALL):
            documents = [{"DocumentNumber": each, "Phone": ""} for each in numbers[start : start + _NUMBERS_A_CALL]]
            rows = ask("TrackingDocument", "getStatusDocuments", Documents=documents)
            news += [_news(row) for row in filter(_is_object, rows)]
        return news


def _receiver(asked: WaybillRequest) -> dict[str, Any]:
    """Who receives at a branch or locker: a counterparty of theirs, with its contact as an envelope in the envelope."""
    receiver = _first(
        ask(
            "Counterparty",
            "save",
            CounterpartyType="PrivatePerson",
            CounterpartyProperty="Recipient",
            FirstName=asked.given_name,
            MiddleName=asked.patronymic,
            LastName=asked.surname,
            Phone=asked.phone.removeprefix("+"),
        )
    )
    contact = _first(unwrap(receiver.get("ContactPerson")))
    return {
        "ServiceType": "WarehousePostomat" if asked.is_locker else "WarehouseWarehouse",
        "CityRecipient": asked.city_ref,
        "Recipient": receiver.get("Ref", ""),
        "RecipientAddress": asked.point_ref,
        "ContactRecipient": contact.get("Ref", ""),
    }


def _door(asked: WaybillRequest) -> dict[str, Any]:
    """An address in words: it is found, and the receiver made, by them."""
    return {
        "ServiceType": "WarehouseDoors",
        "NewAddress": "1",
        "RecipientCityName": asked.settlement_uk,
        "RecipientArea": asked.oblast_uk.partition(",")[0].removesuffix("область").strip(),
        "RecipientAreaRegions": "",
        "RecipientAddressName": asked.street,
        "RecipientHouse": asked.house,
        "RecipientFlat": asked.flat,
        "RecipientName": " ".join(filter(None, (asked.surname, asked.given_name, asked.patronymic))),
        "RecipientType": "PrivatePerson",
    }


def _document(asked: WaybillRequest, receiver: dict[str, Any]) -> dict[str, Any]:
    width, length, height = asked.size_cm
    volume = str(width * length * height / 1_000_000)
    document: dict[str, Any] = {
        "PayerType": "Recipient",
        "PaymentMethod": "Cash",
        "DateTime": today().strftime("%d.%m.%Y"),
        "CargoType": "Parcel",
        "VolumeGeneral": volume,
        "Weight": str(asked.weight_kg),
        "SeatsAmount": "1",
        "Description": asked.description[:_DESCRIPTION_LENGTH],
        "Cost": str(asked.declared_value),
        "CitySender": settings.NOVA_POSHTA_CITY,
        "Sender": settings.NOVA_POSHTA_SENDER,
        "SenderAddress": settings.NOVA_POSHTA_BRANCH,
        "ContactSender": settings.NOVA_POSHTA_CONTACT,
        "SendersPhone": settings.NOVA_POSHTA_PHONE,
        "RecipientsPhone": asked.phone.removeprefix("+"),
        "OptionsSeat": [
            {
                "volumetricVolume": volume,
                "volumetricWidth": str(width),
                "volumetricLength": str(length),
                "volumetricHeight": str(height),
                "weight": str(asked.weight_kg),
            }
        ],
        "InfoRegClientBarcodes": asked.our_number,
        **receiver,
    }
    if asked.cash_on_delivery:
        document["BackwardDeliveryData"] = [
            {"PayerType": "Recipient", "CargoType": "Money", "RedeliveryString": str(asked.cash_on_delivery)}
        ]
    return document


def _point(row: dict[str, Any]) -> FoundPoint:
    is_locker, town = row.get("CategoryOfWarehouse") == "Postomat", str(row.get("SettlementDescription") or "")
    return FoundPoint(
        ref=str(row["Ref"]),
        number=str(row.get("Number", "")),
        kind=PickupPoint.Kind.LOCKER if is_locker else PickupPoint.Kind.BRANCH,
        # «Відділення №1 (до 30 кг): вул. Київська, 7» and «Бровари, вул. Київська, 7»: each is said once.
        name_uk=str(row.get("Description") or "").partition(":")[0],
        address_uk=str(row.get("ShortAddress") or "").removeprefix(f"{town}, "),
        city_ref=str(row.get("CityRef", "")),
        settlement_ref=str(row.get("SettlementRef", "")),
        settlement_uk=town,
        max_weight_kg=number(row.get("PlaceMaxWeightAllowed")) or number(row.get("TotalMaxWeightAllowed")) or None,
        is_open=row.get("WarehouseStatus") == "Working" and str(row.get("DenyToSelect", "0")) != "1",
        oblast_uk=str(row.get("SettlementAreaDescription") or ""),
        district_uk=str(row.get("SettlementRegionsDescription") or ""),
        lat=number(row.get("Latitude")),
        lon=number(row.get("Longitude")),
    )


def _waybill(row: dict[str, Any]) -> Waybill:
    barcode, ref = str(row.get("IntDocNumber") or ""), str(row.get("Ref") or "")
    if not barcode or not ref:
        raise OutcomeUnknown("a waybill without a number")
    expected = moment(row.get("EstimatedDeliveryDate"), "%d.%m.%Y")
    return Waybill(barcode, ref, number(row.get("CostOnSite")), expected.date() if expected else None)


def _news(row: dict[str, Any]) -> ParcelNews:
    code = str(row.get("StatusCode") or "")
    expected = moment(row.get("ScheduledDeliveryDate"), "%d-%m-%Y %H:%M:%S")
    storage = moment(row.get("DateFirstDayStorage"), "%Y-%m-%d")
    return ParcelNews(
        number=str(row.get("Number") or ""),
        code=code[:20],
        text=str(row.get("Status") or "")[:200],
        state=STATES.get(code),
        happened_at=moment(row.get("TrackingUpdateDate"), "%Y-%m-%d %H:%M:%S"),
        expected_on=expected.date() if expected else None,
        paid_storage_from=storage.date() if storage else None,
        return_number=str(row.get("LastCreatedOnTheBasisNumber") or ""),
    )


def _is_object(row: Any) -> bool:
    return isinstance(row, dict)


def _first(rows: list[Any]) -> dict[str, Any]:
    if not rows or not isinstance(rows[0], dict):
        raise OutcomeUnknown("empty data")
    return rows[0]
