"""What tests do with price lists as a person at the desk would: send a file, open a page, read what it says."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shop.offers.models import PriceListVersion
from shop.offers.pricelists.running import run_version

HEAD = "Бренд;Артикул;Назва;Ціна;Залишок"


def lines(price="100,00", count=10):
    return [f"Bosch;F 00{number};Фільтр;{price};5" for number in range(count)]


def file(rows, *, head=HEAD, name="prices.csv"):
    return SimpleUploadedFile(name, "\n".join([head, *rows]).encode())


def send(browser, price_list, rows, *, is_held=True, head=HEAD, name="prices.csv", **extra):
    """Upload a file and let a worker have it; gives back the version and the answer of the page."""
    fields = {"file": file(rows, head=head, name=name)} | ({"is_held": "on"} if is_held else {})
    answer = browser.post(reverse("admin:offers_pricelist_upload", args=[price_list.pk]), fields, **extra)
    version = price_list.versions.order_by("-pk").first()
    if version and version.status in PriceListVersion.UNFINISHED:
        run_version(version.pk)
        version.refresh_from_db()
    return version, answer


def page_of(name, version):
    return reverse(f"admin:offers_pricelistversion_{name}", args=[version.pk])


def shown(browser, address):
    return browser.get(address).content.decode()


def said(answer):
    return [str(message) for message in answer.wsgi_request._messages]
