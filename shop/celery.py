"""The Celery application; the timetable stands in ``settings.CELERY_BEAT_SCHEDULE``."""

from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
