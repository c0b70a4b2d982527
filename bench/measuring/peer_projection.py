"""The same work done with the library `eventsourcing` as its documentation shows it: events and view in Postgres.

A view reads the two ratings of a vote, writes them back, and moves its position, in one transaction an event.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL

from carnival.contracts.envelope import Event
from carnival.contracts.job import ImageProduced, JobRequested
from carnival.contracts.vote import Outcome, VoteCast
from projector.domain.ratings.elo import TIED, WON, change
from projector.domain.ratings.system import INITIAL, RIGHT_WON

SAVED_AT_ONCE = 500
WAIT_SECONDS = 1800.0
RESULTS = {Outcome.LEFT: WON, Outcome.TIE: TIED, Outcome.RIGHT: RIGHT_WON}


class Column(Aggregate):
    """All that happens in one step of one run."""

    class Asked(Aggregate.Event):
        pass

    class Grown(Aggregate.Event):
        candidate_id: str

    class Voted(Aggregate.Event):
        left_id: str
        right_id: str
        outcome: str


class Ratings(PostgresTrackingRecorder):
    """The view: a row a candidate."""

    def __init__(self, datastore: PostgresDatastore, **settings: Any) -> None:
        super().__init__(datastore, **settings)
        table = "CREATE TABLE IF NOT EXISTS peer_ratings (candidate_id text PRIMARY KEY, points int, votes int)"
        self.sql_create_statements.append(SQL(table).format())

    def grow(self, candidate_id: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute("INSERT INTO peer_ratings VALUES (%s, %s, 0)", (candidate_id, INITIAL), prepare=True)
            self._insert_tracking(cursor, tracking)

    def judge(self, left_id: str, right_id: str, outcome: Outcome, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            points = list[int]()
            for candidate_id in (left_id, right_id):
                query = "SELECT points FROM peer_ratings WHERE candidate_id = %s FOR UPDATE"
                found = cursor.execute(query, (candidate_id,), prepare=True).fetchone()
                assert found is not None
                points.append(found["points"])
            moved = change(points[0] - points[1], RESULTS[outcome]) if outcome in RESULTS else 0
            for candidate_id, by in ((left_id, moved), (right_id, -moved)):
                update = "UPDATE peer_ratings SET points = points + %s, votes = votes + 1 WHERE candidate_id = %s"
                cursor.execute(update, (by, candidate_id), prepare=True)
            self._insert_tracking(cursor, tracking)


class RatingsProjection(Projection[Ratings]):
    name = "ratings"

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        del domain_event
        self.view.insert_tracking(tracking)

    @process_event.register
    def _(self, domain_event: Column.Grown, tracking: Tracking) -> None:
        self.view.grow(domain_event.candidate_id, tracking)

    @process_event.register
    def _(self, domain_event: Column.Voted, tracking: Tracking) -> None:
        self.view.judge(domain_event.left_id, domain_event.right_id, Outcome(domain_event.outcome), tracking)


class Columns(Application[UUID]):
    pass


def peer_rate(database_url: str, events: Iterable[Event]) -> float:
    """Events a second that the library's projection takes from its own log."""
    place = urlsplit(database_url)
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": place.path.strip("/"),
        "POSTGRES_HOST": place.hostname or "",
        "POSTGRES_PORT": str(place.port),
        "POSTGRES_USER": place.username or "",
        "POSTGRES_PASSWORD": place.password or "-",
    }
    log = Columns(environment)
    for changed in _saved_together(events):
        log.save(*changed)
    last = log.recorder.max_notification_id()
    started = time.perf_counter()
    with ProjectionRunner(
        application_class=Columns, projection_class=RatingsProjection, view_class=Ratings, env=environment
    ) as runner:
        runner.wait(last, timeout=WAIT_SECONDS)
    seconds = time.perf_counter() - started
    log.close()
    assert last is not None
    return last / seconds


def _saved_together(events: Iterable[Event]) -> Iterator[list[Column]]:
    columns: dict[tuple[str, int], Column] = {}
    changed: dict[tuple[str, int], Column] = {}
    for number, event in enumerate(events, 1):
        if not isinstance(event, JobRequested | ImageProduced | VoteCast):
            continue
        key = (event.run_id, event.step_order)
        column = changed[key] = columns.setdefault(key, Column())
        match event:
            case JobRequested():
                column.trigger_event(Column.Asked)
            case ImageProduced():
                column.trigger_event(Column.Grown, candidate_id=event.candidate_id)
            case VoteCast():
                sides = {"left_id": event.left_id, "right_id": event.right_id, "outcome": event.outcome.value}
                column.trigger_event(Column.Voted, **sides)
        if number % SAVED_AT_ONCE == 0:
            yield list(changed.values())
            changed = {}
    yield list(changed.values())
