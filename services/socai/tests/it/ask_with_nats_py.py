"""What a NATS client alone gets of a ledger: it finds the service, reads the last value of every cell, posts commands, and hears what changes.
Arguments: server, ledger, the position to wait for first, a file with a clerk's token, a file with commands, each {key, name, data, bearer?}, one a line.
Prints a line of JSON for each step."""

import asyncio
import json
import pathlib
import sys

import nats


def told(step, value):
    print(json.dumps({"step": step, "value": value}), flush=True)


async def snapshot(client, ledger):
    """Every last value by one direct get (NATS ADR-31): an answer each, and at last one without a payload."""
    inbox = client.new_inbox()
    answers = await client.subscribe(inbox)
    asked = json.dumps({"multi_last": [f"socai.{ledger}.cell.>"]}).encode()
    await client.publish(f"$JS.API.DIRECT.GET.socai-{ledger}-cells", asked, reply=inbox)
    values = {}
    while True:
        message = await answers.next_msg(timeout=10)
        if not message.data:
            return values
        values[message.headers["Nats-Subject"]] = json.loads(message.data)


class Dashboard:
    """What stands, as docs/nats.md says: what is heard may have come too late, and is not what the stream keeps."""

    def __init__(self, client, ledger, values):
        self.client, self.ledger, self.values, self.doubtful = client, ledger, dict(values), set()

    async def hear(self, subject, value):
        if subject.endswith(".cell.position"):
            for doubted in sorted(self.doubtful):
                answer = await self.client.request(f"$JS.API.DIRECT.GET.socai-{self.ledger}-cells.{doubted}", timeout=10)
                self.values[doubted] = json.loads(answer.data)
            self.doubtful.clear()
        if value["position"] > self.values.get(subject, {"position": -1})["position"]:
            self.values[subject] = value
            self.doubtful.discard(subject)
        elif value != self.values[subject]:
            self.doubtful.add(subject)


async def too_late(client, dashboard, changes, subject, old):
    """What a tally sends that was paused and wakes up: the stream refuses it, and whoever subscribes hears it."""
    refused = await client.request(subject, json.dumps(old).encode(), timeout=10, headers={"Nats-Expected-Last-Subject-Sequence": "1"})
    heard = await changes.next_msg(timeout=10)
    await dashboard.hear(heard.subject, json.loads(heard.data))
    held = dashboard.values[subject]
    # The next position has it read again.
    await dashboard.hear(f"socai.{dashboard.ledger}.cell.position", {"position": 0})
    told("too late", {"refused": json.loads(refused.data)["error"]["err_code"], "heard": json.loads(heard.data), "held": held,
                      "stands": dashboard.values[subject]})


async def main(server, ledger, position, token, commands):
    client = await nats.connect(server)
    found = json.loads((await client.request(f"$SRV.INFO.socai-{ledger}", timeout=10)).data)
    told("service", found)

    # What changes from now on is heard before what stands is read, so that nothing is missed.
    changes = await client.subscribe(f"socai.{ledger}.cell.>")
    while True:
        values = await snapshot(client, ledger)
        if values.get(f"socai.{ledger}.cell.position", {"position": 0})["position"] >= int(position):
            break
        await asyncio.sleep(0.05)
    told("snapshot", values)

    last = 0
    for line in pathlib.Path(commands).read_text().splitlines():
        command = json.loads(line)
        headers = {"Authorization": f"Bearer {command.get('bearer', pathlib.Path(token).read_text().strip())}", "Idempotency-Key": command["key"]}
        answer = await client.request(f"socai.{ledger}.cmd.{command['name']}", json.dumps(command["data"]).encode(), timeout=10, headers=headers)
        body = json.loads(answer.data)
        told("answer", {"body": body, "headers": dict(answer.headers)})
        last = max(last, body.get("position") or 0)

    dashboard, position = Dashboard(client, ledger, values), 0
    while position < last:
        message = await changes.next_msg(timeout=30)
        value = json.loads(message.data)
        await dashboard.hear(message.subject, value)
        if message.subject.endswith(".cell.position"):
            position = value["position"]
    moved = {subject: value for subject, value in dashboard.values.items() if value != values.get(subject)}
    told("changes", moved)
    cell = next(subject for subject in moved if subject.count(".") == 6)
    await too_late(client, dashboard, changes, cell, values[cell])
    # Of the same position, as when a new day has changed what is due.
    await too_late(client, dashboard, changes, cell, {**moved[cell], "actual": -1})
    told("stats", json.loads((await client.request(f"$SRV.STATS.socai-{ledger}", timeout=10)).data))
    await client.close()


asyncio.run(main(*sys.argv[1:6]))
