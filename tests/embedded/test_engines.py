"""Engines: start, join, stop, and what happens when their owner is killed."""

import os
import sys

import pytest
import redis

from portal.embedded import EngineError, addresses
from portal.embedded.addresses import SOCKET_PATH_LIMIT
from portal.embedded.postgres import UNSAFE_AND_FAST, Postgres
from portal.embedded.process import in_child
from portal.embedded.unprivileged import NOBODY, drop_to_nobody, rename_in_namespace, works
from portal.embedded.valkey import Valkey
from tests.embedded.conftest import gone, kill, query, using
from tests.embedded.starter import engines
from tests.support.waiting import PATIENCE

as_root = pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="concerns root on Linux")


def test_a_fresh_cluster_has_our_user_and_database(folder, started):
    postgres = started(Postgres(folder / "postgres", options=UNSAFE_AND_FAST))
    [(user, database, encoding)] = query(
        postgres, "SELECT current_user, current_database(), current_setting('server_encoding')"
    )
    assert (user, database, encoding) == ("portal", "portal", "UTF8")
    assert postgres.url == addresses(folder).database_url


def test_data_survive_a_stop_and_a_start(folder, started):
    postgres, valkey = Postgres(folder / "postgres"), Valkey(folder / "valkey")
    for engine in (postgres, valkey):
        started(engine)
    query(postgres, "CREATE TABLE kept AS SELECT 42 AS answer")
    with redis.Redis.from_url(valkey.url) as client:
        client.set("kept", 42)
    for engine in (postgres, valkey):
        engine.stop()
        assert not engine.answers()
        started(engine)
    assert query(postgres, "SELECT answer FROM kept") == [(42,)]
    with redis.Redis.from_url(valkey.url) as client:
        assert client.get("kept") == b"42"
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        assert client.config_get("appendfsync")["appendfsync"] == "everysec"


def test_a_half_made_cluster_is_made_anew(folder, started):
    for name in ("data", "data.new"):
        (folder / "postgres" / name).mkdir(parents=True)
        (folder / "postgres" / name / "half").write_text("made")
    postgres = started(Postgres(folder / "postgres", options=UNSAFE_AND_FAST))
    assert query(postgres, "SELECT 1") == [(1,)]
    assert not (folder / "postgres" / "data" / "half").exists()


@pytest.mark.fault
def test_of_two_starters_one_owns_and_the_other_joins(starter):
    first, second = starter(), starter()
    words = [[process.stdout.readline().strip() for _ in range(3)] for process in (first, second)]
    assert [sorted(pair) for pair in zip(*words, strict=True)] == [["joins", "owns"]] * 3


@pytest.mark.fault
def test_nothing_outlives_a_killed_owner_and_the_data_are_whole(folder, starter, started):
    owner = starter()
    assert [owner.stdout.readline() for _ in range(3)] == ["owns\n"] * 3
    postgres = Postgres(folder / "postgres")
    query(postgres, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    assert using(folder) != []
    kill(owner)
    assert gone(folder, within=PATIENCE)
    assert "database system is shut down" in postgres.log.read_text()
    started(postgres)
    assert query(postgres, "SELECT count(*) FROM kept") == [(1000,)]
    assert "was not properly shut down" not in postgres.log.read_text()


@pytest.mark.fault
def test_a_starter_waits_for_engines_that_are_still_going_down(folder, starter):
    first = starter()
    assert first.stdout.readline() == "owns\n"
    kill(first)
    second = starter()
    assert [second.stdout.readline() for _ in range(3)] == ["owns\n"] * 3


@pytest.mark.fault
def test_whoever_joined_takes_over_when_the_owner_is_gone(folder, starter, started):
    owner = starter()
    assert [owner.stdout.readline() for _ in range(3)] == ["owns\n"] * 3
    joined = engines(folder)
    for engine in joined:
        started(engine)
        assert not engine.is_owned
        assert not engine.ensure()
    kill(owner)
    assert gone(folder, within=PATIENCE)
    for engine in joined:
        assert engine.ensure()
        assert engine.is_owned


@as_root
@pytest.mark.parametrize("become", [rename_in_namespace, drop_to_nobody])
def test_root_runs_postgresql_as_somebody_else(folder, started, become):
    if not works(become):
        pytest.fail(f"this machine does not let root {become.__name__}: the test needs both")
    closed = folder / "closed"
    closed.mkdir(mode=0o700)  # as below /root, where nobody else may look
    postgres = started(Postgres(closed / "postgres", options=UNSAFE_AND_FAST, become=become))
    assert query(postgres, "SELECT 1") == [(1,)]
    owner = os.stat(f"/proc/{postgres.process.pid}").st_uid
    assert owner == (NOBODY if become is drop_to_nobody else 0)


@as_root
def test_the_two_ways_of_root_may_take_turns_on_one_cluster(folder, started):
    for turn, become in enumerate([drop_to_nobody, rename_in_namespace, drop_to_nobody]):
        postgres = started(Postgres(folder / "postgres", options=UNSAFE_AND_FAST, become=become))
        query(postgres, f"CREATE TABLE turn_{turn} ()")
        postgres.stop()
    started(postgres)
    assert query(postgres, "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'turn%'") == [(3,)]


@pytest.mark.parametrize("become", [rename_in_namespace, drop_to_nobody] if os.geteuid() == 0 else [None])
def test_a_path_too_long_for_a_socket_is_no_obstacle(folder, started, become):
    deep = folder.joinpath(*["a-rather-long-name"] * 8)
    assert len(str(deep)) > SOCKET_PATH_LIMIT
    postgres = Postgres(deep / "postgres", options=UNSAFE_AND_FAST, become=become)
    for _ in range(2):
        started(postgres)
        assert query(postgres, "SELECT 1") == [(1,)]
        postgres.stop()
    postgres.sockets.rmdir()


def test_a_stand_in_folder_laid_by_another_is_refused(folder):
    deep = folder.joinpath(*["a-rather-long-name"] * 8)
    valkey = Valkey(deep / "valkey")
    valkey.sockets.symlink_to(folder)
    try:
        with pytest.raises(EngineError, match="belongs to somebody else; set REDIS_URL"):
            valkey.start()
    finally:
        valkey.sockets.unlink()


def test_children_are_started_from_the_main_thread_only():
    from concurrent.futures import ThreadPoolExecutor
    from signal import SIGTERM

    with ThreadPoolExecutor() as pool, pytest.raises(RuntimeError, match="main thread"):
        pool.submit(in_child, SIGTERM).result()
