"""Signatures and links against examples that were made elsewhere."""

import base64
import json
from decimal import Decimal

import pytest

from orders.payments import liqpay, monobank, wayforpay
from orders.payments.invoice import payment_link, picture, short_name
from orders.payments.provider import Notice, NoticeRefused, State
from shop.lib.seller import DEMO_SELLER

_DATA_A = (
    "eyJwdWJsaWNfa2V5IjoiaTAwMDAwMDAwIiwidmVyc2lvbiI6NywiYWN0aW9uIjoicGF5IiwiYW1vdW50IjoiMyIsImN1cnJlbmN5IjoiVUFIIi"
    "wiZGVzY3JpcHRpb24iOiJ0ZXN0Iiwib3JkZXJfaWQiOiIwMDAwMDEifQ=="
)
_DATA_C = (
    "eyJhY3Rpb24iOiJwYXkiLCJwYXltZW50X2lkIjoyNTAwMDAwMDAxLCJzdGF0dXMiOiJzdWNjZXNzIiwidmVyc2lvbiI6NywidHlwZSI6ImJ1eSIsI"
    "nBheXR5cGUiOiJjYXJkIiwicHVibGljX2tleSI6InNhbmRib3hfaTAwMDAwMDAwMDAwIiwib3JkZXJfaWQiOiIxMDAwNDItMSIsImFtb3VudCI6MT"
    "Q5OS41LCJjdXJyZW5jeSI6IlVBSCJ9"
)
_KEY = "sandbox_privatekey0000"
_SHA3_C, _SHA1_C = "N2Cu0zmzGfz05QlvOrj0fynrbvA6htAXz5mA4ppT6Bs=", "5bZj+c9WLHQI1RvZ446xg6JJBx0="


def test_liqpay_s_documented_example_is_signed_the_same():
    key = "a4825234f4bae72a0be04eafe9e8e2bada209255"
    assert liqpay.sign(_DATA_A, key, 7) == "0adgJ8F2Ds5HCVkcz4AlmdLMRoIJf7IxsL3QmeFRz/s="


@pytest.mark.parametrize(
    ("version", "signature"),
    [(7, "FoDXDM8IXT2gVK50nvd7qMtuQm76EwXaRVAw51kKLbE="), (3, "jSP9c71ibHG/+U2fPYC4CIgz+K4=")],
)
def test_liqpay_s_form_is_signed_by_its_version(version, signature):
    data = liqpay.encode(
        {
            "action": "pay",
            "amount": 1499.5,
            "currency": "UAH",
            "description": "Замовлення 100042",
            "language": "uk",
            "order_id": "100042-1",
            "public_key": "sandbox_i00000000000",
            "result_url": "https://shop.example/order/100042",
            "server_url": "https://shop.example/pay/liqpay/callback",
            "version": version,
        }
    )
    assert liqpay.sign(data, _KEY, version) == signature


def test_liqpay_s_notice_is_believed_by_the_hash_of_the_account_s_version():
    assert liqpay.is_signed(_DATA_C, _SHA3_C, _KEY, 7)
    assert liqpay.is_signed(_DATA_C, _SHA3_C, _KEY, 3)
    assert liqpay.is_signed(_DATA_C, _SHA1_C, _KEY, 3)
    assert not liqpay.is_signed(_DATA_C, _SHA1_C, _KEY, 7)
    assert not liqpay.is_signed(_DATA_C, _SHA3_C[:-2] + "A=", _KEY, 7)
    assert not liqpay.is_signed(_DATA_C, "", _KEY, 7)


def test_liqpay_s_sums_are_exact():
    message = liqpay.decode(base64.b64encode(b'{"amount":0.1}').decode())
    assert message["amount"] == Decimal("0.1")


