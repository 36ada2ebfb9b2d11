"""Answers SQL from a DuckDB file with DuckDB's Python module, as CSV. query_peer.py FILE SQL"""

import csv
import sys

import duckdb

file, sql = sys.argv[1:]
connection = duckdb.connect(file, read_only=True)
connection.execute("set TimeZone = 'UTC'")
connection.execute("set variable cost_mode = 'auto'")
connection.execute("set search_path = 'v1,main'")
answer = connection.execute(sql)
writer = csv.writer(sys.stdout)
writer.writerow([column[0] for column in answer.description])
writer.writerows(answer.fetchall())
