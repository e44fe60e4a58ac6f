"""The contract with TurboSMS, spoken over real HTTP."""

import socket

import httpx
import pytest

from shop.messaging.errors import GatewayUnavailable, MessageRejected, NotYet, OutcomeUnknown
from shop.messaging.gateways.turbosms import TurboSmsGateway

PHONE = "+380671234567"
KEY = "5f0c0000000000000000000000000001"


@pytest.fixture
def gateway(turbosms):
    gateway = TurboSmsGateway()
    yield gateway
    gateway.close()


@pytest.fixture
def answering(monkeypatch, settings):
    """A gateway whose every call is answered by this; the requests are kept."""
    made = []

    def answer(result):
        def handler(request):
            made.append(request)
            if isinstance(result, Exception):
                raise result
            return result

        gateway = TurboSmsGateway()
        gateway._client = httpx.Client(
            base_url="https://api.turbosms.ua/",
            transport=httpx.MockTransport(handler),
            headers={"Authorization": f"Bearer {settings.TURBOSMS_TOKEN}"},
        )
        return gateway

    answer.made = made
    return answer


def test_an_sms_reaches_the_phone(gateway, turbosms):
    message_id = gateway.send(PHONE, "Замовлення 1 прийнято.", key=KEY)
    (sent,) = turbosms.sent
    assert (sent["message_id"], sent["phone"], sent["sender"]) == (message_id, PHONE, "Msg")
    assert sent["text"] == "Замовлення 1 прийнято."


def test_the_request_is_what_the_provider_describes(answering):
    row = {"phone": "380671234567", "message_id": "f83f", "response_code": 0, "response_status": "OK"}
    answer = {"response_code": 800, "response_status": "SUCCESS_MESSAGE_ACCEPTED", "response_result": [row]}
    assert answering(httpx.Response(200, json=answer)).send(PHONE, "Код 808080", key=KEY) == "f83f"
    (request,) = answering.made
    assert (request.method, str(request.url)) == ("POST", "https://api.turbosms.ua/message/send.json")
    assert request.headers["Authorization"] == "Bearer test-token"
    assert httpx.Response(200, content=request.content).json() == {
        "recipients": ["380671234567"],
        "sequence_id": KEY,
        "sms": {"sender": "Msg", "text": "Код 808080"},
    }


def test_a_repeat_gives_the_earlier_result_and_sends_nothing(gateway, turbosms):
    first = gateway.send(PHONE, "Замовлення 1 прийнято.", key=KEY)
    assert gateway.send(PHONE, "Замовлення 1 прийнято.", key=KEY) == first
    assert len(turbosms.sent) == 1


def test_a_repeat_is_known_after_the_provider_restarted(gateway, turbosms):
    first = gateway.send(PHONE, "Замовлення 1 прийнято.", key=KEY)
    turbosms._results, turbosms._sent = None, {}
    assert gateway.send(PHONE, "Замовлення 1 прийнято.", key=KEY) == first
    assert len(turbosms.sent) == 1


@pytest.mark.parametrize("code", [0, 800, 801, 802, 803])
def test_all_five_codes_of_success_are_success(answering, code):
    row = {"phone": "380671234567", "message_id": "f83f", "response_code": 0, "response_status": "OK"}
    answer = {"response_code": code, "response_status": "…", "response_result": [row]}
    assert answering(httpx.Response(200, json=answer)).send(PHONE, "…", key=KEY) == "f83f"


