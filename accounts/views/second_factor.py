"""Setting up and removing the second factor: allauth's pages, each act written down."""

from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpResponse

from accounts import sign_in_log


class SetUpApp(ActivateTOTPView):
    def form_valid(self, form: BaseForm) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            sign_in_log.second_factor(self.request.user, "Second factor set up")
        return answer


class RemoveApp(DeactivateTOTPView):
    def form_valid(self, form: BaseForm) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            sign_in_log.second_factor(self.request.user, "Second factor removed")
        return answer


class NewCodes(GenerateRecoveryCodesView):
    def form_valid(self, form: BaseForm) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            sign_in_log.second_factor(self.request.user, "New recovery codes made")
        return answer