@pytest.mark.parametrize(("public_key", "state"), [("sandbox_i1", State.PAID), ("i1", State.PENDING)])
def test_a_payment_of_liqpay_s_sandbox_is_money_only_for_a_sandbox(settings, public_key, state):
    settings.LIQPAY_PUBLIC_KEY = public_key
    message = {"status": "sandbox", "public_key": public_key, "order_id": "1-1", "amount": 1.0, "currency": "UAH"}
    data = liqpay.encode(message)
    body = f"data={data}&signature={liqpay.sign(data, _KEY, 7)}".replace("+", "%2B").encode()
    assert liqpay.LiqPay().read(Notice(body)).status is state


_MONO_KEY = (
    "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KTUZrd0V3WUhLb1pJemowQ0FRWUlLb1pJemowREFRY0RRZ0FFN2duek1FdkhRbm1HUGIwbUNKRn"
    "J0VDFLY1hXMQp4MU9kSWlvV295aUxiMGVqRE9xTDVwL1laWCsydlhwY0xpMHhjODU2UHNiVGxodnkyRDdCTGp3WmNnPT0KLS0tLS1FTkQgUFVC"
    "TElDIEtFWS0tLS0tCg=="
)
_MONO_BODY = (
    b'{"invoiceId":"p2_9ZgpZVsl3","status":"success","amount":149950,"ccy":980,"finalAmount":149950,'
    b'"createdDate":"2026-11-22T15:00:00Z","modifiedDate":"2026-11-22T15:01:30Z","reference":"100042-1"}'
)
_MONO_SIGN = "MEUCIGEtaoHFWVWdEcFI4mZN3JfocyFABZ1pa/1sZihg2M+2AiEAszy28MZUZRg+SKt5PzbZIQpd8TfN4rOGvtkczjeJdPY="


def test_monobank_s_signature_is_over_the_bytes():
    assert monobank.is_signed(Notice(_MONO_BODY, _MONO_SIGN), _MONO_KEY)
    assert not monobank.is_signed(Notice(_MONO_BODY.replace(b"149950", b"149951"), _MONO_SIGN), _MONO_KEY)
    assert not monobank.is_signed(Notice(_MONO_BODY + b" ", _MONO_SIGN), _MONO_KEY)
    for rubbish in ("", "not base64!", "AAAA"):
        assert not monobank.is_signed(Notice(_MONO_BODY, rubbish), _MONO_KEY)
    assert not monobank.is_signed(Notice(_MONO_BODY, _MONO_SIGN), "")


def test_monobank_s_fake_has_the_key_of_the_example(monobank):
    assert monobank.public_key() == _MONO_KEY


def test_monobank_s_key_is_fetched_again_once_when_it_has_changed(monobank, db):
    provider = monobank_provider()
    state = provider.read(Notice(_MONO_BODY, _MONO_SIGN))
    assert (state.reference, state.amount, state.status) == ("100042-1", Decimal("1499.50"), State.PAID)
    assert monobank.calls == ["pubkey"]
    provider.read(Notice(_MONO_BODY, _MONO_SIGN))
    assert monobank.calls == ["pubkey"]
    with pytest.raises(NoticeRefused, match="wrong-signature"):
        provider.read(Notice(_MONO_BODY + b" ", _MONO_SIGN))
    assert len(monobank.calls) <= 2


def test_monobank_s_rotated_key_is_believed(monobank, db):
    from django.core.cache import cache

    provider = monobank_provider()
    provider.read(Notice(_MONO_BODY, _MONO_SIGN))
    monobank.rotate_key()
    cache.delete("monobank-public-key-asked")  # a minute later
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    signature = base64.b64encode(monobank.key.sign(_MONO_BODY, ec.ECDSA(hashes.SHA256()))).decode()
    assert provider.read(Notice(_MONO_BODY, signature)).reference == "100042-1"


def monobank_provider():
    return monobank.Monobank()


_SECRET = "flk3409refn54t54t*FNJRET"


