"""All addresses. Ukrainian pages have no prefix; English ones stand under ``/en/``."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from orders.views.hook import hook
from shop.lib.health import Health, WholeHealth
from shop.messaging import sms_hook
from shop.messaging.mail_hook import mail_hook
from shop.storefront.views import robots

urlpatterns = [
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", robots.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", robots.sitemap, name="sitemap_section"),
    path("admin/", admin.site.urls),
    path("hooks/turbosms/", sms_hook.turbosms_hook, name="turbosms_hook"),
    path("hooks/alphasms/<int:number>/<str:secret>/", sms_hook.alphasms_hook, name="alphasms_hook"),
    path("hooks/twilio/", sms_hook.twilio_hook, name="twilio_hook"),
    path("hooks/<slug:provider>/", hook, name="hook"),
    path("anymail/<slug:provider>/tracking/", mail_hook, name="mail_hook"),
    path("healthz", Health.as_view(), name="health"),
    path("healthz/whole", WholeHealth.as_view(), name="whole_health"),
]
if settings.LOCAL_PAGES:
    urlpatterns.append(path("local/", include("shop.local.urls")))

urlpatterns += i18n_patterns(
    path("", include("shop.storefront.urls")),
    path("", include("orders.urls")),
    path("account/", include("accounts.urls")),
    prefix_default_language=False,
)

handler403 = "shop.storefront.views.errors.refused"
handler404 = "shop.storefront.views.errors.not_found"
# Not Django's name but allauth's, for its limits.
handler429 = "accounts.refusals.too_often"
handler500 = "shop.storefront.views.errors.server_error"
