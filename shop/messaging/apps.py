from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "shop.messaging"
    verbose_name = _("Повідомлення")

    def ready(self) -> None:
        from anymail.signals import tracking

        from shop.messaging import ladder, mail_news
        from shop.messaging.signals import message_failed

        message_failed.connect(ladder.failed, dispatch_uid="messaging-ladder")
        tracking.connect(mail_news.hear, dispatch_uid="messaging-mail-news")
