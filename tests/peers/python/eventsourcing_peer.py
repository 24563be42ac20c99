"""eventsourcing's recorders on SQLite and PostgreSQL, by the scheme in `tests/peers/scheme`: run as STORE PLACE POOL WORK CALLERS."""

import json
import sys
import threading
import time
import uuid
from urllib.parse import urlparse

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

WARM_UP, COUNTED = 0.3, 1.5
TO_READ, LOADERS, PAGE = 10_000, 50, 1_000
PATIENCE = 60

FOUNDED = {
    "name": "Chi bộ cơ sở Công ty cổ phần Thương mại Dịch vụ Hải An 0042",
    "kind": "grassroots-cell",
    "host": "private-enterprise",
    "parent": "018f0000-0000-7000-8000-000000000001",
    "decided_by": "018f0000-0000-7000-8000-000000000002",
    "document": "128-QĐ/QU",
    "decided_on": "2022-05-19",
    "effective_on": "2022-06-01",
    "members": 5,
    "basis": "new",
}


def sqlite(place, pool):
    store = SQLiteDatastore(place, pool_size=pool, pool_timeout=PATIENCE, lock_timeout=PATIENCE)
    with store.get_connection(commit=False) as connection:
        # WAL is the library's own choice, and so is what SQLite then syncs: everything.
        full = connection.cursor()
        full.execute("pragma synchronous")
        assert full.fetchone()[0] == 2, "synchronous is not full"
    return SQLiteApplicationRecorder(store)


def postgres(place, pool):
    url = urlparse(place)
    store = PostgresDatastore(
        url.path.lstrip("/"), url.hostname, url.port, url.username, "none",
        pool_size=pool, max_waiting=1_000, connect_timeout=PATIENCE,
    )
    with store.transaction(commit=False) as cursor:
        for setting in ("fsync", "synchronous_commit"):
            cursor.execute(f"show {setting}")
            assert cursor.fetchone()[setting] == "on", f"{setting} is off"
    return PostgresApplicationRecorder(store)


def append(recorder, stream, version):
    state = json.dumps(FOUNDED, ensure_ascii=False, separators=(",", ":")).encode()
    recorder.insert_events([StoredEvent(stream, version, "organisation:Founded", state)])


def caller(recorder, grow, begins, ends, counts):
    appended, stream, version = 0, uuid.uuid4(), 1
    while True:
        append(recorder, stream, version)
        now = time.monotonic()
        if now >= ends:
            counts.append(appended)
            return
        appended += now >= begins
        if grow:
            version += 1
        else:
            stream = uuid.uuid4()


def together(target, arguments, how_many):
    threads = [threading.Thread(target=target, args=arguments) for _ in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def appends(recorder, callers, grow):
    begins, counts = time.monotonic() + WARM_UP, []
    together(caller, (recorder, grow, begins, begins + COUNTED, counts), callers)
    assert len(counts) == callers, "a caller failed"
    return sum(counts) / COUNTED


def load(recorder):
    for _ in range(TO_READ // LOADERS):
        append(recorder, uuid.uuid4(), 1)


def read_all(recorder):
    read, start = 0, 1
    while page := recorder.select_notifications(start, PAGE):
        for notification in page:
            json.loads(notification.state)
        read, start = read + len(page), page[-1].id + 1
    return read


def reads(recorder):
    assert read_all(recorder) == TO_READ, "not all events were read"
    begun, read = time.monotonic(), 0
    while time.monotonic() < begun + COUNTED:
        read += read_all(recorder)
    return read / (time.monotonic() - begun)


def main():
    store, place, pool, work, callers = sys.argv[1:]
    opened = {"eventsourcing-sqlite": sqlite, "eventsourcing-postgres": postgres}[store]
    recorder = opened(place, int(pool))
    recorder.create_table()
    if work == "read":
        together(load, (recorder,), LOADERS)
        rate = reads(opened(place, int(pool)))
    else:
        rate = appends(recorder, int(callers), work == "grow")
    print(f"{store} fsync {work} {callers} {rate:.0f}")


main()
