// Follows a study. Modes, and how each is entered:
//   connecting  a stream is open and has sent nothing yet
//   live        the stream has sent an update
//   polling     the stream failed or stayed silent: the study is read at growing intervals, and
//               each interval opens a stream again
//   ended       the study has ended, or the server refused for good

import { WatchStudyResponse } from "@sintonia/proto/sintonia/v1/admin";
import { type Answer, type Fault, isSignedOut } from "./answer.js";
import { allTrials, type Client } from "./client.js";
import { parseJson } from "./json.js";
import { pathOf } from "./transport.js";

/** Mode of the connection to a study. */
export type Connection = "connecting" | "live" | "polling" | "ended";

/** The part of EventSource that the watch uses. */
export interface Stream {
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  close(): void;
}

/** Longest silence before the first update of a stream. A proxy that buffers streams is silent. */
export const FIRST_UPDATE_MS = 10_000;
/** First and longest interval between two polls. */
export const POLL_MS = { first: 1_000, longest: 30_000 } as const;

/** A study to follow, and the effects that this needs. */
export interface WatchOptions {
  readonly client: Pick<Client, "study" | "trials" | "address">;
  readonly studyId: string;
  readonly open: (address: string) => Stream;
  /** Calls back after a time. Returns the function that prevents the call. */
  readonly after: (ms: number, call: () => void) => () => void;
  readonly onUpdate: (update: WatchStudyResponse) => void;
  readonly onConnection: (connection: Connection) => void;
  /** Receives the faults of polls. */
  readonly onFault: (fault: Fault) => void;
}

/** Follows a study until it ends. Returns the function that stops following. */
export function watchStudy(options: WatchOptions): () => void {
  const watch = new Watch(options);
  watch.connect();
  return () => watch.stop();
}

class Watch {
  private stream: Stream | undefined;
  private cancelTimer: () => void = () => undefined;
  private isStopped = false;
  private pollMs: number = POLL_MS.first;

  private readonly options: WatchOptions;

  constructor(options: WatchOptions) {
    this.options = options;
  }

  connect(): void {
    const address = this.options.client.address(`${pathOf("studies", this.options.studyId)}/watch`);
    if (address === undefined) return void this.readOnce();
    const stream = this.options.open(address);
    this.stream = stream;
    this.startTimer(FIRST_UPDATE_MS, () => this.lose());
    stream.addEventListener("update", ({ data }) => this.take(String(data)));
    stream.addEventListener("end", () => this.end());
    for (const loss of ["fault", "error"]) stream.addEventListener(loss, () => this.lose());
  }

  stop(): void {
    this.isStopped = true;
    this.release();
  }

  private take(data: string): void {
    if (this.isStopped) return;
    this.cancelTimer();
    this.pollMs = POLL_MS.first;
    this.options.onConnection("live");
    this.options.onUpdate(WatchStudyResponse.fromJSON(parseJson(data)));
  }

  private end(): void {
    this.stop();
    this.options.onConnection("ended");
  }

  private lose(): void {
    if (this.isStopped) return;
    this.release();
    this.options.onConnection("polling");
    void this.poll();
  }

  private async poll(): Promise<void> {
    const fault = await this.readStudy();
    if (this.isStopped) return;
    if (fault !== undefined) this.options.onFault(fault);
    if (fault !== undefined && isFinal(fault)) return this.end();
    this.startTimer(this.pollMs, () => this.connect());
    this.pollMs = Math.min(2 * this.pollMs, POLL_MS.longest);
  }

  /** Reads a study that has no stream, such as that of a report. */
  private async readOnce(): Promise<void> {
    const fault = await this.readStudy();
    if (fault !== undefined) this.options.onFault(fault);
    this.end();
  }

  private async readStudy(): Promise<Fault | undefined> {
    const { client, studyId } = this.options;
    const [study, trials] = await Promise.all([client.study(studyId), allTrials(client, studyId)]);
    if (!study.ok || !trials.ok) return faultOf(study) ?? faultOf(trials);
    if (this.isStopped) return undefined;
    const update = { study: study.value, trials: trials.value, trainerCount: 0, moreTrials: false };
    this.options.onUpdate(update);
    return undefined;
  }

  private startTimer(ms: number, call: () => void): void {
    this.cancelTimer();
    this.cancelTimer = this.options.after(ms, call);
  }

  private release(): void {
    this.cancelTimer();
    this.stream?.close();
    this.stream = undefined;
  }
}

function faultOf(answer: Answer<unknown>): Fault | undefined {
  return answer.ok ? undefined : answer.fault;
}

/** Returns true if a repeat would be refused as well. */
function isFinal(fault: Fault): boolean {
  return isSignedOut(fault) || fault.code === "NOT_FOUND" || fault.code === "PERMISSION_DENIED";
}
