// A coordinator with real gRPC that answers by a script and records the calls.
import { createHash } from "node:crypto";
import type { ArtifactKind, Checkpoint } from "@sintonia/proto/sintonia/v1/study";
import {
  type AcquireLeaseResponse,
  Directive,
  LeaseRefusal,
  TrainerServiceDefinition,
  type TrainerServiceImplementation,
  type UploadArtifactRequest,
} from "@sintonia/proto/sintonia/v1/trainer";
import { OPEN_DOORS } from "@sintonia/runtime/grpc/security/server-security";
import { type GrpcServer, service, startGrpcServer } from "@sintonia/runtime/grpc/server";
import { createLogger } from "@sintonia/runtime/logger";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { ServerError, Status } from "nice-grpc";

type Method = Exclude<keyof TrainerServiceImplementation, "reportEpochs">;
type RequestOf<M extends keyof TrainerServiceImplementation> = Parameters<TrainerServiceImplementation[M]>[0];

export interface Upload {
  readonly kind: ArtifactKind | undefined;
  readonly sha256Declared: string | undefined;
  readonly sha256: string;
  readonly bytes: number;
  readonly content: Buffer;
  readonly chunkBytesMax: number;
}

/** Recorded calls, oldest first. An upload is recorded at its end. */
export type Heard =
  | { readonly [M in Exclude<Method, "uploadArtifact">]: { readonly call: M; readonly request: RequestOf<M> } }[Exclude<
      Method,
      "uploadArtifact"
    >]
  | { readonly call: "uploadArtifact"; readonly request: Upload };

export type HeardCall<C extends Heard["call"]> = Extract<Heard, { call: C }>["request"];

/** The script of one trial. */
export interface TrialScript {
  readonly plan: TrainingPlan;
  readonly refusal?: LeaseRefusal;
  readonly heartbeatIntervalMs?: number;
  /** Answer to every heartbeat under the lease of the trial. */
  readonly heartbeat?: Directive;
  /**
   * Checkpoints that the lease offers, newest first. A download of one without content is
   * NOT_FOUND.
   */
  readonly checkpoints?: readonly { readonly checkpoint: Checkpoint; readonly content?: Buffer }[];
  /** First epoch whose report is answered with LEASE_LOST. */
  readonly lostAtEpoch?: number;
}

/** Time to live of every lease, in milliseconds. */
export const TTL_MS = 15_000;

const HEARTBEAT_INTERVAL_MS = 5_000;
const CHUNK_BYTES = 256 * 1024;

export class ScriptedCoordinator {
  readonly heard: Heard[] = [];
  /** Scripts by trial id. */
  readonly scripts = new Map<string, TrialScript>();
  /** Contents of the files that trainers may download, by checksum. */
  readonly files = new Map<string, Buffer>();
  /** Number of following calls that fail as during a restart of a coordinator. */
  failures = 0;
  #token = 0;
  #server: GrpcServer | undefined;
  #silence: Promise<void> | undefined;
  #endSilence = (): void => {};
  #uploadsHeld: Promise<void> | undefined;
  #releaseUploads = (): void => {};
  readonly #waiting = new Set<() => void>();
  #fault: Error | undefined;

  /** Starts the server. @returns its address */
  async start(): Promise<string> {
    const logger = createLogger({ service: "scripted", instance: "test", level: "silent" });
    const services = [service(TrainerServiceDefinition, this.#implementation())];
    this.#server = await startGrpcServer({ host: "127.0.0.1", port: 0, services, logger, doors: OPEN_DOORS });
    return `127.0.0.1:${this.#server.port}`;
  }

  async stop(): Promise<void> {
    this.speak();
    await this.#server?.stop(0);
  }

  /** Leaves all calls unanswered until `speak`. */
  fallSilent(): void {
    this.#silence = new Promise((resolve) => {
      this.#endSilence = resolve;
    });
  }

