"""What stands between the right password and being signed in."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.constants import LoginStageKey
from allauth.account.stages import PhoneVerificationStage
from allauth.core.exceptions import ImmediateHttpResponse, RateLimited

from accounts.refusals import too_often


class PhoneProof(PhoneVerificationStage):
    """The phone is proved at registration; later on an unproved one keeps nobody out."""

    key = LoginStageKey.VERIFY_PHONE.value

    def handle(self) -> Any:
        if not self.login.signup or self.login.user is None:
            return None, True
        phone = get_adapter().get_phone(self.login.user)
        if phone is None or phone[1]:
            return None, True
        try:
            return super().handle()
        except RateLimited as error:
            raise ImmediateHttpResponse(too_often(self.request)) from error
