from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class BackofficeConfig(AppConfig):
    name = "shop.backoffice"
    verbose_name = _("Робоче місце")


class ShopAdminConfig(AdminConfig):
    """Django's admin app with our site: Unfold's look, Ukrainian words, the work queue first."""

    default_site = "shop.backoffice.site.ShopAdminSite"
