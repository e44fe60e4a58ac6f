import pytest

from tests.deploy.conftest import SERVER, run_on_server


def test_deployment_check_has_no_warnings():
    checked = run_on_server("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


@pytest.mark.parametrize("name", sorted(set(SERVER) - {"DJANGO_SETTINGS_MODULE"}))
def test_nothing_starts_without_a_name_and_the_error_tells_which(name):
    started = run_on_server("-c", "import shop.settings.prod", without=[name])
    assert started.returncode == 1
    assert started.stderr.rstrip().endswith(f"KeyError: '{name}'")


def test_what_makes_a_laptop_a_shop_refuses_to_be_imported():
    imported = run_on_server("-c", "import shop.local")
    assert imported.returncode == 1
    assert "must not be imported under production settings" in imported.stderr


def ask(image, path):
    """Status and headers of a page under production settings, over HTTPS."""
    script = f"""
import django; django.setup()
from django.test import Client
answer = Client().get({path!r}, secure=True, headers={{"host": "shop.example"}})
print(answer.status_code)
for name, value in answer.headers.items(): print(f"{{name}}: {{value}}")
for cookie in answer.cookies.values(): print(cookie.OutputString())
"""
    asked = run_on_server("-c", script, cwd=image)
    assert asked.returncode == 0, asked.stderr
    return asked.stdout


def test_local_mailbox_has_no_address(image):
    assert ask(image, "/local/mailbox/").startswith("404\n")


def test_pages_say_what_browsers_must_guard(image):
    page = ask(image, "/no-such-page/")
    assert "Strict-Transport-Security: max-age=31536000; includeSubDomains; preload" in page
    assert "X-Content-Type-Options: nosniff" in page
    assert "X-Frame-Options: DENY" in page
    assert "Referrer-Policy: same-origin" in page
    assert "object-src 'none'" in page
    assert "base-uri 'none'" in page
    assert "unsafe-" not in page


def test_only_the_admin_gets_the_looser_policy(image):
    assert "'unsafe-eval'" in ask(image, "/admin/login/")


def test_cookies_belong_to_this_host_and_travel_encrypted(image):
    page = ask(image, "/admin/login/?next=/admin/")
    cookie = next(line for line in page.splitlines() if line.startswith("__Host-csrf="))
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    names = run_on_server(
        "-c",
        "from shop.settings import prod;"
        "print(prod.SESSION_COOKIE_NAME, prod.SESSION_COOKIE_SECURE, prod.SESSION_COOKIE_HTTPONLY,"
        " prod.SESSION_COOKIE_SAMESITE, prod.LANGUAGE_COOKIE_NAME, prod.LANGUAGE_COOKIE_SECURE)",
    )
    assert names.stdout.split() == ["__Host-session", "True", "True", "Lax", "__Host-language", "True"]


def test_mail_goes_to_the_server_of_the_address():
    printed = run_on_server("-c", "from shop.settings import prod; print(prod.MAILERS['default']['OPTIONS'])")
    assert printed.stdout.strip() == (
        "{'host': 'mail.example', 'port': 465, 'username': 'orders@shop.example', 'password': 'p/w', "
        "'use_ssl': True, 'use_tls': False, 'timeout': 10}"
    )


def test_mail_goes_through_a_provider_named_by_the_address():
    printed = run_on_server(
        "-c",
        "import django; django.setup(); from django.core.mail import mailers; print(type(mailers.default).__module__)",
        MAIL_URL="postmark:?server_token=secret",
    )
    assert printed.stdout.strip() == "anymail.backends.postmark"


def test_database_is_reached_over_tls_when_its_address_says_so():
    printed = run_on_server(
        "-c",
        "from shop.settings import prod; base = prod.DATABASES['default']; print(base['HOST'], base['OPTIONS'])",
        DATABASE_URL="postgresql://shop:x@db.example/shop?sslmode=verify-full&sslrootcert=/ca.pem",
    )
    assert printed.stdout.startswith("db.example ")
    assert "'sslmode': 'verify-full', 'sslrootcert': '/ca.pem'" in printed.stdout
