"""Ukrposhta: address classifier, price, shipments, labels and tracking; three addresses, three credentials.

The price and the codes of events are not in any published text that we have read: see docs/delivery.md.
"""

import json
import math
import time
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from shop.delivery.carriers.calling import code_of, fetch, fetch_pdf
from shop.delivery.carriers.protocol import (
    CarrierRefused,
    FoundPoint,
    OutcomeUnknown,
    ParcelNews,
    Waybill,
    WaybillRequest,
)
from shop.delivery.carriers.reading import moment, number, text
from shop.delivery.models import PickupPoint, Settlement
from shop.delivery.places import large_towns, oblast_key
from shop.delivery.states import ParcelState

_CODE = "ukrposhta"
_NUMBERS_A_CALL = 50
_DESCRIPTION_LENGTH = 255
# The classifier is asked twice a town.
_SECONDS_BETWEEN = 0.1
STATES = {
    "10100": ParcelState.IN_TRANSIT,
    "21500": ParcelState.READY,
    "21700": ParcelState.READY,
    "31300": ParcelState.IN_TRANSIT,
    "41010": ParcelState.RETURNED,
}
# For events of which only the group is known.
GROUPS = {
    "1": ParcelState.IN_TRANSIT,
    "2": ParcelState.IN_TRANSIT,
    "3": ParcelState.PROBLEM,
    "4": ParcelState.DELIVERED,
}


class Ukrposhta:
    @property
    def is_on(self) -> bool:
        return bool(settings.UKRPOSHTA_BEARER and settings.UKRPOSHTA_TOKEN)

    def directory(self) -> Iterator[FoundPoint]:
        """Offices of the towns in our own reference data; a village has one, and its post code is enough there."""
        for town in large_towns():
            for city in _entries("get_city_by_region_id_and_district_id_and_city_ua", city_ua=town.name_uk):
                if _is_same_town(city, town):
                    offices = _entries("get_postoffices_by_postcode_cityid_cityvpzid", city_id=text(city["CITY_ID"]))
                    yield from (_point(office, city) for office in offices if text(office.get("POSTCODE")))

    def price(
        self, *, city_ref: str, weight_kg: Decimal, value: Decimal, point_ref: str = "", is_to_door: bool = False
    ) -> Decimal:
        if is_to_door:
            raise CarrierRefused(["door"])
        answer = _ecom(
            "POST",
            "domestic/delivery-price",
            {
                "weight": _grams(weight_kg),
                "length": 30,
                "addressFrom": {"postcode": settings.UKRPOSHTA_POSTCODE},
                "addressTo": {"postcode": point_ref},
                "type": "STANDARD",
                "deliveryType": "W2W",
                "declaredPrice": float(value),
            },
        )
        price = number(answer.get("deliveryPrice"))
        if price is None:
            raise OutcomeUnknown("no price")
        return price

    def create_waybill(self, asked: WaybillRequest) -> Waybill:
        if asked.is_to_door:
            raise CarrierRefused(["door"])
        address = _ecom("POST", "addresses", {"postcode": asked.point_ref, "country": "UA"})
        receiver = _ecom(
            "POST",
            "clients",
            {
                "type": "INDIVIDUAL",
                "firstName": asked.given_name,
                "middleName": asked.patronymic,
                "lastName": asked.surname,
                "addressId": address.get("id"),
                "phoneNumber": _national(asked.phone),
            },
        )
        width, length, height = asked.size_cm
        shipment: dict[str, Any] = {
            "sender": {"uuid": settings.UKRPOSHTA_SENDER},
            "recipient": {"uuid": receiver.get("uuid")},
            "type": "STANDARD",
            "deliveryType": "W2W",
            "paidByRecipient": True,
            "externalId": asked.our_number,
            # Found again by this too, should the other not be kept.
            "description": f"{asked.description} № {asked.our_number}"[-_DESCRIPTION_LENGTH:],
            "parcels": [
                {
                    "name": asked.our_number,
                    "weight": _grams(asked.weight_kg),
                    "length": math.ceil(length),
                    "width": math.ceil(width),
                    "height": math.ceil(height),
                    "declaredPrice": float(asked.declared_value),
                }
            ],
        }
        if asked.cash_on_delivery:
            shipment |= {
                "postPay": float(asked.cash_on_delivery),
                "postPayPaidByRecipient": True,
                "transferPostPayToBankAccount": True,
            }
        return _waybill(_ecom("POST", "shipments", shipment))

    def find_waybill(self, our_number: str, *, since: date) -> Waybill | None:
        rows = _ecom("GET", "shipments", senderUuid=settings.UKRPOSHTA_SENDER)
        for row in _objects(rows):
            if row.get("externalId") == our_number or text(row.get("description")).endswith(f"№ {our_number}"):
                return _waybill(row)
        return None

    def delete_waybill(self, ref: str) -> None:
        _ecom("DELETE", f"shipments/{ref}")

    def label(self, ref: str) -> bytes:
        return fetch_pdf(
            _CODE,
            f"{settings.UKRPOSHTA_URL}/forms/ecom/0.0.1/shipments/{ref}/sticker",
            params={"token": settings.UKRPOSHTA_TOKEN},
            headers=_bearer(settings.UKRPOSHTA_BEARER),
        )

    def track(self, numbers: Sequence[str]) -> list[ParcelNews]:
        news = []
        distinct = list(dict.fromkeys(numbers))
        for start in range(0, len(distinct), _NUMBERS_A_CALL):
            answer = _ask(
                "POST",
                f"{settings.UKRPOSHTA_URL}/status-tracking/0.0.1/statuses/with-not-found",
                settings.UKRPOSHTA_TRACKING,
                json=distinct[start : start + _NUMBERS_A_CALL],
            )
            found = answer.get("found") if isinstance(answer, dict) else None
            if not isinstance(found, dict):
                raise OutcomeUnknown("not a list of events")
            news += [_news(barcode, known[-1]) for barcode, events in found.items() if (known := _objects(events))]
        return news


