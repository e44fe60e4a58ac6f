"""Signing in, registering, proving contacts: allauth's views under our addresses; allauth finds them by these names."""

from allauth.account import views
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from accounts.views import ConfirmLoginCode, change_phone, channels, names

# Nothing of these pages is for a cache: not every view of allauth says so.
urlpatterns = [
    path("login/", never_cache(views.login), name="account_login"),
    path("logout/", never_cache(views.logout), name="account_logout"),
    path("closed/", never_cache(views.account_inactive), name="account_inactive"),
    path("signup/", never_cache(views.signup), name="account_signup"),
    path("login/code/", never_cache(views.request_login_code), name="account_request_login_code"),
    path("login/code/confirm/", never_cache(ConfirmLoginCode.as_view()), name="account_confirm_login_code"),
    path("email/confirm/", never_cache(views.email_verification_sent), name="account_email_verification_sent"),
    # Where allauth leads when there is nothing to confirm.
    path("email/", RedirectView.as_view(pattern_name="storefront:account"), name="account_email"),
    path("phone/", change_phone, name="account_change_phone"),
    path("phone/confirm/", never_cache(views.verify_phone), name="account_verify_phone"),
    path("password/", never_cache(views.password_reset), name="account_reset_password"),
    path(
        "password/confirm/", never_cache(views.confirm_password_reset_code), name="account_confirm_password_reset_code"
    ),
    path("password/new/", never_cache(views.complete_password_reset), name="account_complete_password_reset"),
    path("password/done/", never_cache(views.password_reset_from_key_done), name="account_password_reset_completed"),
    path("channels/", channels, name="account_channels"),
    path("names/", names, name="account_names"),
]
