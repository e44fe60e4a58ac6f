"""Meest: branches, price, parcels, labels and tracking by its OpenAPI v3. A token is asked for with login and password.

The codes of events stand in no published text that we have read: they are read by their words, see docs/delivery.md.
"""

import json
import math
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings

from shop.delivery.carriers.calling import code_of, fetch, fetch_pdf, wrong_key
from shop.delivery.carriers.protocol import (
    CarrierRefused,
    CarrierUnavailable,
    FoundPoint,
    OutcomeUnknown,
    ParcelNews,
    Waybill,
    WaybillRequest,
)
from shop.delivery.carriers.reading import moment, number, text, today
from shop.delivery.models import PickupPoint
from shop.delivery.states import ParcelState

_CODE = "meest"
_LOCKER = "АПТ"
# Lists of parcels are kept by day; nobody looks for an answer that was lost longer ago.
_MOST_DAYS = 31
# The one code seen in use; the others are told by their words, the first that is found.
STATES = {"1622": ParcelState.DELIVERED}
WORDS = (
    ("поверн", ParcelState.RETURNING),
    ("скасован", ParcelState.CANCELLED),
    ("вручен", ParcelState.DELIVERED),
    ("доручен", ParcelState.DELIVERED),
    ("кур’єр", ParcelState.OUT_FOR_DELIVERY),
    ("кур'єр", ParcelState.OUT_FOR_DELIVERY),
    ("очікує", ParcelState.READY),
    ("готов", ParcelState.READY),
    ("дороз", ParcelState.IN_TRANSIT),
    ("відправлен", ParcelState.IN_TRANSIT),
    ("прибул", ParcelState.IN_TRANSIT),
    ("прийнят", ParcelState.IN_TRANSIT),
)


class Meest:
    @property
    def is_on(self) -> bool:
        return bool(settings.MEEST_LOGIN and settings.MEEST_PASSWORD)

    def directory(self) -> Iterator[FoundPoint]:
        """All branches come in one answer."""
        for row in self._rows("POST", "branchSearch", {"in": True, "out": True, "close": False}):
            if text(row.get("branchID")):
                yield _point(row)

    def price(
        self, *, city_ref: str, weight_kg: Decimal, value: Decimal, point_ref: str = "", is_to_door: bool = False
    ) -> Decimal:
        if is_to_door:
            raise CarrierRefused(["door"])
        places = [{"quantity": 1, "weight": float(weight_kg), "insurance": float(value)}]
        body = {
            "sendingDate": today().strftime("%d.%m.%Y"),
            "contractID": settings.MEEST_CONTRACT,
            "payType": "cash",
            "receiverPay": True,
            "sender": {"service": "Branch", "branchID": settings.MEEST_BRANCH, "cityID": settings.MEEST_CITY},
            "receiver": {"service": "Branch", "branchID": point_ref, "cityID": city_ref},
            "placesItems": places,
        }
        answer = self._ask("POST", "calculate", body)
        row = answer[0] if isinstance(answer, list) and answer else answer
        price = number(row.get("costServices")) if isinstance(row, dict) else None
        if price is None:
            raise OutcomeUnknown("no price")
        return price

    def create_waybill(self, asked: WaybillRequest) -> Waybill:
        if asked.is_to_door:
            raise CarrierRefused(["door"])
        if asked.cash_on_delivery and not settings.MEEST_AGENT:
            raise CarrierRefused(["MEEST_AGENT"])
        row = self._ask("POST", "parcel", _parcel(asked))
        if not isinstance(row, dict):
            raise OutcomeUnknown("not a parcel")
        return _waybill(row)

    def find_waybill(self, our_number: str, *, since: date) -> Waybill | None:
        day = max(since, today() - timedelta(days=_MOST_DAYS))
        while day <= today():
            for row in self._rows("GET", f"parcelsList/{day:%d.%m.%Y}"):
                if row.get("parcelNumber") == our_number:
                    return _waybill(row)
            day += timedelta(days=1)
        return None

    def delete_waybill(self, ref: str) -> None:
        contract = f"/{settings.MEEST_CONTRACT}" if settings.MEEST_CONTRACT else ""
        self._ask("DELETE", f"parcel/{ref}{contract}")

    def label(self, ref: str) -> bytes:
        return fetch_pdf(_CODE, _address(f"print/sticker100/{ref}"), headers={"token": self._token})

    def track(self, numbers: Sequence[str]) -> list[ParcelNews]:
        news = []
        for barcode in dict.fromkeys(numbers):
            try:
                events = self._rows("GET", f"tracking/{barcode}")
            except CarrierRefused:
                # Numbers are asked for one by one: one that is not known must not hide the others.
                continue
            if events:
                news.append(_news(barcode, max(events, key=lambda event: text(event.get("eventDateTime")))))
        return news

    @cached_property
    def _token(self) -> str:
        """Lives for the carrier's hour; a client is made anew for every task. Nothing has happened when it fails."""
        login = {"username": settings.MEEST_LOGIN, "password": settings.MEEST_PASSWORD}
        try:
            result = _unwrap(fetch(_CODE, "POST", _address("auth"), json=login))
        except CarrierRefused as error:
            raise wrong_key(_CODE, error.codes[0]) from None
        except OutcomeUnknown as error:
            raise CarrierUnavailable(str(error)) from None
        token = text(result.get("token")) if isinstance(result, dict) else ""
        if not token:
            raise CarrierUnavailable("no token")
        return token

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return _unwrap(fetch(_CODE, method, _address(path), json=body, headers={"token": self._token}))

    def _rows(self, method: str, path: str, body: Any = None) -> list[dict[str, Any]]:
        rows = self._ask(method, path, body)
        if not isinstance(rows, list):
            raise OutcomeUnknown("not a list")
        return [row for row in rows if isinstance(row, dict)]


