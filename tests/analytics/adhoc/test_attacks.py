"""What SQL must not do, as a list: each attack is refused or stopped, hears nothing of this machine, harms nobody."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from openspending.analytics.adhoc.bounds import LONGEST_QUERY
from openspending.analytics.adhoc.question import RefusedSQL
from openspending.analytics.adhoc.sandbox import Sandbox
from openspending.errors import BadQuery, NotFound, TooMuch
from tests.analytics.adhoc.conftest import Ask

pytestmark = pytest.mark.slow

FACTS = 'demo."suginami-2013"'

READING_FILES = {
    "read_csv": "SELECT * FROM read_csv('/etc/passwd')",
    "read_csv_auto": "FROM read_csv_auto('/etc/*')",
    "read_text": "SELECT content FROM read_text('/etc/passwd')",
    "read_blob": "SELECT content FROM read_blob('/etc/passwd')",
    "read_json": "SELECT * FROM read_json('/proc/self/environ')",
    "read_json_objects": "SELECT * FROM read_json_objects('/etc/hostname')",
    "read_ndjson": "SELECT * FROM read_ndjson('/etc/hostname')",
    "read_parquet": "SELECT * FROM read_parquet('**/*.parquet')",
    "parquet_scan": "SELECT * FROM parquet_scan('facts.parquet')",
    "parquet_metadata": "SELECT * FROM parquet_metadata('facts.parquet')",
    "read_duckdb": "SELECT * FROM read_duckdb('facts.duckdb')",
    "sniff_csv": "SELECT * FROM sniff_csv('/etc/passwd')",
    "glob": "SELECT * FROM glob('/**')",
    "file as table": "SELECT * FROM '/etc/passwd'",
    "glob as table": "SELECT * FROM '/var/**/*.csv'",
    "quoted file as table": 'SELECT * FROM "data.parquet"',
    "file with schema": 'SELECT * FROM demo."../../private.csv"',
    "file by common table": 'SELECT * FROM "a.csv", (WITH "a.csv" AS (SELECT 1) SELECT 1)',
    "file in subquery": f"SELECT (SELECT max(content) FROM read_text('/etc/passwd')) FROM {FACTS}",
    "file in where": f"SELECT 1 AS a FROM {FACTS} WHERE EXISTS (FROM read_text('/etc/passwd'))",
    "file in union": "SELECT 'a' AS a UNION ALL SELECT content FROM read_text('/etc/passwd')",
    "file in lateral": f"SELECT * FROM {FACTS} f, LATERAL (SELECT * FROM read_text(f._file))",
    "file in order": f"SELECT 1 AS a FROM {FACTS} ORDER BY (SELECT max(content) FROM read_text('/etc/passwd'))",
    "file in limit": "SELECT 1 AS a LIMIT (SELECT length(content) FROM read_text('/etc/passwd'))",
    "file in default of macro": "CREATE MACRO m(a := (SELECT content FROM read_text('/etc/passwd'))) AS a",
    "python variable": "SELECT * FROM database",
    "python environment": "SELECT * FROM os.environ",
    "web table": "SELECT * FROM 'https://example.org/data.csv'",
    "web function": "SELECT * FROM read_csv('http://127.0.0.1:8000/v1/sql')",
    "bucket": "SELECT * FROM 's3://bucket/key.parquet'",
}
WRITING = {
    "copy to": "COPY (SELECT 1) TO '/tmp/a.csv'",
    "copy from": "COPY t FROM '/etc/passwd'",
    "copy from database": "COPY FROM DATABASE memory TO other",
    "export": "EXPORT DATABASE '/tmp/a'",
    "import": "IMPORT DATABASE '/tmp/a'",
    "attach": "ATTACH '/tmp/a.duckdb' AS a",
    "attach sqlite": "ATTACH 'file.db' (TYPE sqlite)",
    "detach": "DETACH memory",
    "use": "USE memory",
    "create table": f"CREATE TABLE t AS SELECT * FROM {FACTS}",
    "create view": "CREATE VIEW v AS SELECT 1",
    "create macro": "CREATE MACRO m(a) AS a",
    "create secret": "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "create type": "CREATE TYPE t AS ENUM ('a')",
    "insert": f"INSERT INTO {FACTS} SELECT * FROM {FACTS}",
    "update": f"UPDATE {FACTS} SET amount = 0",
    "delete": f"DELETE FROM {FACTS}",
    "truncate": f"TRUNCATE {FACTS}",
    "drop": f"DROP TABLE {FACTS}",
    "alter": f"ALTER TABLE {FACTS} ADD COLUMN a INTEGER",
    "merge": f"MERGE INTO {FACTS} USING {FACTS} s ON true WHEN MATCHED THEN DELETE",
    "common table that deletes": f"WITH d AS (DELETE FROM {FACTS} RETURNING *) SELECT * FROM d",
    "common table that inserts": f"WITH d AS (INSERT INTO {FACTS} VALUES (1) RETURNING *) SELECT 1 AS a",
    "common table that updates": f"WITH d AS (UPDATE {FACTS} SET amount = 0 RETURNING *) SELECT 1 AS a",
    "comment on": f"COMMENT ON TABLE {FACTS} IS 'a'",
    "vacuum": "VACUUM",
    "analyze": "ANALYZE",
    "checkpoint": "CHECKPOINT",
    "begin": "BEGIN TRANSACTION",
}
SETTING = {
    "set": "SET memory_limit = '100GB'",
    "set external access": "SET enable_external_access = true",
    "set local": "SET SESSION threads = 64",
    "set variable": "SET VARIABLE a = 1",
    "reset": "RESET memory_limit",
    "pragma": "PRAGMA database_list",
    "pragma with value": "PRAGMA memory_limit = '100GB'",
    "install": "INSTALL httpfs",
    "load": "LOAD '/tmp/a.duckdb_extension'",
    "call": "CALL pragma_version()",
    "prepare": "PREPARE p AS SELECT 1",
    "execute": "EXECUTE p",
    "deallocate": "DEALLOCATE p",
    "explain": f"EXPLAIN SELECT * FROM {FACTS}",
    "explain analyze": f"EXPLAIN ANALYZE SELECT * FROM {FACTS}",
    "parameter": "SELECT $1 AS a",
    "question mark": "SELECT ? AS a",
}
LOOKING_AROUND = {
    "getenv": "SELECT getenv('HOME') AS a",
    "current_setting": "SELECT current_setting('temp_directory') AS a",
    "getvariable": "SELECT getvariable('a') AS a",
    "settings": "SELECT * FROM duckdb_settings()",
    "databases": "SELECT path FROM duckdb_databases()",
    "databases as view": "SELECT * FROM duckdb_databases",
    "databases as common table": "SELECT * FROM duckdb_databases, (WITH duckdb_databases AS (SELECT 1) SELECT 1)",
    "master as common table": "SELECT * FROM sqlite_master, (WITH sqlite_master AS (SELECT 1) SELECT 1)",
    "class as common table": "SELECT * FROM Pg_Class, (WITH pg_class AS (SELECT 1) SELECT 1)",
    "database list": "SELECT * FROM pragma_database_list",
    "storage": f"SELECT * FROM pragma_storage_info('{FACTS}')",
    "tables": "SELECT * FROM duckdb_tables()",
    "functions": "SELECT * FROM duckdb_functions()",
    "extensions": "SELECT * FROM duckdb_extensions()",
    "secrets": "SELECT * FROM duckdb_secrets()",
    "logs": "SELECT * FROM duckdb_logs",
    "temporary files": "SELECT * FROM duckdb_temporary_files()",
    "information schema": "SELECT * FROM information_schema.tables",
    "pg catalog": "SELECT * FROM pg_catalog.pg_class",
    "sqlite master": "SELECT * FROM sqlite_master",
    "inner database": 'SELECT * FROM "facts of 0".facts',
    "inner schema": 'SELECT * FROM "facts of 0".main.facts',
    "memory database": "SELECT * FROM memory.main.facts",
    "system function": "SELECT system.main.upper('a') AS a",
    "schema of a function": "SELECT main.upper('a') AS a",
    "describe": f"DESCRIBE {FACTS}",
    "describe query": "DESCRIBE SELECT 1",
    "summarize": f"SUMMARIZE {FACTS}",
    "show tables": "SHOW ALL TABLES",
    "show databases": "SELECT * FROM (SHOW DATABASES)",
    "query": "SELECT * FROM query('SELECT 1')",
    "query_table": "SELECT * FROM query_table('duckdb_settings')",
    "query_table with list": f"SELECT * FROM query_table(['{FACTS}'])",
    "execute serialised": "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "serialise plan": "SELECT json_serialize_plan('SELECT 1') AS a",
    "user": "SELECT current_user AS a",
    "database": "SELECT current_database() AS a",
    "version": "SELECT version() AS a",
    "process": "SELECT current_connection_id() AS a",
    "query text": "SELECT current_query() AS a",
    "clock": "SELECT now() AS a",
    "today": "SELECT current_date AS a",
    "chance": "SELECT random() AS a",
    "sample": f"SELECT * FROM {FACTS} USING SAMPLE 5",
    "test types": "SELECT * FROM test_all_types()",
    "sequence": "SELECT nextval('a') AS a",
    "log": "SELECT write_log('a') AS a",
    "sleep": "SELECT sleep_ms(100000) AS a",
    "postgres sleep": "SELECT pg_sleep(100) AS a",
    "lambda that calls": "SELECT list_transform(['HOME'], lambda x: getenv(x))::VARCHAR AS a",
    "method": "SELECT 'HOME'.getenv() AS a",
    "filter that calls": f"SELECT count(*) FILTER (WHERE current_setting('threads') = '1') AS a FROM {FACTS}",
    "window that calls": f"SELECT sum(amount) OVER (ORDER BY current_setting('threads')) AS a FROM {FACTS}",
    "aggregate by name": "SELECT list_aggregate([1, 2], 'reservoir_quantile', 0.5) AS a",
    "type that calls": "SELECT CAST('a' AS system.main.varchar) AS a",
}
NAMES = {
    "unknown dataset": "SELECT * FROM demo.nothing",
    "unknown owner": "SELECT * FROM nobody.secret",
    "revision that is not": 'SELECT * FROM demo."suginami-2013@999"',
    "revision zero": 'SELECT * FROM demo."suginami-2013@0"',
    "version that is none": 'SELECT * FROM demo."suginami-2013@../../private"',
    "path for owner": 'SELECT * FROM "../private"."suginami-2013"',
    "path for name": 'SELECT * FROM demo."../../private/x"',
    "empty name": 'SELECT * FROM demo."@1"',
    "time travel": f"SELECT * FROM {FACTS} AT (VERSION => 1)",
    "letter case": 'SELECT * FROM DEMO."suginami-2013"',
    "two letter cases": f'SELECT 1 AS a FROM {FACTS}, Demo."suginami-2013"',
    "no schema": "SELECT * FROM facts",
    "three parts": 'SELECT * FROM memory.demo."suginami-2013"',
    "too many": "SELECT 1 AS a FROM " + ", ".join(f"demo.a{number}" for number in range(40)),
}
TRICKS = {
    "nothing": "",
    "spaces": " \n\t ",
    "comment only": "-- nothing",
    "two statements": "SELECT 1 AS a; SELECT 2 AS a",
    "second one hidden": "SELECT 1 AS a; -- \nCOPY (SELECT 1) TO '/tmp/a.csv'",
    "second one after comment": "SELECT 1 /* ; */ AS a; DROP TABLE facts",
    "nested comment": "/* /* */ */ SET threads = 2",
    "dollar quotes": "SELECT $$a$$; SET threads = 2",
    "nul": "SELECT 1 AS a\0; DROP TABLE t",
    "lone surrogate": "SELECT '\ud800' AS a",
    "too long": "SELECT 1 AS a" + " " * LONGEST_QUERY,
    "deep parentheses": "SELECT " + "(" * 20_000 + "1" + ")" * 20_000,
    "deep subqueries": "SELECT * FROM " + "(SELECT * FROM " * 2000 + "range(1)" + ")" * 2000,
    "deep negation": "SELECT " + "NOT " * 15_000 + "true AS a",
    "deep sum": "SELECT " + "+".join(["1"] * 20_000) + " AS a",
    "deep list": "SELECT " + "[" * 20_000 + "]" * 20_000,
    "deep case": "SELECT " + "CASE WHEN true THEN " * 2500 + "1" + " END" * 2500,
    "not sql": "help",
    "json": '{"query": "SELECT 1"}',
    "pivot": f"PIVOT {FACTS} ON time_year USING sum(amount)",
    "list as column": "SELECT [1, 2] AS a",
    "struct as column": "SELECT {'a': 1} AS a",
    "bytes as column": "SELECT 'a'::BLOB AS a",
    "two columns of one name": "SELECT 1 AS a, 2 AS a",
    "number too large for the answer": "SELECT 170141183460469231731687303715884105727::HUGEINT AS a",
    "unsigned number too large": "SELECT 340282366920938463463374607431768211455::UHUGEINT AS a",
    "error that quotes": "SELECT error('/etc/passwd') AS a",
    "unknown type": 'SELECT CAST(1 AS "/etc/passwd") AS a',
    "unknown collation": "SELECT 'a' COLLATE \"/etc/passwd\" AS a",
    "unknown column": f"SELECT nothing FROM {FACTS}",
}
GREEDY = {
    "huge text": "SELECT repeat('x', 2000000000) AS a",
    "huge text, padded": "SELECT lpad('x', 2000000000, 'y') AS a",
    "huge text, printed": "SELECT printf('%2000000000d', 1) AS a",
    "huge text, formatted": "SELECT format('{:>2000000000}', 'x') AS a",
    "text doubled": "SELECT replace(repeat('a', 100000), 'a', repeat('b', 100000)) AS a",
    "huge list": "SELECT len(range(3000000000)) AS a",
    "huge list, resized": "SELECT len(list_resize([1], 2000000000)) AS a",
    "list of lists": "SELECT list_transform(range(100000), lambda x: range(100000))::VARCHAR AS a",
    "memory by grouping": "SELECT count(DISTINCT repeat('x', 1000) || i) AS a FROM range(10000000) t(i)",
    "memory by sorting": "SELECT repeat('x', 1000) || i AS a FROM range(10000000) t(i) ORDER BY 1 OFFSET 9999998",
    "memory by aggregate": "SELECT length(string_agg(repeat('x', 1000), '')) AS a FROM range(10000000)",
    "memory by list": "SELECT len(list(repeat('x', 1000) || i)) AS a FROM range(10000000) t(i)",
    "too many rows": "SELECT * FROM range(20001)",
    "endless rows": "SELECT * FROM range(1000000000000)",
    "rows by unnest": "SELECT unnest(range(1000000)) AS a",
    "rows by join": "SELECT 1 AS a FROM range(1000) a, range(1000) b",
    "too many bytes": "SELECT repeat('x', 10000) || i AS a FROM range(20000) t(i)",
    "too many columns": "SELECT "
    + ", ".join(f"{number} AS a{number}" for number in range(3000))
    + " FROM range(20000)",
}
ENDLESS = {
    "cross join": "SELECT count(*) AS a FROM range(10000000) a, range(10000000) b WHERE hash(a.range) < hash(b.range)",
    "recursion": "WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r) SELECT count(*) AS a FROM r",
    "recursion that cycles": "WITH RECURSIVE r(a) AS (SELECT 1 UNION ALL SELECT -a FROM r) SELECT a FROM r WHERE a > 1",
    "long range": "SELECT sum(hash(range)) AS a FROM range(1000000000000)",
    "regular expression": "SELECT max(regexp_extract(repeat('a', 999) || i, '(a|aa)+')) AS a FROM range(99999999) t(i)",
    "hashes": "SELECT max(sha256(sha256(sha256(i::VARCHAR)))) AS a FROM range(10000000000) t(i)",
    "distances": "SELECT max(levenshtein(repeat('ab', 5000), repeat('ba', 5000) || i)) AS a FROM range(100000) t(i)",
    "one long function": "SELECT levenshtein(repeat('ab', 400000), repeat('ba', 400000)) AS a",
    "self joins": "SELECT count(*) AS a FROM " + ", ".join(f"demo.moldova f{number}" for number in range(6)),
}
SECRETS = ("/proc", "/root", "/home", "/tmp", "/etc", ".duckdb", "facts of", "Traceback", "memory_limit", "lock_conf")
QUICK = READING_FILES | WRITING | SETTING | LOOKING_AROUND | NAMES | TRICKS


def attacked(ask: Ask, folder: Path, query: str) -> str:
    """What an attack is told. It must not be answered, and hears nothing of this machine."""
    with pytest.raises((BadQuery, NotFound, TooMuch)) as refused:
        ask(query)
    told = str(refused.value)
    assert [one for one in (folder.name, str(Path.cwd()), *SECRETS) if one in told and one not in query] == []
    assert not Path("/tmp/a.csv").exists()
    return told


@pytest.mark.parametrize("query", QUICK.values(), ids=QUICK.keys())
def test_an_attack_is_refused_with_a_reason_that_tells_nothing_of_this_machine(
    ask: Ask, folder: Path, query: str
) -> None:
    assert attacked(ask, folder, query)


@pytest.mark.slow
@pytest.mark.parametrize("query", GREEDY.values(), ids=GREEDY.keys())
def test_what_would_need_too_much_is_stopped_and_takes_no_memory_of_others(
    ask: Ask, folder: Path, sandbox: Sandbox, query: str
) -> None:
    assert "Ask for less" in attacked(ask, folder, query)
    assert ask("SELECT 1 AS a").values.to_pylist() == [{"a": 1}]
    assert sandbox.starter is not None
    assert psutil.Process(sandbox.starter).memory_info().rss < 300 << 20


@pytest.mark.slow
@pytest.mark.parametrize("query", ENDLESS.values(), ids=ENDLESS.keys())
def test_what_would_never_end_is_stopped(ask: Ask, folder: Path, query: str) -> None:
    assert "Ask for less" in attacked(ask, folder, query)
    assert ask("SELECT 1 AS a").values.to_pylist() == [{"a": 1}]


def test_the_list_is_long() -> None:
    assert len(QUICK) + len(GREEDY) + len(ENDLESS) >= 200


def test_refusals_name_the_place(ask: Ask) -> None:
    with pytest.raises(RefusedSQL) as refused:
        ask("SELECT 'é',\n  getenv('HOME') AS a")
    assert (refused.value.line, refused.value.column) == (2, 3)
