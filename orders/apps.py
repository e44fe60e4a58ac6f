from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Замовлення")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from accounts.signals import contact_proved
        from orders import receivers
        from shop.messaging.signals import message_failed

        user_logged_in.connect(receivers.move_in, dispatch_uid="orders-move-in")
        message_failed.connect(receivers.mark_bad_number, dispatch_uid="orders-bad-number")
        user_logged_in.connect(receivers.bring_later_orders, dispatch_uid="orders-bring-later")
        contact_proved.connect(receivers.bring_orders, dispatch_uid="orders-bring")
