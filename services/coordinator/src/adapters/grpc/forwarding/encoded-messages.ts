// Messages that stay encoded until this coordinator answers them itself. A forwarded message keeps
// its bytes, also fields that this version does not know, and costs no decoding.

import { messageOf } from "@sintonia/runtime/errors";
import { ServerError, type ServerMiddleware, Status } from "nice-grpc-common";

/** The encoding of one message, as ts-proto generates it. */
interface MessageType {
  fromPartial(message: unknown): unknown;
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
}

/** A service definition, as ts-proto generates it. */
export interface Definition {
  readonly name: string;
  readonly fullName: string;
  readonly methods: Readonly<Record<string, Method>>;
}

interface Method {
  readonly name: string;
  readonly requestType: unknown;
  readonly responseType: unknown;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly options: object;
}

/** The type of a message that stays encoded. */
const BYTES = {
  encode: (bytes: Uint8Array) => ({ finish: () => bytes }),
  decode: (bytes: Uint8Array) => bytes,
};

/** Returns the path of each call of a service, such as "/sintonia.v1.AdminService/GetStudy". */
export function pathOf({ fullName }: Definition, { name }: Pick<Method, "name">): string {
  return `/${fullName}/${name}`;
}

/** Returns a definition of the same calls whose messages are bytes. */
export function encodedDefinition<D extends Definition>(definition: D): D {
  const methods = Object.entries(definition.methods).map(([key, method]) => [
    key,
    { ...method, requestType: BYTES, responseType: BYTES },
  ]);
  return { ...definition, methods: Object.fromEntries(methods) };
}

/** Returns a middleware that decodes the requests of the services, and encodes the answers. */
export function decodeMessages(definitions: readonly Definition[]): ServerMiddleware {
  const methods = new Map(
    definitions.flatMap((each) => Object.values(each.methods).map((method) => [pathOf(each, method), method] as const)),
  );
  return async function* decode(call, context) {
    const method = methods.get(call.method.path);
    if (method === undefined) return yield* call.next(call.request, context);
    const request = call.requestStream
      ? decodedStream(method, call.request as AsyncIterable<Uint8Array>)
      : decoded(method, call.request as Uint8Array);
    const answers = call.next(request as typeof call.request, context);
    if (!call.responseStream) return encoded(method, yield* answers) as never;
    for await (const answer of answers) yield encoded(method, answer) as typeof answer;
  };
}

async function* decodedStream(method: Method, messages: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  for await (const bytes of messages) yield decoded(method, bytes);
}

/** @throws {ServerError} INTERNAL, as gRPC answers to bytes that are no message */
function decoded({ requestType }: Method, bytes: Uint8Array): unknown {
  try {
    return (requestType as MessageType).decode(bytes);
  } catch (error) {
    throw new ServerError(Status.INTERNAL, `The request cannot be decoded: ${messageOf(error)}`);
  }
}

function encoded({ responseType }: Method, message: unknown): Uint8Array {
  const { fromPartial, encode } = responseType as MessageType;
  return encode(fromPartial(message)).finish();
}