def _address(path: str) -> str:
    return f"{settings.MEEST_URL}/v3.0/openAPI/{path}"


def _unwrap(response: Any) -> Any:
    """``result`` of an envelope; the reason of an error is an object, or a text."""
    try:
        answer = json.loads(response.text)
    except ValueError as error:
        raise OutcomeUnknown(f"HTTP {response.status_code}, not JSON") from error
    status = text(answer.get("status")).casefold() if isinstance(answer, dict) else ""
    if status == "ok" and response.is_success:
        return answer.get("result")
    if status != "error":
        raise OutcomeUnknown("not an envelope")
    info = answer.get("info")
    reason = f"{text(info.get('fieldName'))} {text(info.get('message'))}" if isinstance(info, dict) else text(info)
    raise CarrierRefused([code_of(reason) or "no code"])


def _parcel(asked: WaybillRequest) -> dict[str, Any]:
    width, length, height = asked.size_cm
    weight, volume = float(asked.weight_kg), float(width * length * height / 1_000_000)
    parcel: dict[str, Any] = {
        "parcelNumber": asked.our_number,
        "sendingDate": today().strftime("%d.%m.%Y"),
        "contractID": settings.MEEST_CONTRACT,
        "notation": asked.description,
        "payType": "cash",
        "receiverPay": True,
        "weight": weight,
        "sender": {
            "service": "Branch",
            "branchID": settings.MEEST_BRANCH,
            "cityID": settings.MEEST_CITY,
            "name": settings.MEEST_NAME,
            "phone": settings.MEEST_PHONE,
        },
        "receiver": {
            "service": "Branch",
            "branchID": asked.point_ref,
            "cityID": asked.city_ref,
            "name": " ".join(filter(None, (asked.surname, asked.given_name, asked.patronymic))),
            "phone": asked.phone,
        },
        "placesItems": [
            {
                "quantity": 1,
                "placeWeight": weight,
                "weight": weight,
                "placeVolume": volume,
                "volume": volume,
                "insurance": float(asked.declared_value),
                "length": math.ceil(length),
                "width": math.ceil(width),
                "height": math.ceil(height),
            }
        ],
    }
    if asked.cash_on_delivery:
        cash = float(asked.cash_on_delivery)
        parcel |= {"COD": cash, "codPaymentsItems": [{"agentId": settings.MEEST_AGENT, "cod": cash}]}
    return parcel


def _point(row: dict[str, Any]) -> FoundPoint:
    is_locker, no = text(row.get("branchType")) == _LOCKER, text(row.get("branchNo"))
    limits = row.get("branchLimits") if isinstance(row.get("branchLimits"), dict) else {}
    name = PickupPoint.Kind.LOCKER if is_locker else PickupPoint.Kind.BRANCH
    return FoundPoint(
        ref=text(row["branchID"]),
        number=no,
        kind=name,
        name_uk=text(row.get("ShortName")) or _in_ukrainian(row, "branchDescr") or f"№ {no}",
        address_uk=_in_ukrainian(row, "addressDescr") or text(row.get("address")),
        city_ref=text(row.get("cityID")),
        settlement_ref=text(row.get("cityID")),
        settlement_uk=_in_ukrainian(row, "cityDescr"),
        # Zero is no limit.
        max_weight_kg=number((limits or {}).get("weightPlaceMax")) or None,
        is_open=not (row.get("isBranchClosed") or row.get("InboundRestriction") or (limits or {}).get("sendingOnly")),
        oblast_uk=_in_ukrainian(row, "regionDescr"),
        district_uk=_in_ukrainian(row, "districtDescr"),
        lat=number(row.get("latitude")),
        lon=number(row.get("longitude")),
    )


def _in_ukrainian(row: dict[str, Any], name: str) -> str:
    words = row.get(name)
    return text(words.get("descrUA")) if isinstance(words, dict) else text(words)


def _waybill(row: dict[str, Any]) -> Waybill:
    # In lists the first letter of the name was seen to be Cyrillic.
    barcode, ref = text(row.get("barCode")) or text(row.get("вarCode")), text(row.get("parcelID"))
    if not barcode or not ref:
        raise OutcomeUnknown("a waybill without a number")
    expected = moment(row.get("estimatedDeliveryDate"), "%d.%m.%Y")
    return Waybill(barcode, ref, number(row.get("costServices")), expected.date() if expected else None)


def _news(barcode: str, event: dict[str, Any]) -> ParcelNews:
    code, words = text(event.get("eventCode")), _in_ukrainian(event, "eventDescr")
    by_words = (state for word, state in WORDS if word in words.casefold())
    return ParcelNews(
        number=barcode,
        code=code[:20],
        text=words[:200],
        state=STATES.get(code) or next(by_words, None),
        happened_at=moment(text(event.get("eventDateTime")).replace("T", " ")[:19], "%Y-%m-%d %H:%M:%S"),
    )
