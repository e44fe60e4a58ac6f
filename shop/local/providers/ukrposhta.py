"""Ukrposhta as a WSGI app: classifier, eCom, labels and tracking as far as the shop uses them. See ``carrying``."""

import uuid
from datetime import datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from shop.local.providers.carrying import Answer, CarrierServer, DemoPoint

_KYIV = ZoneInfo("Europe/Kyiv")
_CREATED = "10000"
_WORDS = {
    "10100": "Прийняття",
    "21500": "Надходження до відділення",
    "31100": "Невдала спроба вручення",
    "41000": "Вручено",
    "41010": "Повернено відправнику",
}
_PDF = b"%PDF-1.4\n%%EOF\n"
_OK, _NOT_FOUND = HTTPStatus.OK, HTTPStatus.NOT_FOUND


class UkrposhtaServer(CarrierServer):
    def __init__(self, *, slow_seconds: float = 20) -> None:
        super().__init__("ukrposhta", slow_seconds=slow_seconds)

    def refuse(self, answer: Answer) -> tuple[HTTPStatus, Any]:
        if answer is Answer.BAD_KEY:
            return HTTPStatus.UNAUTHORIZED, {"error": "unauthorized", "error_description": "…"}
        if answer is Answer.EMPTY:
            return _OK, {}
        return HTTPStatus.BAD_REQUEST, {"message": "Phone number 0671234567 is not valid"}

    def do(self, method: str, path: str, body: Any, query: dict[str, str]) -> tuple[HTTPStatus, Any]:
        kind, _, rest = path.partition("/")
        if kind == "address-classifier-ws":
            return _OK, {"Entries": _as_sent(self._classified(rest, query))}
        if kind == "forms":
            ref = rest.split("/")[3]
            # A page of the cabinet comes in place of a label that is not there.
            return (_OK, _PDF) if self._by_ref(ref) else (_NOT_FOUND, {"message": "Shipment not found"})
        if kind == "status-tracking":
            return _OK, self._tracked(body)
        return self._ecom(method, rest.removeprefix("0.0.1/"), body)

    def _classified(self, call: str, query: dict[str, str]) -> list[dict[str, str]]:
        if call.startswith("get_city"):
            towns = {point.town_slug: point for point in self.points if point.town == query.get("city_ua")}
            return [_city(point) for point in towns.values()]
        return [_office(point) for point in self.points if point.ref("city") == query.get("city_id")]

    def _ecom(self, method: str, path: str, body: Any) -> tuple[HTTPStatus, Any]:
        if path == "addresses":
            return _OK, {"id": 1001, "postcode": body["postcode"]}
        if path == "clients":
            return _OK, {"uuid": str(uuid.uuid4())}
        if path == "domestic/delivery-price":
            return _OK, {"deliveryPrice": _price(body["weight"])}
        if path == "shipments" and method == "POST":
            return _OK, self._create(body)
        if path == "shipments":
            return _OK, [_shown(each) for each in self.waybills.values()]
        found = self._by_ref(path.removeprefix("shipments/"))
        if found is None:
            return _NOT_FOUND, {"message": "Shipment not found"}
        if found["code"] != _CREATED:
            return HTTPStatus.BAD_REQUEST, {"message": "Shipment is registered and cannot be deleted"}
        del self.waybills[found["barcode"]]
        return HTTPStatus.NO_CONTENT, b""

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        barcode = f"{500113894965 + len(self.waybills):013}"
        self.waybills[barcode] = {
            "uuid": str(uuid.uuid4()),
            "barcode": barcode,
            "externalId": body.get("externalId"),
            "description": body.get("description"),
            "deliveryPrice": _price(body["parcels"][0]["weight"]),
            "postPay": body.get("postPay"),
            "code": _CREATED,
        }
        return _shown(self.waybills[barcode])

    def _tracked(self, barcodes: list[str]) -> dict[str, Any]:
        now = datetime.now(_KYIV).strftime("%Y-%m-%dT%H:%M:%S")
        known = [self.waybills[each] for each in barcodes if each in self.waybills]
        return {
            "found": {
                each["barcode"]: [
                    {"barcode": each["barcode"], "step": 1, "date": now, "event": "10100", "eventName": "Прийняття"},
                    {
                        "barcode": each["barcode"],
                        "step": 2,
                        "date": now,
                        "event": each["code"],
                        "eventName": _WORDS.get(each["code"], ""),
                    },
                ]
                for each in known
                if each["code"] != _CREATED
            },
            "notFound": [each for each in barcodes if self.waybills.get(each, {}).get("code", _CREATED) == _CREATED],
        }

    def _by_ref(self, ref: str) -> dict[str, Any] | None:
        return next((each for each in self.waybills.values() if each["uuid"] == ref), None)


def _as_sent(entries: list[dict[str, str]]) -> dict[str, Any]:
    """One entry goes as an object, none as nothing."""
    if not entries:
        return {}
    return {"Entry": entries[0] if len(entries) == 1 else entries}


def _city(point: DemoPoint) -> dict[str, str]:
    region = point.oblast.removesuffix(" область")
    return {
        "CITY_ID": point.ref("city"),
        "CITY_UA": point.town,
        "SHORTCITYTYPE_UA": "м.",
        "REGION_UA": region,
        "DISTRICT_UA": region,
    }


def _office(point: DemoPoint) -> dict[str, str]:
    return {
        "POSTCODE": point.code,
        "PO_SHORT": point.name,
        "ADDRESS": point.address,
        "CITY_UA": point.town,
        "LOCK_CODE": "0",
        "LONGITUDE": point.lon,
        "LATTITUDE": point.lat,
    }


def _price(grams: int) -> int:
    return 50 if grams <= 2000 else 75 if grams <= 10_000 else 115


def _shown(waybill: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in waybill.items() if name != "code"}


app = UkrposhtaServer()
