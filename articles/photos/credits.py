"""The credit line: one way to say whose picture it is, wherever it is shown large."""


def credit_line(credit: str, *, source: str = "", copyright_notice: str = "") -> str:
    """Return the words beside a picture: the credit as typed, then source and copyright if given.

    What the credit already says is not said twice. "" means there is nothing to print.
    """
    parts: list[str] = []
    for part in (credit.strip(), source.strip(), copyright_notice.strip()):
        if part and not any(part.casefold() in said.casefold() for said in parts):
            parts.append(part)
    return " / ".join(parts)