@pytest.mark.parametrize(
    ("fields", "signature"),
    [
        (
            "test_merch_n1;shop.example;100042-1;1415379863;1499.50;UAH;Фільтр масляний W712/95;Колодки гальмівні;2;1;"
            "249.75;1000",
            "65668f47da1ae65590e9f23164ab3e5c",
        ),
        ("test_merch_n1;100042-1;1499.50;UAH;541963;41****8217;Approved;1100", "58f961866a7fc1bd70ba5d6f6e655d0c"),
        ("100042-1;accept;1415379900", "2fe8645c179c3786a9d618d4a57cf281"),
        ("test_merch_n1;100042-1;1499.50;UAH", "78c08fd6e7efe3e3d584358ae690cd46"),
        ("test_merch_n1;100042-1", "f8593c76459b09e0be5c498af9091ef5"),
    ],
)
def test_wayforpay_signs_its_fields_in_their_order(fields, signature):
    assert wayforpay.sign(fields.split(";"), _SECRET) == signature


def test_wayforpay_s_notice_is_answered_with_a_signature(settings):
    assert wayforpay.accept("100042-1", 1415379900) == {
        "orderReference": "100042-1",
        "status": "accept",
        "time": 1415379900,
        "signature": "2fe8645c179c3786a9d618d4a57cf281",
    }


def test_wayforpay_s_sum_is_signed_as_it_was_written():
    body = {
        "merchantAccount": "test_merch_n1",
        "orderReference": "100042-1",
        "merchantSignature": "58f961866a7fc1bd70ba5d6f6e655d0c",
        "currency": "UAH",
        "authCode": "541963",
        "cardPan": "41****8217",
        "transactionStatus": "Approved",
        "reasonCode": 1100,
        "createdDate": 1415379863,
    }
    as_written = json.dumps(body)[:-1] + ', "amount": 1499.50}'
    state = wayforpay.WayForPay().read(Notice(as_written.encode()))
    assert (state.amount, state.status, state.reference) == (Decimal("1499.50"), State.PAID, "100042-1")
    with pytest.raises(NoticeRefused, match="wrong-signature"):
        wayforpay.WayForPay().read(Notice(as_written.replace("1499.50", "1499.5").encode()))


_QR = (
    "https://bank.gov.ua/qr/QkNECjAwMgoxClVDVAoK0KTQntCfINCa0L7QstCw0LvQtdC90LrQviDQntC70LXQvdCwINCG0LLQsNC90ZbQstC90L"
    "AKVUEyMjMwNTI5OTAwMDAwMjYwMDEyMzQ1Njc4OTAKVUFIMTQ5OS41MAoxMjM0NTY3ODk5CgoK0J7Qv9C70LDRgtCwINC30LAg0LfQsNC80L7Qst"
    "C70LXQvdC90Y8gMTAwMDQyLCDQsdC10Lcg0J_QlNCSCg"
)


def test_the_bank_s_link_is_format_002():
    assert payment_link(DEMO_SELLER, Decimal("1499.50"), "Оплата за замовлення 100042, без ПДВ") == _QR


def test_only_the_purpose_is_shortened():
    link = payment_link(DEMO_SELLER, Decimal("1499.50"), "Оплата за замовлення " * 20)
    data = link.removeprefix("https://bank.gov.ua/qr/")
    fields = base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)).decode().split("\n")
    assert len(fields) == 13
    assert fields[5:9] == [DEMO_SELLER.legal_name, DEMO_SELLER.iban, "UAH1499.50", DEMO_SELLER.tax_number]
    assert len("\n".join(fields).encode()) <= 331
    assert fields[11].startswith("Оплата за замовлення")


def test_an_entrepreneur_s_name_is_written_as_banks_do():
    assert short_name("Фізична особа-підприємець Коваленко Олена Іванівна") == "ФОП Коваленко Олена Іванівна"
    assert short_name("ТОВ «Деталі»") == "ТОВ «Деталі»"


def test_the_picture_is_a_plain_svg_with_the_hryvnia_in_its_middle():
    svg = picture(_QR)
    assert svg.startswith("<svg")
    assert "<circle" in svg
    assert not any(word in svg for word in ("style=", "<script", "href"))
