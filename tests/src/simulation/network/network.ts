// Calls between processes. A call fails as over gRPC: UNAVAILABLE if nobody listens or the server
// ends, DEADLINE_EXCEEDED if a message is lost. The server may have carried out either.

import { ClientError, Status } from "nice-grpc-common";
import type { SimulatedProcess } from "../world/process.js";
import type { World } from "../world/world.js";

/** A server that answers calls. */
export interface Server {
  readonly process: SimulatedProcess;
  readonly answer: (method: string, request: unknown) => Promise<unknown>;
}

/** The limits of one call. */
export interface CallLimits {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The connections of one process. */
export class Connections {
  readonly #world: World;
  readonly #from: SimulatedProcess;
  /** Returns the server that a new call reaches. */
  readonly #server: () => Server | undefined;

  constructor(world: World, from: SimulatedProcess, server: () => Server | undefined) {
    this.#world = world;
    this.#from = from;
    this.#server = server;
  }

  /** Makes a call. The handler runs twice if the request is doubled. */
  async call(method: string, request: unknown, { deadlineMs, signal }: CallLimits): Promise<unknown> {
    signal?.throwIfAborted();
    let abort = (): void => undefined;
    const answer = new Promise((resolve, reject) => {
      abort = () => reject(signal?.reason);
      const fail = (code: Status, details: string) => reject(new ClientError(method, code, details));
      const end = this.#from.after(deadlineMs, () => fail(Status.DEADLINE_EXCEEDED, "no answer in time"));
      signal?.addEventListener("abort", abort, { once: true });
      const arrive = (settle: () => void) => () => {
        end();
        settle();
      };
      const back = (settle: () => void): void => this.#world.send(() => this.#from.run(arrive(settle)));
      this.#world.send(() => {
        const server = this.#server();
        if (server === undefined) return back(() => fail(Status.UNAVAILABLE, "connection refused"));
        this.#reach(server, { method, request }, (settle) => back(() => settle(resolve, fail)));
      });
    });
    return await answer.finally(() => signal?.removeEventListener("abort", abort));
  }

  #reach(server: Server, { method, request }: { method: string; request: unknown }, back: (settle: Settle) => void) {
    const { process } = server;
    process.onDeath(() => back((_, fail) => fail(Status.UNAVAILABLE, "connection reset")));
    process.run(() => {
      server.answer(method, request).then(
        (answer) => process.run(() => back((resolve) => resolve(answer))),
        (error: unknown) => process.run(() => back((_, fail) => fail(...this.#failureOf(error)))),
      );
    });
  }

  /** As the server's middleware: an unexpected error reveals nothing. */
  #failureOf(error: unknown): [Status, string] {
    if (error instanceof ClientError) return [error.code, error.details];
    if (!UNMAPPED.test((error as Error).name)) this.#world.fail(error);
    return [Status.INTERNAL, "internal error"];
  }
}

/** Errors that reach the middleware: of an outdated coordinator, and of a broken upload. */
const UNMAPPED = /^AnotherWriterError$|^BrokenStreamError$/;

type Settle = (resolve: (answer: unknown) => void, fail: (code: Status, details: string) => void) => void;
