from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VehiclesConfig(AppConfig):
    name = "vehicles"
    verbose_name = _("Автомобілі")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from vehicles import receivers

        user_logged_in.connect(receivers.move_in, dispatch_uid="vehicles-move-in")
        user_logged_out.connect(receivers.leave, dispatch_uid="vehicles-leave")
