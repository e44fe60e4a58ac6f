import pytest
from django.urls import reverse
from django.utils.translation import override

from shop.lib.addresses import address_of


@pytest.mark.parametrize(
    ("view", "names"), [("storefront:category", ["brake-pads"]), ("storefront:part", ["mann-filter", "W71275"])]
)
@pytest.mark.parametrize("language", ["uk", "en"])
def test_an_address_is_that_of_reverse(view, names, language):
    with override(language):
        assert address_of(view, *names) == reverse(view, args=names)