  /** Leaves all uploads unanswered until `speak`. */
  holdUploads(): void {
    this.#uploadsHeld = new Promise((resolve) => {
      this.#releaseUploads = resolve;
    });
  }

  speak(): void {
    this.#releaseUploads();
    this.#silence = undefined;
    this.#endSilence();
  }

  /** Rejects all waits for calls with a fault. */
  expectNoMore(fault: Error): void {
    this.#fault = fault;
    this.#wake();
  }

  all<C extends Heard["call"]>(call: C): HeardCall<C>[] {
    return this.heard.filter((heard) => heard.call === call).map(({ request }) => request as HeardCall<C>);
  }

  /** Waits for the `count`-th recorded call of a name that satisfies a condition. */
  async nth<C extends Heard["call"]>(
    call: C,
    count = 1,
    fits: (request: HeardCall<C>) => boolean = () => true,
  ): Promise<HeardCall<C>> {
    for (;;) {
      const found = this.all(call).filter(fits)[count - 1];
      if (found !== undefined) return found;
      if (this.#fault !== undefined) throw this.#fault;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async #answer<A>(heard: Heard, answer: A): Promise<A> {
    this.heard.push(heard);
    this.#wake();
    await this.#silence;
    if (this.failures === 0) return answer;
    this.failures -= 1;
    throw new ServerError(Status.UNAVAILABLE, "restarting");
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #implementation(): TrainerServiceImplementation {
    const directive = Directive.CONTINUE;
    return {
      acquireLease: (request) => this.#answer({ call: "acquireLease", request }, this.#lease(request)),
      heartbeat: (request) => {
        const { heartbeat = directive } = this.#script(request.lease?.trialId) ?? {};
        return this.#answer({ call: "heartbeat", request }, { directive: heartbeat });
      },
      reportEpoch: (request) => this.#reportEpoch(request),
      reportEpochs: (requests) => this.#reportEpochs(requests),
      uploadArtifact: async (parts) => {
        const answer = await this.#answer({ call: "uploadArtifact", request: await receive(parts) }, {});
        await this.#uploadsHeld;
        return answer;
      },
      saveCheckpoint: (request) => this.#answer({ call: "saveCheckpoint", request }, { directive }),
      downloadCheckpoint: (request) => this.#download(request),
      downloadFile: (request) => this.#downloadFile(request),
      resumeTrial: (request) => this.#answer({ call: "resumeTrial", request }, { directive }),
      appendOutput: (request) => {
        const endOffset = (request.offset ?? 0) + (request.chunk?.length ?? 0);
        return this.#answer({ call: "appendOutput", request }, { endOffset });
      },
      completeTrial: (request) => this.#answer({ call: "completeTrial", request }, { directive }),
      failTrial: (request) => this.#answer({ call: "failTrial", request }, { directive }),
    };
  }

  /** Records the requests of a stream as single calls. */
  async *#reportEpochs(requests: RequestOf<"reportEpochs">) {
    for await (const request of requests) yield await this.#reportEpoch(request);
  }

  #reportEpoch(request: RequestOf<"reportEpoch">): Promise<{ directive: Directive }> {
    const { lostAtEpoch = Number.POSITIVE_INFINITY } = this.#script(request.lease?.trialId) ?? {};
    const isLost = (request.measurement?.epoch ?? 0) >= lostAtEpoch;
    const directive = isLost ? Directive.LEASE_LOST : Directive.CONTINUE;
    return this.#answer({ call: "reportEpoch", request }, { directive });
  }

  async *#download(request: RequestOf<"downloadCheckpoint">) {
    await this.#answer({ call: "downloadCheckpoint", request }, undefined);
    const offered = this.#script(request.lease?.trialId)?.checkpoints ?? [];
    const content = offered.find(({ checkpoint }) => checkpoint.artifact?.sha256 === request.sha256)?.content;
    if (content === undefined) throw new ServerError(Status.NOT_FOUND, "no such checkpoint");
    for (let start = 0; start < content.length; start += CHUNK_BYTES) {
      yield { chunk: content.subarray(start, start + CHUNK_BYTES) };
    }
  }

  async *#downloadFile(request: RequestOf<"downloadFile">) {
    await this.#answer({ call: "downloadFile", request }, undefined);
    const content = this.files.get(request.sha256);
    if (content === undefined) throw new ServerError(Status.NOT_FOUND, "no such file");
    for (let start = request.offset ?? 0; start < content.length; start += CHUNK_BYTES) {
      yield { chunk: content.subarray(start, start + CHUNK_BYTES) };
    }
  }

  #script(trialId: string | undefined): TrialScript | undefined {
    return trialId === undefined ? undefined : this.scripts.get(trialId);
  }

  #lease({ studyId, trialId, attempt }: RequestOf<"acquireLease">): AcquireLeaseResponse {
    const script = this.#script(trialId);
    if (script === undefined) return { outcome: { $case: "refusal", value: LeaseRefusal.UNKNOWN_TRIAL } };
    const { plan, refusal, heartbeatIntervalMs = HEARTBEAT_INTERVAL_MS } = script;
    if (refusal !== undefined) return { outcome: { $case: "refusal", value: refusal } };
    this.#token += 1;
    const key = { studyId, trialId, attempt, token: this.#token, secret: "" };
    const checkpoints = (script.checkpoints ?? []).map(({ checkpoint }) => checkpoint);
    const value = { key, ttlMs: TTL_MS, heartbeatIntervalMs, planJson: JSON.stringify(plan), checkpoints };
    return { outcome: { $case: "lease", value } };
  }
}

async function receive(parts: AsyncIterable<UploadArtifactRequest>): Promise<Upload> {
  const hash = createHash("sha256");
  let sha256Declared: string | undefined;
  let kind: ArtifactKind | undefined;
  const chunks: Buffer[] = [];
  for await (const { part } of parts) {
    if (part?.$case === "header")
      ({ kind, sha256: sha256Declared } = part.value.artifact ?? { kind, sha256: undefined });
    if (part?.$case !== "chunk") continue;
    hash.update(part.value);
    chunks.push(part.value);
  }
  const content = Buffer.concat(chunks);
  const chunkBytesMax = Math.max(0, ...chunks.map(({ length }) => length));
  return { kind, sha256Declared, sha256: hash.digest("hex"), bytes: content.length, content, chunkBytesMax };
}
