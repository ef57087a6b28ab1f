"""How Stripe says no."""

from typing import Any


class Refusal(Exception):
    """An answer with a status above 399 and Stripe's error object."""

    def __init__(self, status: int, message: str, **fields: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": "invalid_request_error", "message": message} | fields}


def missing(kind: str, name: str, param: str = "id") -> Refusal:
    words = kind.replace(".", "_").replace("_", " ")
    # In the address it is 404; in the parameters of something else it is a bad request.
    status = 404 if param == "id" else 400
    return Refusal(status, f"No such {words}: '{name}'", code="resource_missing", param=param)


def invalid(message: str, param: str | None = None, code: str | None = None) -> Refusal:
    fields = {"param": param, "code": code}
    return Refusal(400, message, **{name: value for name, value in fields.items() if value})


def unknown_param(name: str) -> Refusal:
    return invalid(f"Received unknown parameter: {name}", name, "parameter_unknown")


def declined(charge: str) -> Refusal:
    return Refusal(
        402,
        "Your card was declined.",
        type="card_error",
        code="card_declined",
        decline_code="generic_decline",
        charge=charge,
    )
