"""Reads every record of a ledger's stream with nats-py, has the parser of the CloudEvents library read it, and prints a line of JSON for each.
Arguments: server, subject, number of records."""

import asyncio
import hashlib
import json
import sys

import nats
from cloudevents.core.bindings.http import HTTPMessage, from_binary
from cloudevents.core.formats.base import Format


class Untouched(Format):
    """The data are protobuf, which a CloudEvents library leaves as they are."""

    def read_data(self, body, datacontenttype):
        return body

    def read(self, *_):
        raise NotImplementedError

    write = write_data = get_content_type = read


async def main(server, subject, number):
    client = await nats.connect(server)
    records = await client.jetstream().subscribe(subject, ordered_consumer=True)
    for _ in range(number):
        message = await records.next_msg(timeout=10)
        # The binding for NATS has the headers of the one for HTTP.
        event = from_binary(HTTPMessage(dict(message.headers), message.data), Untouched())
        print(json.dumps({
            "position": message.metadata.sequence.stream, "subject": message.subject, "type": event.get_type(), "id": event.get_id(),
            "source": event.get_source(), "time": event.get_time().isoformat(), "datacontenttype": event.get_datacontenttype(),
            "sequence": event.get_extension("sequence"), "recordedtime": event.get_extension("recordedtime"),
            "correlationid": event.get_extension("correlationid"), "sha256": hashlib.sha256(event.get_data()).hexdigest(),
        }))
    await client.close()


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