def _ecom(method: str, path: str, body: Any = None, **params: str) -> Any:
    answer = _ask(
        method,
        f"{settings.UKRPOSHTA_URL}/ecom/0.0.1/{path}",
        settings.UKRPOSHTA_BEARER,
        json=body,
        params=params | {"token": settings.UKRPOSHTA_TOKEN},
    )
    if method == "POST" and not isinstance(answer, dict):
        raise OutcomeUnknown("not an object")
    return answer


def _entries(method: str, **params: str) -> list[dict[str, Any]]:
    """One entry comes as an object instead of a list, none as nothing at all."""
    time.sleep(_SECONDS_BETWEEN)
    answer = _ask(
        "GET", f"{settings.UKRPOSHTA_URL}/address-classifier-ws/{method}", settings.UKRPOSHTA_BEARER, params=params
    )
    if not isinstance(answer, dict) or "Entries" not in answer:
        raise OutcomeUnknown("not entries")
    entries = answer["Entries"]
    entry = entries.get("Entry") if isinstance(entries, dict) else None
    return _objects([entry] if isinstance(entry, dict) else entry)


def _ask(method: str, address: str, bearer: str, **request: Any) -> Any:
    """The JSON of an answer. Raises CarrierUnavailable, CarrierRefused or OutcomeUnknown."""
    response = fetch(_CODE, method, address, headers=_bearer(bearer), **request)
    if method == "DELETE" and response.is_success:
        return None
    try:
        answer = json.loads(response.text)
    except ValueError as error:
        raise OutcomeUnknown(f"HTTP {response.status_code}, not JSON") from error
    if response.is_success:
        return answer
    fault = answer.get("fault") if isinstance(answer, dict) else None
    message = (
        fault.get("code") if isinstance(fault, dict) else answer.get("message") if isinstance(answer, dict) else ""
    )
    raise CarrierRefused([code_of(message) or f"HTTP {response.status_code}"])


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


def _is_same_town(city: dict[str, Any], town: Settlement) -> bool:
    is_named_so = text(city.get("CITY_UA")).casefold() == town.name_uk.casefold()
    is_there = oblast_key(text(city.get("REGION_UA"))) == oblast_key(town.oblast_uk)
    return is_named_so and is_there and bool(text(city.get("CITY_ID")))


def _point(office: dict[str, Any], city: dict[str, Any]) -> FoundPoint:
    postcode, city_id = text(office["POSTCODE"]), text(city["CITY_ID"])
    return FoundPoint(
        ref=postcode,
        number=postcode,
        kind=PickupPoint.Kind.BRANCH,
        name_uk=text(office.get("PO_SHORT")) or text(office.get("POSTOFFICE_UA")) or postcode,
        address_uk=text(office.get("ADDRESS")) or text(office.get("STREET_UA_VPZ")),
        city_ref=city_id,
        settlement_ref=city_id,
        settlement_uk=text(city.get("CITY_UA")),
        max_weight_kg=None,
        is_open=text(office.get("LOCK_CODE")) == "0",
        oblast_uk=text(city.get("REGION_UA")),
        district_uk=text(city.get("DISTRICT_UA")),
        # So they write it.
        lat=number(office.get("LATTITUDE")),
        lon=number(office.get("LONGITUDE")),
    )


def _waybill(row: dict[str, Any]) -> Waybill:
    barcode, ref = text(row.get("barcode")), text(row.get("uuid"))
    if not barcode or not ref:
        raise OutcomeUnknown("a waybill without a number")
    return Waybill(barcode, ref, number(row.get("deliveryPrice")))


def _news(barcode: str, event: dict[str, Any]) -> ParcelNews:
    code = text(event.get("event"))
    return ParcelNews(
        number=barcode,
        code=code[:20],
        text=text(event.get("eventName"))[:200],
        state=STATES.get(code) or GROUPS.get(code[:1] if len(code) == len("41000") else ""),
        happened_at=moment(event.get("date"), "%Y-%m-%dT%H:%M:%S"),
    )


def _objects(rows: Any) -> list[dict[str, Any]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _grams(weight_kg: Decimal) -> int:
    return math.ceil(weight_kg * 1000)


def _national(phone: str) -> str:
    return f"0{phone.removeprefix('+380')}"
