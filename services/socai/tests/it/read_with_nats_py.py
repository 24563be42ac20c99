"""Reads every record of a ledger's stream with nats-py and prints a line of JSON for each. Arguments: server, subject, number of records."""

import asyncio
import hashlib
import json
import sys

import nats


async def main(server, subject, number):
    client = await nats.connect(server)
    records = await client.jetstream().subscribe(subject, ordered_consumer=True)
    for _ in range(number):
        message = await records.next_msg(timeout=10)
        print(json.dumps({
            "position": message.metadata.sequence.stream, "subject": message.subject, "type": message.headers["ce-type"],
            "id": message.headers["ce-id"], "sequence": message.headers["ce-sequence"], "sha256": hashlib.sha256(message.data).hexdigest(),
        }))
    await client.close()


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
