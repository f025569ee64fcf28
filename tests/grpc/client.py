"""Calls a coordinator as a program in Python would: from the published proto files alone.

Prints one JSON line for each call: its status, and the details of google.rpc in it.
Usage: client.py PROTO_FOLDER ADDRESS TOKEN
"""

import json
import sys

PROTO_FOLDER, ADDRESS, TOKEN = sys.argv[1:]
sys.path.insert(0, PROTO_FOLDER)

import grpc  # noqa: E402
from google.protobuf.json_format import MessageToDict  # noqa: E402
from google.rpc import error_details_pb2  # noqa: E402
from grpc_status import rpc_status  # noqa: E402

messages, services = grpc.protos_and_services("sintonia/v1/admin.proto")

TYPES = [error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.ResourceInfo]


def details_of(error):
    status = rpc_status.from_call(error)
    found = {}
    for detail in [] if status is None else status.details:
        for kind in TYPES:
            if detail.Is(kind.DESCRIPTOR):
                message = kind()
                detail.Unpack(message)
                found[kind.DESCRIPTOR.name] = MessageToDict(message)
    return found


def show(name, call):
    try:
        call()
        print(json.dumps({"call": name, "code": "OK"}))
    except grpc.RpcError as error:
        print(json.dumps({"call": name, "code": error.code().name, "details": details_of(error)}))


with grpc.insecure_channel(ADDRESS) as channel:
    stub = services.AdminServiceStub(channel)
    known = [("authorization", f"Bearer {TOKEN}")]
    unknown_study = messages.GetStudyRequest(study_id="nowhere")
    show("list", lambda: stub.ListStudies(messages.ListStudiesRequest(), metadata=known))
    show("unknown caller", lambda: stub.ListStudies(messages.ListStudiesRequest()))
    show("viewer", lambda: stub.StopStudy(messages.StopStudyRequest(study_id="nowhere"), metadata=known))
    show("unknown study", lambda: stub.GetStudy(unknown_study, metadata=known))
    show("wrong field", lambda: stub.GetStudy(messages.GetStudyRequest(study_id="No Name"), metadata=known))
