"""One line a request, without the address."""

import pytest
import structlog
from structlog.testing import capture_logs


@pytest.mark.django_db
def test_a_line_names_the_route_and_not_the_path(client, monkeypatch):
    monkeypatch.setattr("shop.lib.middleware.log", structlog.get_logger("test"))
    with capture_logs() as lines:
        answer = client.get("/orders/1234567890/very-secret/?phone=0671234567")
    (line,) = [line for line in lines if line["event"] == "request"]
    assert line["route"] == "orders:order"
    assert line["method"] == "GET"
    assert line["status"] == answer.status_code == 404
    assert line["bytes"] == len(answer.content)
    assert "secret" not in str(line)
    assert "067" not in str(line)
