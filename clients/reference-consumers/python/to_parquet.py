#!/usr/bin/env python3
"""Turns a copy or an export of the audit log (events.ndjson, unpacked or gzip) into Parquet. Needs the package `duckdb` alone.

    to_parquet.py events.ndjson audit.parquet [FIRST_INDEX]

The column `raw` holds the exact bytes of each event: SHA-256(0x00 || raw) is its leaf in the log. Withheld entries have no raw.
"""

import gzip
import json
import sys

import duckdb

COLUMNS = (
    "logindex BIGINT, raw VARCHAR, type VARCHAR, source VARCHAR, sequence BIGINT, time TIMESTAMPTZ, account VARCHAR, session VARCHAR, "
    "actor_type VARCHAR, actor_id VARCHAR, correlation VARCHAR, reason_codes VARCHAR[]"
)


def rows(path: str, first: int):
    opened = gzip.open(path, "rt", encoding="utf-8", newline="\n") if path.endswith(".gz") else open(path, encoding="utf-8", newline="\n")
    with opened as lines:
        for index, line in enumerate(lines, first):
            raw = line.rstrip("\n")
            if raw.startswith('{"logindex":'):
                yield [index] + [None] * 11
                continue
            event = json.loads(raw)
            data = event.get("data", {})
            actor = data.get("actor", {})
            codes = [reason.get("code") for reason in data.get("reasons", [])]
            yield [
                index, raw, event["type"], event["source"], int(event["sequence"]), event.get("time"), event["partitionkey"],
                event.get("subject"), actor.get("type"), actor.get("id"), event.get("correlationid"), codes,
            ]


def main() -> None:
    source, target, *rest = sys.argv[1:]
    database = duckdb.connect()
    database.execute(f"CREATE TABLE audit ({COLUMNS})")
    batch: list = []
    for row in rows(source, int(rest[0]) if rest else 0):
        batch.append(row)
        if len(batch) == 1000:
            database.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", batch)
            batch = []
    if batch:
        database.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", batch)
    database.execute(f"COPY (SELECT * FROM audit ORDER BY logindex) TO '{target.replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")


if __name__ == "__main__":
    main()
