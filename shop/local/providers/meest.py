"""Meest as a WSGI app: its OpenAPI v3 as far as the shop uses it. See ``carrying``."""

import uuid
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from shop.local.providers.carrying import Answer, CarrierServer, DemoPoint

_KYIV = ZoneInfo("Europe/Kyiv")
_CREATED = ""
_WORDS = {
    "100": "Прийнято на відділенні",
    "300": "Відправлення в дорозі",
    "500": "Очікує отримувача у відділенні",
    "1622": "Вручено отримувачу",
    "900": "Повернення відправнику",
}
_PDF = b"%PDF-1.4\n%%EOF\n"
_OK = HTTPStatus.OK


class MeestServer(CarrierServer):
    def __init__(self, *, slow_seconds: float = 20) -> None:
        super().__init__("meest", slow_seconds=slow_seconds)

    def refuse(self, answer: Answer) -> tuple[HTTPStatus, Any]:
        if answer is Answer.BAD_KEY:
            return HTTPStatus.UNAUTHORIZED, _error("Невірний логін або пароль")
        if answer is Answer.EMPTY:
            return _OK, _result(None)
        return _OK, _error({"fieldName": "receiver.phone", "message": "Невірний телефон +380671234567"})

    def do(self, method: str, path: str, body: Any, query: dict[str, str]) -> tuple[HTTPStatus, Any]:
        call, *rest = path.removeprefix("v3.0/openAPI/").split("/")
        match method, call:
            case "POST", "auth":
                return _OK, _result({"token": str(uuid.uuid4()), "refresh_token": str(uuid.uuid4()), "expiresIn": 3600})
            case "POST", "branchSearch":
                return _OK, _result([_branch(number, point) for number, point in enumerate(self.points, 1)])
            case "POST", "calculate":
                weight = body["placesItems"][0]["weight"]
                return _OK, _result([{"costServices": str(_price(weight))}])
            case "POST", "parcel":
                return _OK, _result(self._create(body))
            case "GET", "parcelsList":
                return _OK, _result(self._created_on(rest[0]))
            case "DELETE", "parcel":
                return _OK, self._delete(rest[0])
            case "GET", "tracking":
                return _OK, self._tracked(rest[0])
            case "GET", "print":
                return _OK, _PDF if self._by_ref(rest[1]) else _error("Відправлення не знайдено")
        return HTTPStatus.NOT_FOUND, _error("no such call")

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        now, barcode = datetime.now(_KYIV), f"MP{10_000_000 + len(self.waybills)}UA"
        self.waybills[barcode] = {
            "parcelID": str(uuid.uuid4()),
            "barCode": barcode,
            "parcelNumber": body["parcelNumber"],
            "created_on": now.strftime("%d.%m.%Y"),
            "COD": body.get("COD"),
            "code": _CREATED,
        }
        return {
            "parcelID": self.waybills[barcode]["parcelID"],
            "barCode": barcode,
            "costServices": _price(body["weight"]),
            "estimatedDeliveryDate": (now + timedelta(days=2)).strftime("%d.%m.%Y"),
        }

    def _created_on(self, day: str) -> list[dict[str, Any]]:
        return [
            # The letter is theirs.
            {"parcelID": each["parcelID"], "parcelNumber": each["parcelNumber"], "вarCode": each["barCode"]}
            for each in self.waybills.values()
            if each["created_on"] == day
        ]

    def _delete(self, ref: str) -> dict[str, Any]:
        found = self._by_ref(ref)
        if found is None:
            return _error("Відправлення не знайдено")
        if found["code"] != _CREATED:
            return _error("Відправлення вже прийнято")
        del self.waybills[found["barCode"]]
        return _result({})

    def _tracked(self, number: str) -> dict[str, Any]:
        waybill = self.waybills.get(number)
        if waybill is None:
            return _error("Відправлення не знайдено")
        if waybill["code"] == _CREATED:
            return _result([])
        now = datetime.now(_KYIV)
        # The latest is not always the last.
        return _result([_event(waybill["code"], now), _event("100", now - timedelta(hours=2))])

    def _by_ref(self, ref: str) -> dict[str, Any] | None:
        return next((each for each in self.waybills.values() if each["parcelID"] == ref), None)


def _event(code: str, at: datetime) -> dict[str, Any]:
    return {
        "eventDateTime": at.strftime("%Y-%m-%d %H:%M:%S"),
        "eventCode": int(code),
        "eventDescr": {"descrUA": _WORDS.get(code, "Подія")},
    }


def _branch(number: int, point: DemoPoint) -> dict[str, Any]:
    return {
        "branchID": point.code,
        "branchNo": number,
        "branchType": "АПТ" if point.kind == "locker" else "ППВ",
        "isBranchClosed": False,
        "ShortName": point.name,
        "branchDescr": {"descrUA": point.name},
        "addressDescr": {"descrUA": point.address},
        "cityID": point.ref("city"),
        "cityDescr": {"descrUA": point.town},
        "regionDescr": {"descrUA": point.oblast.upper()},
        "districtDescr": {"descrUA": ""},
        "latitude": float(point.lat),
        "longitude": float(point.lon),
        "branchLimits": {"weightPlaceMax": float(point.max_weight_kg or 0), "sendingOnly": False},
    }


def _price(weight: float) -> int:
    return 60 if weight <= 2 else 95 if weight <= 10 else 150


def _result(result: Any) -> dict[str, Any]:
    return {"status": "OK", "info": {"fieldName": "", "message": "", "messageDetails": ""}, "result": result}


def _error(info: Any) -> dict[str, Any]:
    return {"status": "Error", "info": info, "result": None}


app = MeestServer()
