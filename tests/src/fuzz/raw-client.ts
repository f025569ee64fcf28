// A client that sends any bytes as the messages of a call.

import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { ClientError, createChannel, createClientFactory, Status } from "nice-grpc";

/** A call by its service's method. */
export interface Method {
  readonly name: string;
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly encode: (message: unknown) => Uint8Array;
}

/** The outcome of a call. */
export interface Outcome {
  readonly code: Status;
  readonly details: string;
}

/** Every call of both services, by name. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  [TrainerServiceDefinition, AdminServiceDefinition].flatMap(({ fullName, methods }) =>
    Object.entries(methods).map(([key, { name, requestType, requestStream, responseStream }]) => {
      const { fromPartial, encode } = requestType as unknown as MessageType;
      const path = `/${fullName}/${name}`;
      const encodeAny = (message: unknown) => encode(fromPartial(message)).finish();
      return [key, { name: key, path, requestStream, responseStream, encode: encodeAny }] as const;
    }),
  ),
);

interface MessageType {
  fromPartial(message: unknown): unknown;
  encode(message: unknown): { finish(): Uint8Array };
}

/** Deadline of a call in ms. A call without an answer fails the test. */
const DEADLINE_MS = 20_000;

/** Answers of a stream that are read before the client leaves. */
const ANSWERS_MAX = 1;

const raw = (bytes: Uint8Array): Buffer => Buffer.from(bytes);

/** The calls by name, as nice-grpc makes them. */
type Calls = Readonly<Record<string, (request: unknown, options: object) => unknown>>;

/** A connection to a coordinator for raw calls. */
export class RawClient {
  readonly #channel: ReturnType<typeof createChannel>;
  readonly #calls: Calls;

  constructor(address: string) {
    this.#channel = createChannel(address);
    const definitions = [...METHODS.values()].map(({ name, path, requestStream, responseStream }) => {
      const coding = {
        requestSerialize: raw,
        requestDeserialize: raw,
        responseSerialize: raw,
        responseDeserialize: raw,
      };
      return [name, { path, requestStream, responseStream, ...coding }] as const;
    });
    const factory = createClientFactory();
    this.#calls = factory.create(Object.fromEntries(definitions), this.#channel) as unknown as Calls;
  }

  /** Makes a call. A stream of requests has all messages, any other call the first. */
  async call({ name, requestStream, responseStream }: Method, messages: readonly Uint8Array[]): Promise<Outcome> {
    const request = requestStream ? streamOf(messages) : (messages[0] ?? new Uint8Array());
    try {
      const answer = this.#calls[name]?.(request, { signal: AbortSignal.timeout(DEADLINE_MS) });
      if (responseStream) await readSome(answer as AsyncIterable<unknown>);
      else await (answer as Promise<unknown>);
      return { code: Status.OK, details: "" };
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      return { code: error.code, details: error.details };
    }
  }

  close(): void {
    this.#channel.close();
  }
}

async function* streamOf(messages: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* messages;
}

async function readSome(answers: AsyncIterable<unknown>): Promise<void> {
  let read = 0;
  // A watch of an active study does not end.
  for await (const _ of answers) if (++read >= ANSWERS_MAX) return;
}
