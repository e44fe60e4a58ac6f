"""The admin site: Unfold's look over our dashboard."""

from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite


class ShopAdminSite(UnfoldAdminSite):
    site_header = _("Автодеталі")
    site_title = _("Робоче місце")
    index_title = _("Що потребує уваги")
