from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BackofficeConfig(AppConfig):
    name = "shop.backoffice"
    verbose_name = _("Робоче місце")

    def ready(self) -> None:
        from shop.backoffice.receivers import bring_up_to_date
        from shop.backoffice.roles import grant_rights
        from shop.lib.admin import staff_edited

        # This app has no models, so no signal of its own; orders stand on all the others.
        post_migrate.connect(grant_rights, sender=apps.get_app_config("orders"), dispatch_uid="staff-roles")
        staff_edited.connect(bring_up_to_date, dispatch_uid="staff-edits")


class ShopAdminConfig(AdminConfig):
    """Django's admin app with our site: Unfold's look, Ukrainian words, the work queue first."""

    default_site = "shop.backoffice.site.ShopAdminSite"
