from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StorefrontConfig(AppConfig):
    name = "shop.storefront"
    verbose_name = _("Вітрина")

    def ready(self) -> None:
        from shop.offers.announcing import offers_changed
        from shop.storefront.receivers import make_lists_ready

        offers_changed.connect(make_lists_ready, dispatch_uid="lists-ready")
