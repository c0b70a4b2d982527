"""What the document says before its first operation."""

from __future__ import annotations

from typing import Final

from curation_api.adapters.http.document.placeholders import PLACEHOLDERS

INTRODUCTION: Final = f"""Pipelines, runs, candidates, votes.

## Requests

Send a token as `Authorization: Bearer`; `x-least-role` of an operation says which role it asks for. Unknown members
of a JSON body are refused (422), unknown query parameters ignored. HEAD works for images and thumbnails only. Names
of headers know no case.

**Positions.** Every write answers with its log `position`. Pass it as `at-least` to any read, in the query or as
the header `At-Least` (the greater one counts), to see what you wrote: the read waits for it for a bounded time,
then answers 503. `Carnival-Projected` of an answer is the position it includes. A position that the log has not
reached is a 409.

**Sending again.** With an `Idempotency-Key` a write may be sent again safely: it is carried out once, and the
repeat gets the first answer with `replayed` true. A key counts per actor, method and path, and for ever; with
another body or query it is refused. A refusal that is a decision (404, 409, 410) stands for its key as well: once
the cause is gone, choose a new key. 401, 403, 413, 422, 429 and 503 use no key up.

**Pages.** A long list answers `items` and `next`; pass `next` as `cursor`, with the same filters and sort, for the
next page, until it is null. The header `Link` holds the whole address of that page. Cursors are opaque.

**Conditions.** A JSON answer to a GET has an `ETag`; sent as `If-None-Match` it saves the body (304).

**Errors** are problem documents (RFC 9457); decide by `type`, whose path explains it. Beside those that an
operation names, an address below `/api` that is not in this document answers 404 `route-unknown`, and a method that
an address does not have 405 `method-not-allowed`.

**Health** is not in this document: `/health/live` and `/health/ready` answer here, and with `/metrics` on a port of
their own (`HEALTH_PORT`), to everybody.

## Events

Everything that happens is an event of the log: `list_events` reads them, `follow_changes` tells of new ones, the
section `webhooks` says how they are sent to an address. The members of each type are the schema below `components`
that is named like the type (`EventView`).

{PLACEHOLDERS}"""
