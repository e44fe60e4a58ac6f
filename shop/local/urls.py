"""Pages of `bin/up` only; ``settings.LOCAL_PAGES`` is false on a server."""

from django.urls import path

from shop.local import views

app_name = "local"
urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<int:number>/", views.message, name="message"),
    path("mailbox/<int:number>/letter/", views.letter, name="letter"),
]