def test_success_above_and_a_refusal_in_the_row_is_a_refusal(answering):
    row = {"phone": "380671234567", "message_id": None, "response_code": 305, "response_status": "INVALID_PHONE"}
    answer = {"response_code": 802, "response_status": "SUCCESS_MESSAGE_PARTIAL_ACCEPTED", "response_result": [row]}
    with pytest.raises(MessageRejected, match="305 INVALID_PHONE"):
        answering(httpx.Response(200, json=answer)).send(PHONE, "…", key=KEY)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        *((code, GatewayUnavailable) for code in (103, 105, 106, 301)),  # token, blocked account
        *((code, GatewayUnavailable) for code in (203, 400, 401)),  # no money, sender name not paid for
        *((code, GatewayUnavailable) for code in (500, 501, 503, 504)),
        (427, NotYet),  # an equal text to this phone: not for another gateway either
        *((code, OutcomeUnknown) for code in (505, 506, 999)),  # it may have gone and was not written down there
        *((code, MessageRejected) for code in (305, 404, 406, 412, 413)),
        (507, OutcomeUnknown),  # known, but without the earlier result
    ],
)
@pytest.mark.parametrize("place", ["above", "in the row"])
def test_each_code_has_its_outcome(answering, code, outcome, place):
    result = None
    if place == "in the row":
        result = [{"phone": "380671234567", "message_id": None, "response_code": code, "response_status": "WHY"}]
    answer = {"response_code": 802 if result else code, "response_status": "WHY", "response_result": result}
    with pytest.raises(outcome, match=f"^{code} WHY$"):
        answering(httpx.Response(200, json=answer)).send(PHONE, "…", key=KEY)


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (httpx.Response(429, text="<html>"), GatewayUnavailable),
        (httpx.Response(503, text="<html>"), GatewayUnavailable),
        (httpx.Response(500, text="<html>"), OutcomeUnknown),
        (httpx.Response(502, text="<html>"), OutcomeUnknown),
        (httpx.Response(504, text="<html>"), OutcomeUnknown),
        (httpx.Response(200, text="<html>"), OutcomeUnknown),
        (httpx.Response(200, text="[]"), OutcomeUnknown),
        (httpx.Response(200, text='"OK"'), OutcomeUnknown),
        (httpx.Response(200, json={"response_code": "later"}), OutcomeUnknown),
        (httpx.Response(200, json={"response_code": 800, "response_result": None}), OutcomeUnknown),
        (httpx.Response(200, json={"response_code": 800, "response_result": []}), OutcomeUnknown),
        (
            httpx.Response(200, json={"response_code": 0, "response_result": [{"response_code": 0, "message_id": ""}]}),
            OutcomeUnknown,
        ),
        (httpx.Response(302, headers={"Location": "https://elsewhere.example/"}), OutcomeUnknown),
        (httpx.ConnectError("refused"), GatewayUnavailable),
        (httpx.ConnectTimeout("slow"), GatewayUnavailable),
        (httpx.ReadTimeout("slow"), OutcomeUnknown),
        (httpx.WriteTimeout("slow"), OutcomeUnknown),
        (httpx.ReadError("reset"), OutcomeUnknown),
        (httpx.RemoteProtocolError("hung up"), OutcomeUnknown),
    ],
    ids=str,
)
def test_silence_and_nonsense_are_unknown_unless_surely_not_taken(answering, response, outcome):
    with pytest.raises(outcome):
        answering(response).send(PHONE, "…", key=KEY)


def test_nobody_there_is_noticed_before_a_message_is_begun(settings):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        settings.TURBOSMS_URL = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(GatewayUnavailable, match="ConnectError"):
        TurboSmsGateway().open()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("bad-token", GatewayUnavailable),
        ("no-money", GatewayUnavailable),
        ("busy", GatewayUnavailable),
        ("too-many", GatewayUnavailable),
        ("stop-list", MessageRejected),
        ("gateway-timeout", OutcomeUnknown),
        ("garbage", OutcomeUnknown),
    ],
)
def test_the_fake_fails_as_the_real_one_does(gateway, turbosms, answer, outcome):
    httpx.post(f"{gateway_url(gateway)}/control.json", json={"answer": answer, "times": 1})
    with pytest.raises(outcome):
        gateway.send(PHONE, "Замовлення 1 прийнято.", key=KEY)
    assert len(turbosms.sent) == (1 if outcome is OutcomeUnknown else 0)


def gateway_url(gateway):
    gateway.open()
    return str(gateway._client.base_url).rstrip("/")


def test_a_slow_answer_after_the_sending_is_unknown(gateway, turbosms, monkeypatch):
    gateway.open()
    gateway._client.timeout = httpx.Timeout(0.2)
    turbosms.slow_seconds = 0.5
    turbosms.set_answer("slow", times=1)
    with pytest.raises(OutcomeUnknown, match="ReadTimeout"):
        gateway.send(PHONE, "Замовлення 1 прийнято.", key=KEY)
    assert len(turbosms.sent) == 1


def test_the_fake_tells_balance_status_and_a_missing_token(gateway, turbosms):
    message_id = gateway.send(PHONE, "Замовлення 1 прийнято.", key=KEY)
    client = gateway._client
    assert client.post("/user/balance.json", json={}).json()["response_result"] == {"balance": 999.15}
    rows = client.post("/message/status.json", json={"messages": [message_id, "strange"]}).json()["response_result"]
    assert [(row["response_code"], row.get("status")) for row in rows] == [(0, "Delivered"), (414, None)]
    bare = httpx.post(f"{gateway_url(gateway)}/message/send.json", json={})
    assert (bare.status_code, bare.json()["response_code"]) == (200, 103)


def test_the_fake_refuses_an_equal_text_within_90_seconds(gateway, turbosms):
    gateway.send(PHONE, "Замовлення 1 прийнято.", key=KEY)
    with pytest.raises(GatewayUnavailable, match="427"):
        gateway.send(PHONE, "Замовлення 1 прийнято.", key=KEY.replace("1", "2"))
    assert len(turbosms.sent) == 1
