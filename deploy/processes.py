"""Child processes that make up a stack on one machine: nats-server, PostgreSQL, socai. Used by deploy/run-nats and deploy/stack."""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60
# Between the death of a process and its next start.
PAUSE_SECONDS = 0.5
# Of what a shell may have set for the program, the one thing that the processes here are told as well.
HOW_MUCH_IS_LOGGED = "SOCAI_LOG"
# Survives a restart of the machine, as what lies in DATA does.
REACHED_BY_EVERYBODY = "/var/tmp"
# What psql ends with when there is no connection.
PSQL_NOT_CONNECTED = 2


class Failed(Exception):
    pass


def with_settings(own):
    """The environment of a process. What a shell has set for a program there, its token or its ledger, reaches none of them."""
    inherited = {name: value for name, value in os.environ.items() if name == HOW_MUCH_IS_LOGGED or not name.startswith("SOCAI_")}
    return inherited | own


class Process:
    def __init__(self, folder, name, command, environment, stop):
        self.name, self.command, self.environment, self.how = name, command, environment or {}, stop
        self.log = folder / f"{name}.log"
        self.begin()

    def begin(self):
        with open(self.log, "ab") as log:
            # A session of its own: Ctrl-C reaches the script only, which then stops them in order.
            self.child = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                          env=with_settings(self.environment))

    def has_ended(self):
        return self.child.poll() is not None

    def end(self):
        if self.has_ended():
            return
        self.child.send_signal(self.how)
        # One that was stopped hears nothing else.
        self.child.send_signal(signal.SIGCONT)
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            print(f"  {self.name} does not stop; killed", file=sys.stderr)
            self.child.kill()
            self.child.wait()

    def announce(self, how=""):
        print(f"  {self.name:<13} pid {self.child.pid}, {how}{self.log}", flush=True)


class Processes:
    """Child processes in the order in which they were started."""

    def __init__(self, folder):
        self.folder, self.running = folder, []

    def start(self, name, command, ready, environment=None, stop=signal.SIGTERM):
        if ready():
            raise Failed(f"something answers already where {name} is to be: another stack? Stop it, or give --port and --data")
        self.begin(name, command, environment, stop)
        self.wait(name, ready)

    def begin(self, name, command, environment=None, stop=signal.SIGTERM):
        self.running.append(Process(self.folder, name, command, environment, stop))

    def wait(self, name, ready):
        begun = time.monotonic()
        (process,) = [process for process in self.running if process.name == name]
        while not ready():
            self.check()
            if time.monotonic() - begun > PATIENCE_SECONDS:
                raise Failed(f"{name} did not become ready in {PATIENCE_SECONDS} s; see {process.log}")
            time.sleep(0.05)
        process.announce()

    def check(self):
        for process in self.running:
            if process.has_ended():
                raise Failed(f"{process.name} has ended with code {process.child.returncode}; see {process.log}")

    def revive(self):
        """Starts again what has ended, as a supervisor does."""
        for process in self.running:
            if process.has_ended():
                print(f"  {process.name} has ended with code {process.child.returncode}", flush=True)
                time.sleep(PAUSE_SECONDS)
                process.begin()
                process.announce("started again, ")

    def stop(self):
        # A second Ctrl-C, out of impatience, must not leave some of them behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for process in reversed(self.running):
            process.end()


