"""Pages that wait for a reader, and events, as Stripe answers them."""

from tests.stripe_double import API_VERSION
from tests.stripe_double.shapes import Thing, new_id


def checkout_session(now: int, given: Thing, price: Thing, base: str) -> Thing:
    name = new_id("cs_test")
    return {
        "id": name,
        "object": "checkout.session",
        "adaptive_pricing": None,
        "after_expiration": None,
        "allow_promotion_codes": None,
        "amount_subtotal": price["unit_amount"],
        "amount_total": price["unit_amount"],
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "cancel_url": given.get("cancel_url"),
        "client_reference_id": given.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": now,
        "currency": price["currency"],
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": given["customer"],
        "customer_account": None,
        "customer_creation": None,
        "customer_details": None,
        "customer_email": None,
        "discounts": [],
        "expires_at": int(given["expires_at"]),
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "locale": None,
        "metadata": given.get("metadata", {}),
        "mode": "subscription",
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "always",
        "payment_method_configuration_details": None,
        "payment_method_options": None,
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": None,
        "subscription": None,
        "success_url": given["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{base}/c/pay/{name}",
        "wallet_options": None,
    }


def portal_session(now: int, given: Thing, base: str) -> Thing:
    name = new_id("bps")
    return {
        "id": name,
        "object": "billing_portal.session",
        "configuration": "bpc_default",
        "created": now,
        "customer": given["customer"],
        "customer_account": None,
        "flow": None,
        "livemode": False,
        "locale": None,
        "on_behalf_of": None,
        "return_url": given.get("return_url"),
        "url": f"{base}/p/session/{name}",
    }


def event(now: int, kind: str, found: Thing, request: Thing | None) -> Thing:
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": now,
        "data": {"object": found},
        "livemode": False,
        "pending_webhooks": 1,
        "request": request,
        "type": kind,
    }
