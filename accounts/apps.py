from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Люди")

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from accounts import receivers

        email_confirmed.connect(receivers.tell_of_mailbox, dispatch_uid="accounts-mailbox-proved")
        user_logged_in.connect(receivers.bring_cars, dispatch_uid="accounts-bring-cars")
        user_logged_out.connect(receivers.leave_no_car, dispatch_uid="accounts-leave-no-car")
