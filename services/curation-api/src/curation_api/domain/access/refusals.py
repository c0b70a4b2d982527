"""Why somebody is not let in."""

from __future__ import annotations

from curation_api.domain.access.rates import Allowance
from curation_api.domain.refusals import Conflict, Forbidden, Gone, Missing, Refusal, TryLater


class Unauthenticated(Refusal):
    """Nobody is known to have sent the request."""


class CredentialMissing(Unauthenticated):
    kind = "unauthenticated"
    title = "Nobody is known to have sent this"
    advice = "Send a token as `Authorization: Bearer`, or sign the browser in by a link of `carnival sign-in`."


class CredentialRefused(Unauthenticated):
    """A token or session that is unknown, revoked or expired."""

    kind = "credential-refused"
    title = "This token opens nothing"
    advice = "The token is unknown, revoked or expired; ask an operator for another."


class IssuerUnreachable(TryLater):
    """Whether a token of the OpenID Connect issuer holds cannot be told without its keys."""

    kind = "issuer-unreachable"
    title = "The issuer of the token does not answer"
    advice = "Try again after the pause, or send a token of this hub."


class IssuerSignInOff(Missing):
    kind = "issuer-sign-in-off"
    title = "Browsers do not sign in at an issuer here"
    advice = "Open a link of `carnival sign-in`, or set OIDC_ISSUER and OIDC_CLIENT_ID."


class RoleTooLow(Forbidden):
    kind = "role-too-low"
    title = "Your role does not allow this"
    advice = "`needed_role` names the role that may; an operator issues tokens."


class NotForGuests(Forbidden):
    kind = "not-for-guests"
    title = "Guests may not do this"
    advice = "A guest uses the addresses below /api/guest; for the rest one needs a token."


class GuestsOnly(Forbidden):
    kind = "guests-only"
    title = "This is for guests only"
    advice = "Send a guest's pass. Members vote at POST /api/votes."


class GuestLinkUnknown(Missing):
    kind = "guest-link-unknown"
    title = "No such guest link"
    advice = "GET /api/guest-links lists all of them."


class GuestLinkEnded(Gone):
    kind = "guest-link-ended"
    title = "The guests' link is over"
    advice = "It was revoked or has expired; ask whoever sent it for another one."


class WebhookUnknown(Missing):
    kind = "webhook-unknown"
    title = "No such webhook"
    advice = "GET /api/webhooks lists all of them."


class DeadLetterUnknown(Missing):
    kind = "dead-letter-unknown"
    title = "No such message was given up"
    advice = "GET /api/webhooks/{webhook_id}/dead-letters lists those that were."


class WebhooksFull(Conflict):
    kind = "webhooks-full"
    title = "There are too many webhooks"
    advice = "Delete one that is not needed any more."


class ServiceKeyMissing(Conflict):
    kind = "service-key-missing"
    title = "The service has no lasting key"
    advice = "Whoever runs the hub sets SERVICE_KEY."


class WebhookFailed(Conflict):
    kind = "webhook-failed"
    title = "The receiver did not take the message"
    advice = "The detail says why. The message stays a dead letter and can be sent again, with a new Idempotency-Key."


class ActingForOthers(Forbidden):
    """Only operators name another actor or voter than themselves."""

    kind = "acting-for-others"
    title = "You can act for yourself only"
    advice = "Leave the voter and Carnival-Actor out, or ask an operator to do it."


class CrossSite(Forbidden):
    """A page of another site made the browser send this."""

    kind = "cross-site"
    title = "The request comes from another site"
    advice = "Send it from the hub's own pages, or from a program with a token."


class TooOften(Refusal):
    """More than a sender may ask in a while."""


class RateExceeded(TooOften):
    kind = "rate-exceeded"
    title = "Too many requests"
    advice = "Wait for as many seconds as Retry-After says; RateLimit-Policy says how many requests are allowed."

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(
            f"More than {allowance.rate.burst} requests at once, then {allowance.rate.per_second:g} a second",
            retry_after=allowance.wait_seconds,
        )
        self.allowance = allowance


class SignInNeedsToken(Conflict):
    """Where authentication is off nobody needs to sign in; and a browser signs in with a token."""

    kind = "sign-in-needs-token"
    title = "There is nothing to sign in with"
    advice = "Sign in with a token; where authentication is off, just open the address."


class TokenUnknown(Missing):
    kind = "token-unknown"
    title = "No such token"
    advice = "GET /api/tokens lists all tokens."