def listens(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def answers(port):
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
        return answer.status == 200
    return False


def find_nats_server():
    named = os.environ.get("SOCAI_NATS_SERVER")
    found = named or next((str(path) for path in [ROOT / ".tools/nats-server"] if path.is_file()), None) or shutil.which("nats-server")
    return found or fail("there is no nats-server: deploy/tools/fetch-nats-server gets one")


def find_postgres():
    named = [os.environ["SOCAI_PG_BIN"]] if "SOCAI_PG_BIN" in os.environ else []
    folders = named + [ROOT / ".tools/postgresql/bin"] + os.environ["PATH"].split(os.pathsep)
    folders += sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = next((pathlib.Path(f) for f in folders if (pathlib.Path(f) / "initdb").is_file() and (pathlib.Path(f) / "postgres").is_file()), None)
    return found or fail("there is no PostgreSQL server: deploy/tools/install-postgres gets one")


def as_somebody_else(folder):
    """PostgreSQL refuses to run as root: the prefix of a command as another user, who then owns the folder."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            os.chown(folder, user.pw_uid, user.pw_gid)
            return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return fail("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`")


def can_write(prefix, folder):
    return subprocess.run(prefix + ["test", "-w", str(folder)], check=False).returncode == 0


def home_of_postgres(data):
    """Where its cluster is kept, and the prefix of its commands. Where the other user cannot reach DATA, as below a home that only root may enter,
    DATA/postgres is a link to a folder that they can reach. It is made once, so that a later start finds its rows again."""
    link = data / "postgres"
    if link.is_symlink() and not link.exists():
        fail(f"{link} leads to {os.readlink(link)}, which is gone, and the views' rows with it; remove the link, and they are folded anew")
    link.mkdir(exist_ok=True)
    home = link.resolve()
    prefix = as_somebody_else(home)
    if not can_write(prefix, home) and not any(home.iterdir()):
        home = pathlib.Path(tempfile.mkdtemp(prefix="socai-postgres-", dir=REACHED_BY_EVERYBODY))
        link.rmdir()
        link.symlink_to(home)
        as_somebody_else(home)
        print(f"  PostgreSQL's user cannot reach {data}: its rows are kept in {home}", flush=True)
    if not can_write(prefix, home):
        fail(f"the user that PostgreSQL runs as cannot reach {home}; give --data a folder under a path that everybody may enter")
    return home, prefix


def start_postgres(processes, data, port, password=None):
    """A cluster of its own. Without a password everybody on this machine is let in."""
    binaries = find_postgres()
    home, prefix = home_of_postgres(data)
    cluster = home / "cluster"
    if not (cluster / "PG_VERSION").exists():
        with_password = home / "password"
        how = ["--auth", "trust"]
        if password:
            write_secret(with_password, password)
            how = ["--auth", "scram-sha-256", "--pwfile", str(with_password)]
        run(prefix + [str(binaries / "initdb"), "--pgdata", str(cluster), "--username", "socai", "--encoding", "UTF8", "--locale", "C"] + how, home)
        with_password.unlink(missing_ok=True)
    # SIGINT is PostgreSQL's fast shutdown.
    processes.start("postgres", prefix + [str(binaries / "postgres"), "-D", str(cluster), "-p", str(port), "-h", "127.0.0.1", "-k", ""],
                    lambda: listens(port), stop=signal.SIGINT)


def write_secret(file, secret):
    """For the owner of the folder only, who may be somebody else than we are."""
    owner = file.parent.stat()
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as out:
        out.write(secret)
    if os.geteuid() == 0:
        os.chown(file, owner.st_uid, owner.st_gid)


def run_sql(port, file, password, environment):
    """By psql, as the user who made the cluster. A server that listens may still be starting."""
    beside = find_postgres() / "psql"
    psql = str(beside) if beside.is_file() else shutil.which("psql") or fail("there is no psql; it comes with PostgreSQL's client programs")
    command = [psql, "--no-psqlrc", "--host", "127.0.0.1", "--port", str(port), "--username", "socai", "--dbname", "postgres", "--file", str(file)]
    begun = time.monotonic()
    while True:
        done = subprocess.run(command, env=with_settings(environment | {"PGPASSWORD": password}), stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False)
        if done.returncode == 0:
            return
        if done.returncode != PSQL_NOT_CONNECTED or time.monotonic() - begun > PATIENCE_SECONDS:
            fail(f"{file} failed:\n{done.stdout}{done.stderr}")
        time.sleep(0.2)


def run(command, cwd):
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        fail(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def fail(why):
    raise Failed(why)
