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

    values, position = {}, 0
    while position < last:
        message = await changes.next_msg(timeout=30)
        value = json.loads(message.data)
        values[message.subject] = value
        if message.subject.endswith(".cell.position"):
            position = value["position"]
    told("changes", values)
    told("stats", json.loads((await client.request(f"$SRV.STATS.socai-{ledger}", timeout=10)).data))
    await client.close()


asyncio.run(main(*sys.argv[1:6]))
