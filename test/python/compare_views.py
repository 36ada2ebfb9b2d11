"""Holds the views of an export, as views.sql defines them, against the warehouse's own answers.

compare_views.py EXPORT ANSWERS ZONE...

ANSWERS has one Parquet file a view and zone, <zone>/<view>.parquet, written by the warehouse. Prints a JSON object: the number of
views held against each other, and those that differ, with the reason.
"""

import json
import sys
from pathlib import Path

import duckdb

export, answers, *zones = sys.argv[1:]
differing = {}
count = 0
for zone in zones:
    database = duckdb.connect()
    database.execute(f"set TimeZone = '{zone}'")
    database.execute("set variable agenttrace_folder = ?", [export])
    database.execute((Path(export) / "views.sql").read_text(encoding="utf-8"))
    for file in sorted((Path(answers) / zone.replace("/", "-")).glob("*.parquet")):
        view = file.stem
        count += 1
        try:
            database.execute(f"create or replace temp table answer as from read_parquet('{file}')")
            database.execute(f"create or replace temp table told as from v1.{view}")
            wanted = database.execute("select column_name, column_type from (describe answer)").fetchall()
            given = database.execute("select column_name, column_type from (describe told)").fetchall()
            if wanted != given:
                differing[f"{view} in {zone}"] = f"columns {given} instead of {wanted}"
                continue
            missing, surplus = database.execute(
                "select (select count(*) from (from answer except all from told)),"
                " (select count(*) from (from told except all from answer))"
            ).fetchone()
            if missing or surplus:
                rows = database.execute("from answer except all from told limit 1").fetchall()
                others = database.execute("from told except all from answer limit 1").fetchall()
                differing[f"{view} in {zone}"] = f"{missing} rows missing, {surplus} too many: {rows} {others}"
        except duckdb.Error as error:
            differing[f"{view} in {zone}"] = str(error)
    database.close()
print(json.dumps({"count": count, "differing": differing}))
