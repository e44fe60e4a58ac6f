"""Nova Poshta as a WSGI app: its API 2.0 as far as the shop uses it, and the labels of its cabinet.

``POST control.json`` with ``{"answer": "busy", "times": 3}`` makes the next calls fail in a way that the real one does
(see ``Answer``); with ``{"number": "2045…", "code": "7"}`` a parcel travels on. Waybills are lost with the process.
"""

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from shop.local.providers.carrying import DemoPoint, demo_points

_KYIV = ZoneInfo("Europe/Kyiv")
_WORDS = {
    "1": "Відправник самостійно створив цю накладну, але ще не надав до відправки",
    "5": "Відправлення прямує до міста одержувача",
    "7": "Прибув у відділення",
    "9": "Відправлення отримано",
    "103": "Відмова одержувача",
}
_TAKEN_CODE = "20000200153"


class Answer(StrEnum):
    """What the next call is answered with."""

    ACCEPT = "accept"
    BAD_KEY = "bad-key"
    BUSY = "busy"
    TOO_MANY = "too-many"  # HTTP 429
    REFUSED_AS_OBJECT = "refused-as-object"  # errorCodes keyed by index
    EMPTY = "empty"  # success without data
    BAD_GATEWAY = "bad-gateway"  # HTTP 502 with a page of HTML
    SLOW = "slow"  # does what it was asked, and answers ``slow_seconds`` later


