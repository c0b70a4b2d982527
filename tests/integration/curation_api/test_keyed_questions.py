"""What each vote asks Postgres is answered by indexes, also while the tables are new and their statistics empty."""

from __future__ import annotations

import re
from typing import LiteralString, cast

import pytest
from integration.curation_api.hub import Hub

from carnival.postgres import load_sql, open_pool
from curation_api.adapters.read_model.reading import PACKAGE


def numbered(sql: str) -> LiteralString:
    """`sql` with parameters as the server names them."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", sql)))
    for number, name in enumerate(names, 1):
        sql = sql.replace(f"%({name})s", f"${number}")
    return cast("LiteralString", sql)


@pytest.mark.parametrize(("query", "index"), [("ballots", "votes_"), ("cast_votes", "votes_pkey")])
async def test_a_question_by_key_never_reads_a_whole_table(hub: Hub, query: str, index: str) -> None:
    pool = await open_pool(hub.database_url, size_max=1, by_key=True)
    try:
        async with pool.connection() as connection:
            answer = await connection.execute(f"EXPLAIN (GENERIC_PLAN) {numbered(load_sql(PACKAGE, query))}")
            plan = "\n".join(row["QUERY PLAN"] for row in await answer.fetchall())
    finally:
        await pool.close()
    assert "Seq Scan" not in plan
    assert re.search(rf"Index.* {index}", plan), plan
