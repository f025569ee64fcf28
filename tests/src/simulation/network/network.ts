// Calls between processes. A call fails as over gRPC: UNAVAILABLE if nobody listens or the server
// ends, DEADLINE_EXCEEDED if a message is lost. The server may have carried out either.

import type { Timers } from "@sintonia/runtime/clock";
import { ClientError, Metadata, Status } from "nice-grpc-common";
import type { SimulatedProcess } from "../world/process.js";
import type { World } from "../world/world.js";

/** Receives the metadata at the end of a call. */
type OnTrailer = (trailer: Metadata) => void;

/** A server that answers calls. */
export interface Server {
  readonly process: SimulatedProcess;
  readonly answer: (method: string, request: unknown, onTrailer: OnTrailer) => Promise<unknown>;
}

/** The limits of one call. */
export interface CallLimits {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onTrailer?: OnTrailer | undefined;
}

/** The connections of one process. */
export class Connections {
  readonly world: World;
  readonly #from: SimulatedProcess;
  /** Returns the server that a new call reaches; undefined if nobody listens. */
  readonly #server: () => Server | undefined;

  constructor(world: World, from: SimulatedProcess, server: () => Server | undefined) {
    this.world = world;
    this.#from = from;
    this.#server = server;
  }

  /** The timers of the process. */
  get timers(): Timers {
    return this.#from.timers;
  }

  /** Makes a call. The handler runs twice if the request is doubled. */
  async call(method: string, request: unknown, { deadlineMs, signal, onTrailer }: CallLimits): Promise<unknown> {
    signal?.throwIfAborted();
    let abort = (): void => undefined;
    const answer = new Promise((resolve, reject) => {
      abort = () => reject(signal?.reason);
      const fail = (code: Status, details: string) => reject(new ClientError(method, code, details));
      const end = this.#from.after(deadlineMs, () => fail(Status.DEADLINE_EXCEEDED, "no answer in time"));
      signal?.addEventListener("abort", abort, { once: true });
      const arrive = (settle: Settle, trailer: Metadata) => () => {
        end();
        onTrailer?.(trailer);
        settle(resolve, fail);
      };
      const back: Back = (settle, trailer = Metadata()) =>
        this.world.send(() => this.#from.run(arrive(settle, trailer)));
      this.world.send(() => {
        const server = this.#server();
        if (server === undefined) back((_, refuse) => refuse(Status.UNAVAILABLE, "connection refused"));
        else this.#reach(server, { method, request }, back);
      });
    });
    return await answer.finally(() => signal?.removeEventListener("abort", abort));
  }

  #reach(server: Server, { method, request }: { method: string; request: unknown }, back: Back) {
    const { process } = server;
    let trailer: Metadata | undefined;
    const onTrailer = (sent: Metadata): void => {
      trailer = sent;
    };
    process.onDeath(() => back((_, fail) => fail(Status.UNAVAILABLE, "connection reset")));
    process.run(() => {
      server.answer(method, request, onTrailer).then(
        (answer) => process.run(() => back((resolve) => resolve(answer), trailer)),
        (error: unknown) => process.run(() => back((_, fail) => fail(...this.#failureOf(error)), trailer)),
      );
    });
  }

  /** As the server's middleware: an unexpected error reveals nothing. */
  #failureOf(error: unknown): [Status, string] {
    if (error instanceof ClientError) return [error.code, error.details];
    if (!UNMAPPED.test((error as Error).name)) this.world.fail(error);
    return [Status.INTERNAL, "internal error"];
  }
}

/** Errors that reach the middleware: of an outdated coordinator, and of a broken upload. */
const UNMAPPED = /^AnotherWriterError$|^BrokenStreamError$/;

type Settle = (resolve: (answer: unknown) => void, fail: (code: Status, details: string) => void) => void;

/** Sends an answer back. */
type Back = (settle: Settle, trailer?: Metadata) => void;
