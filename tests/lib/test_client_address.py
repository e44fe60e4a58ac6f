import pytest

from shop.lib.client_address import client_address

CADDY = "172.31.251.2"


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (CADDY, "198.51.100.1", "198.51.100.1"),
        (CADDY, "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        (CADDY, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (CADDY, "::ffff:198.51.100.1", "198.51.100.1"),
        (CADDY, "<script>", CADDY),
        (CADDY, None, CADDY),
        ("", "198.51.100.1", ""),
    ],
)
def test_only_a_known_proxy_says_whom_it_speaks_for(rf, settings, peer, forwarded, address):
    settings.PROXIES = ["127.0.0.1", " 172.31.251.0/24"]
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert client_address(rf.get("/", REMOTE_ADDR=peer, headers=headers)) == address
