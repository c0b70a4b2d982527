"""Who may call what, in the OpenAPI document: from the role table, so that it is true."""

from __future__ import annotations

from typing import Any, Final

from curation_api.adapters.http.credentials import COOKIE, GUEST_COOKIE
from curation_api.adapters.http.document.completing import operations_of
from curation_api.adapters.http.gate import ATTEMPTS
from curation_api.adapters.http.roles import RoleTable
from curation_api.domain.access.principals import Anyone, Guests

SECURITY_SCHEMES: Final = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token an operator issued."},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "A browser that signed in by a link."},
    "pass": {"type": "http", "scheme": "bearer", "description": "The pass of a guest."},
    "guest": {"type": "apiKey", "in": "cookie", "name": GUEST_COOKIE, "description": "A guest's browser."},
}
MEMBER_SCHEMES: Final = ("token", "session")
GUEST_SCHEMES: Final = ("pass", "guest")


def with_roles(document: dict[str, Any], table: RoleTable, *, open_house: bool) -> dict[str, Any]:
    """`document`, saying for each operation which role it asks for (`x-least-role`) and how to prove it.

    An open house asks nobody for a proof, though it takes one.
    """
    anybody = [{}] if open_house else []
    document["components"]["securitySchemes"] = SECURITY_SCHEMES
    for method, path, operation in operations_of(document):
        least = table.least(method.upper(), path)
        if least is None:
            continue
        operation["x-least-role"] = least.value
        open_to_all = least is Anyone.ANYONE
        schemes = GUEST_SCHEMES if least is Guests.GUEST else MEMBER_SCHEMES
        operation["security"] = [] if open_to_all else [*anybody, *({name: []} for name in schemes)]
        never = {"401", "403"} if open_to_all else set[str]()
        for status in never - ({"401"} if path in ATTEMPTS else set()):
            operation["responses"].pop(status, None)
    return document
