"""Values survive both ways into Postgres."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from projector.adapters.literals import Row, columns_of, copy_lines

TEXTS = st.none() | st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=12)
ROWS = st.lists(
    st.tuples(
        TEXTS,
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        st.none() | st.booleans(),
        st.none() | st.binary(max_size=8),
        st.none()
        | st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
        | st.just(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=5)))),
    ),
    min_size=1,
    max_size=8,
)
TABLE = "CREATE TEMP TABLE kept (a text, b bigint, c double precision, d boolean, e bytea, f timestamptz, n integer)"
INSERT = sql.SQL(
    "INSERT INTO kept SELECT * FROM unnest(%s::text[], %s::bigint[], %s::double precision[], %s::boolean[],"
    " %s::bytea[], %s::timestamptz[], %s::integer[])"
)


@pytest.mark.parametrize("way", ["array", "copy"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_every_value_comes_back(postgres_server_url: str, way: str, rows: list[Row]) -> None:
    numbered: list[Row] = [(*row, number) for number, row in enumerate(rows)]
    with psycopg.connect(postgres_server_url, options="-c TimeZone=UTC") as connection:
        connection.execute(TABLE)
        if way == "array":
            connection.execute(INSERT, columns_of(numbered))
        else:
            with connection.cursor().copy("COPY kept FROM STDIN") as copy:
                copy.write(copy_lines(numbered))
        assert connection.execute("SELECT * FROM kept ORDER BY n").fetchall() == numbered
        connection.rollback()
