"""All addresses. Ukrainian pages have no prefix; English ones stand under ``/en/``."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