class NovaPoshtaServer:
    """One account. Threads may call it at once."""

    def __init__(self, *, slow_seconds: float = 20) -> None:
        self.slow_seconds = slow_seconds
        self._lock = threading.Lock()
        self._answer = Answer.ACCEPT
        self._times: int | None = None
        self.points = list(demo_points("nova-poshta"))
        self.waybills: dict[str, dict[str, Any]] = {}

    def set_answer(self, answer: str, times: int | None = None) -> None:
        """Answer so ``times`` times (None: until told otherwise), then accept again. Raises ValueError."""
        with self._lock:
            self._answer, self._times = Answer(answer), times

    def move(self, number: str, code: str) -> None:
        """Let a parcel travel. Raises KeyError for a number that is not known."""
        with self._lock:
            self.waybills[number]["StatusCode"] = code

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if path == "/control.json":
            return self._control(json.loads(body), start_response)
        answer = self._take_answer()
        if answer is Answer.BAD_GATEWAY:
            return _page(start_response, HTTPStatus.BAD_GATEWAY)
        if answer is Answer.TOO_MANY:
            return _page(start_response, HTTPStatus.TOO_MANY_REQUESTS)
        if path.startswith("/orders/printMarking100x100/"):
            return self._label(path, start_response)
        try:
            asked = json.loads(body)
        except ValueError:
            return _reply(start_response, _failed(["20000000000"]))
        refusals: dict[Answer, list[str] | dict[str, str]] = {
            Answer.BAD_KEY: ["20000200068"],
            Answer.BUSY: ["20000401501"],
            Answer.REFUSED_AS_OBJECT: {"1": "20000200103"},
        }
        refusal = refusals.get(answer)
        if refusal or not asked.get("apiKey"):
            return _reply(start_response, _failed(refusal or ["20000200069"]))
        if answer is Answer.EMPTY:
            return _reply(start_response, _envelope([]))
        with self._lock:
            result = self._do(
                f"{asked.get('modelName')}.{asked.get('calledMethod')}", asked.get("methodProperties", {})
            )
        if answer is Answer.SLOW:
            time.sleep(self.slow_seconds)
        return _reply(start_response, result)

    def _control(self, data: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if "number" in data:
            self.move(data["number"], data["code"])
        else:
            self.set_answer(data["answer"], data.get("times"))
        return _reply(start_response, {})

    def _take_answer(self) -> Answer:
        with self._lock:
            answer = self._answer
            if self._times is not None:
                self._times -= 1
                if self._times <= 0:
                    self._answer, self._times = Answer.ACCEPT, None
            return answer

    def _do(self, call: str, asked: dict[str, Any]) -> dict[str, Any]:
        match call:
            case "Address.getWarehouses":
                limit = int(asked.get("Limit", 500))
                start = (int(asked.get("Page", 1)) - 1) * limit
                rows = [_warehouse(number, point) for number, point in enumerate(self.points, 1)]
                return _envelope(rows[start : start + limit])
            case "InternetDocument.getDocumentPrice":
                weight = float(asked["Weight"])
                cost = 80 if weight <= 2 else 120 if weight <= 10 else 180  # its weight bands
                cost += 40 if asked["ServiceType"] == "WarehouseDoors" else 0
                return _envelope([{"AssessedCost": asked["Cost"], "Cost": str(cost)}])
            case "Counterparty.save":
                contact = _envelope([{"Ref": str(uuid.uuid4())}]) | {"warnings": ["Contact person already exists"]}
                return _envelope([{"Ref": str(uuid.uuid4()), "ContactPerson": contact}])
            case "InternetDocument.save":
                if not (asked.get("RecipientAddress") or asked.get("RecipientAddressName")):
                    return _failed(["20000200103"])
                return _envelope([self._create(asked)])
            case "InternetDocument.getDocumentList":
                found = [each for each in self.waybills.values() if each["StatusCode"] != "2"]
                return _envelope(found if str(asked.get("Page", 1)) == "1" else [])
            case "InternetDocument.delete":
                return self._delete(asked["DocumentRefs"])
            case "TrackingDocument.getStatusDocuments":
                return _envelope([self._status(each["DocumentNumber"]) for each in asked["Documents"][:100]])
        return _failed(["20000100016"])

    def _create(self, asked: dict[str, Any]) -> dict[str, Any]:
        number = f"{20450000000000 + len(self.waybills) + 1}"
        self.waybills[number] = {
            "Ref": str(uuid.uuid4()),
            "IntDocNumber": number,
            "CostOnSite": "80",
            "EstimatedDeliveryDate": (datetime.now(_KYIV) + timedelta(days=2)).strftime("%d.%m.%Y"),
            "TypeDocument": "InternetDocument",
            "InfoRegClientBarcodes": asked.get("InfoRegClientBarcodes", ""),
            "StatusCode": "1",
            "ServiceType": asked["ServiceType"],
        }
        return self.waybills[number]

    def _delete(self, ref: str) -> dict[str, Any]:
        number = next((number for number, each in self.waybills.items() if each["Ref"] == ref), None)
        if number is None:
            return _failed(["20000200205"])
        if self.waybills[number]["StatusCode"] != "1":
            return _failed([_TAKEN_CODE])
        self.waybills[number]["StatusCode"] = "2"
        return _envelope([{"Ref": ref}])

    def _status(self, number: str) -> dict[str, Any]:
        waybill = self.waybills.get(number)
        if waybill is None:
            return {"Number": number, "StatusCode": "3", "Status": "Номер не знайдено"}
        code, now = waybill["StatusCode"], datetime.now(_KYIV)
        arrived = code in ("7", "8")
        return {
            "Number": number,
            "StatusCode": code,
            "Status": _WORDS.get(code, ""),
            "ScheduledDeliveryDate": (now + timedelta(days=2)).strftime("%d-%m-%Y %H:%M:%S"),
            "TrackingUpdateDate": now.strftime("%Y-%m-%d %H:%M:%S"),
            "DateFirstDayStorage": (now + timedelta(days=7)).strftime("%Y-%m-%d") if arrived else "",
            "LastCreatedOnTheBasisNumber": "",
        }

    def _label(self, path: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
        ref = path.split("/")[4]
        if not any(ref == each["Ref"] for each in self.waybills.values()):
            return _page(start_response, HTTPStatus.OK)  # a page of its cabinet in place of a label
        start_response("200 OK", [("Content-Type", "application/pdf")])
        return [b"%PDF-1.4\n%%EOF\n"]


def _warehouse(number: int, point: DemoPoint) -> dict[str, Any]:
    is_locker = point.kind == "locker"
    return {
        "Ref": point.code,
        "Number": str(number),
        "Description": f"{point.name}: {point.address}",
        "ShortAddress": f"{point.town}, {point.address}",
        "CategoryOfWarehouse": "Postomat" if is_locker else "Branch",
        "CityRef": point.ref("city"),
        "SettlementRef": point.ref("settlement"),
        "SettlementDescription": point.town,
        "SettlementAreaDescription": point.oblast.removesuffix(" область"),
        "SettlementRegionsDescription": "",
        "Latitude": point.lat,
        "Longitude": point.lon,
        "TotalMaxWeightAllowed": "0",
        "PlaceMaxWeightAllowed": point.max_weight_kg or "0",
        "WarehouseStatus": "Working",
        "DenyToSelect": "0",
    }


def _envelope(data: list[Any]) -> dict[str, Any]:
    lists: dict[str, Any] = {
        name: [] for name in ("errors", "warnings", "messageCodes", "errorCodes", "warningCodes", "infoCodes")
    }
    return {"success": True, "data": data, "info": {"totalCount": len(data)}, **lists}


def _failed(codes: list[str] | dict[str, str]) -> dict[str, Any]:
    return _envelope([]) | {"success": False, "info": [], "errors": ["…"], "errorCodes": codes}


def _reply(start_response: Callable[..., Any], answer: dict[str, Any]) -> Iterable[bytes]:
    body = json.dumps(answer, ensure_ascii=False).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _page(start_response: Callable[..., Any], status: HTTPStatus) -> Iterable[bytes]:
    body = f"<html><body><h1>{status.value} {status.phrase}</h1></body></html>".encode()
    start_response(f"{status.value} {status.phrase}", [("Content-Type", "text/html")])
    return [body]


app = NovaPoshtaServer()
