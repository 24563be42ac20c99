"""Asks a node over gRPC with grpcio, and learns all messages by reflection. Arguments: address, token, last position to follow to.

Prints one line of JSON: the services, the health, every measure's numbers, position and SHA-256 of every record, and the answer to a stranger.
"""

import hashlib
import json
import sys

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase


def main(address, token, last):
    channel = grpc.insecure_channel(address)
    reflected = ProtoReflectionDescriptorDatabase(channel)
    pool = descriptor_pool.DescriptorPool(reflected)
    bearer = (("authorization", f"Bearer {token}"),)

    def call(service, method, metadata, **fields):
        described = pool.FindServiceByName(service).FindMethodByName(method)
        question, answer = (message_factory.GetMessageClass(kind) for kind in (described.input_type, described.output_type))
        kind = channel.unary_stream if described.server_streaming else channel.unary_unary
        asked = kind(f"/{service}/{method}", question.SerializeToString, answer.FromString)
        return asked(question(**fields), metadata=metadata, timeout=30)

    period = {"programme": "nq28", "period": "2022"}
    tallies = call("socai.tally.v1.TallyService", "GetTallies", bearer, min_position=last, **period).tallies
    records = []
    followed = call("socai.ledger.v1.LedgerService", "Follow", bearer)
    for message in followed:
        records.append([message.record.position, hashlib.sha256(message.record.body).hexdigest()])
        if message.record.position == last:
            break
    followed.cancel()
    try:
        stranger = call("socai.tally.v1.TallyService", "GetTallies", (), **period)
    except grpc.RpcError as error:
        stranger = [error.code().name, dict(error.trailing_metadata())["problem-type"]]
    health = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())
    print(json.dumps({
        "services": sorted(reflected.get_services()), "health": json_format.MessageToDict(health)["status"],
        "measures": [[m.measure, m.whole.actual, m.whole.plan, m.total, m.whole.percent, len(m.cells)] for m in tallies.measures],
        "records": records, "stranger": stranger,
    }))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
