#!/usr/bin/env python3
"""Shows by a trace of system calls that an answer leaves after the disk has the record. A kill cannot show it: the page cache outlives it.

Runs `socai run` under strace, or a nats-server with `sync_interval: always` and `socai run` beside it, posts commands one by one, and reads in
the trace: between the writing of a record and its acknowledgement lies a whole fsync or fdatasync of the file that it was written to.
Needs strace; not part of `make test`, since tracing is forbidden in many places.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "deploy"))
from processes import find_nats_server  # noqa: E402

COMMANDS = 100
# A publish acknowledged, as strace quotes it.
PUBLISHED = r'{\"stream\":\"socai-haiphong\",\"seq\":'
# The clerk's office in the demonstration.
LE_CHAN = "1eee2e6a-d737-5643-a763-56ec46ffd3cc"
CALLS = "openat,close,pwrite64,write,writev,sendto,sendmsg,fdatasync,fsync"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def traced(trace, command):
    return ["strace", "--follow-forks", "--absolute-timestamps=unix,us", "--strings-in-hex=none", "--string-limit=160", "--decode-fds=path",
            f"--trace={CALLS}", f"--output={trace}"] + command


def wait_for(ready):
    begun = time.monotonic()
    while not ready():
        if time.monotonic() - begun > 60:
            sys.exit("it did not start")
        time.sleep(0.1)


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def post(port, token, number):
    body = {"unit": LE_CHAN, "kind": "party_cell_grassroots", "host_kind": "private_enterprise", "basis": "new", "members": 3,
            "document": {"number": f"T{number}", "symbol": "QĐ/QU", "issuer": "Quận ủy Lê Chân", "date": "2022-12-30"}}
    headers = {"authorization": f"Bearer {token}", "idempotency-key": str(uuid.uuid4()), "content-type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/commands/found-organisation", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()


class Call:
    """One system call: when it began, when it ended, on which file, and what it wrote."""

    def __init__(self, name, begun, text):
        self.name, self.begun, self.ended, self.text = name, begun, None, text


def read_trace(path):
    """Calls in the order in which they began. A call that another thread interrupted in the trace is put together again."""
    calls, open_calls = [], {}
    line_of = re.compile(r"^(\d+)\s+(\d+\.\d+)\s+(.*)$")
    for line in path.read_text(errors="replace").splitlines():
        found = line_of.match(line)
        if not found:
            continue
        thread, at, rest = found.group(1), float(found.group(2)), found.group(3)
        resumed = re.match(r"<\.\.\. (\w+) resumed>", rest)
        if resumed:
            call = open_calls.pop(thread, None)
            if call:
                call.ended = at
                call.text += rest
            continue
        name = rest.split("(", 1)[0]
        call = Call(name, at, rest)
        calls.append(call)
        if "<unfinished ...>" in rest:
            open_calls[thread] = call
        else:
            call.ended = at
    return calls


def check(calls, is_record, is_answer, is_sync):
    """Between two answers a record is written, and then synced from beginning to end before the answer leaves."""
    order = sorted((call for call in calls if call.ended is not None), key=lambda call: call.begun)
    last_write = last_sync_end = last_sync_begin = None
    seen = 0
    for call in order:
        if is_record(call):
            last_write = call
        elif is_sync(call):
            last_sync_begin, last_sync_end = call.begun, call.ended
        elif is_answer(call):
            seen += 1
            if last_write is None:
                return seen, f"answer {seen} left without a write before it"
            if last_sync_begin is None or last_sync_begin < last_write.ended or last_sync_end > call.begun:
                return seen, f"answer {seen} left at {call.begun}, the record was written until {last_write.ended}, synced {last_sync_begin}..{last_sync_end}"
            last_write = None
    return seen, None


def run(options, folder):
    socai, data, port = str(pathlib.Path(options.socai).resolve()), folder / "data", free_port()
    trace = folder / "trace"
    children = []
    try:
        command = [socai, "run", "--demo=2022", "--roles", "intake", "--listen", f"127.0.0.1:{port}", "--data", str(data)]
        if options.nats:
            nats = free_port()
            config = folder / "nats.conf"
            config.write_text(f'host: 127.0.0.1\nport: {nats}\njetstream {{ store_dir: "{folder}/store", sync_interval: {options.sync_interval} }}\n')
            children.append(subprocess.Popen(traced(trace, [find_nats_server(), "--config", str(config)]), stderr=subprocess.DEVNULL))
            wait_for(lambda: socket.socket().connect_ex(("127.0.0.1", nats)) == 0)
            command += ["--journal", f"nats://127.0.0.1:{nats}/haiphong"]
        else:
            command = traced(trace, command)
        children.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        wait_for(lambda: answers(port))
        token = (data / "clerk.token").read_text().strip()
        time.sleep(1)
        begun = time.time()
        for number in range(COMMANDS):
            post(port, token, number)
        ended = time.time()
    finally:
        for child in reversed(children):
            end(child)
    return [call for call in read_trace(trace) if begun <= call.begun < ended]


def end(child):
    """What strace has started, if it is one: strace itself ends then."""
    tracees = pathlib.Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
    for pid in [int(pid) for pid in tracees] or [child.pid]:
        os.kill(pid, signal.SIGTERM)
    child.wait(20)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socai", default=str(ROOT / "target/debug/socai"), help="the binary")
    parser.add_argument("--nats", action="store_true", help="trace a nats-server with `sync_interval: always` instead of an embedded ledger")
    parser.add_argument("--sync-interval", default="always", help="of that server; with 2m the check must fail, which shows that it can")
    options = parser.parse_args()
    if not shutil.which("strace"):
        sys.exit("strace is not here; Debian's package of that name has it")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="socai-fsync-"))
    try:
        calls = run(options, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if options.nats:
        seen, wrong = check(calls, lambda call: call.name in ("write", "pwrite64") and ".blk>" in call.text,
                            lambda call: "MSG _INBOX" in call.text and PUBLISHED in call.text,
                            lambda call: call.name in ("fsync", "fdatasync") and ".blk>" in call.text)
    else:
        seen, wrong = check(calls, lambda call: call.name == "pwrite64" and "ledger.db-wal>" in call.text,
                            lambda call: "HTTP/1.1 201" in call.text,
                            lambda call: call.name in ("fsync", "fdatasync") and "ledger.db-wal>" in call.text)
    print(f"{seen} acknowledgements; {wrong or 'before each the record was written, then synced, then acknowledged'}")
    return 1 if wrong or seen < COMMANDS else 0


if __name__ == "__main__":
    sys.exit(main())
