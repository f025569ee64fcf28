import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import type { Status } from "nice-grpc-common";
import { Any, BadRequest, ErrorInfo, ResourceInfo, RetryInfo } from "nice-grpc-error-details";

/** Metadata that carries a google.rpc.Status. */
export const STATUS_METADATA = "grpc-status-details-bin";

/** The details that this project sends. */
export type Detail = ErrorInfo | BadRequest | ResourceInfo | RetryInfo;

const MESSAGES = [ErrorInfo, BadRequest, ResourceInfo, RetryInfo];

/** Encodes a google.rpc.Status, whose own type the package of its details keeps to itself. */
export function statusBytes(code: Status, message: string, details: readonly Detail[]): Uint8Array {
  const writer = new BinaryWriter().uint32(tag(1, VARINT)).int32(code).uint32(tag(2, BYTES)).string(message);
  for (const detail of details) writer.uint32(tag(3, BYTES)).bytes(anyBytes(detail));
  return writer.finish();
}

/** Decodes the details of a google.rpc.Status. Leaves out those of other types. */
export function statusDetails(bytes: Uint8Array): readonly Detail[] {
  const reader = new BinaryReader(bytes);
  const details: Detail[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 3) details.push(...detailsIn(reader.bytes()));
    else reader.skip(wireType);
  }
  return details;
}

function detailsIn(any: Uint8Array): readonly Detail[] {
  const { typeUrl, value } = Any.decode(any);
  const type = MESSAGES.find(({ $type }) => typeUrl.endsWith(`/${$type}`));
  return type === undefined ? [] : [type.decode(value)];
}

/** Wire types of protobuf. */
const VARINT = 0;
const BYTES = 2;

function tag(field: number, wireType: number): number {
  return field * 8 + wireType;
}

function anyBytes(detail: Detail): Uint8Array {
  const type = MESSAGES.find(({ $type }) => $type === detail.$type);
  const value = type?.encode(detail as never).finish() ?? new Uint8Array();
  return Any.encode(Any.fromPartial({ typeUrl: `type.googleapis.com/${detail.$type}`, value })).finish();
}
