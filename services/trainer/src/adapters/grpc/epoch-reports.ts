import {
  Directive,
  type LeaseKey,
  type ReportEpochsRequest,
  type TrainerServiceDefinition,
} from "@sintonia/proto/sintonia/v1/trainer";
import { sleep, type Timers } from "@sintonia/runtime/clock";
import { OverloadError } from "@sintonia/runtime/grpc/pushback";
import { type Client, ClientError, Status } from "nice-grpc";
import { REPORTS_PATH, ReportStream } from "./report-stream.js";

/** Time limit of a report in milliseconds, with its repetitions for lack of room. */
const REPORT_MS = 10_000;

/** A report with its lease. */
type Report = ReportEpochsRequest & { readonly lease: LeaseKey };

/** The client's calls that report epochs. */
type ReportCalls = Pick<Client<TrainerServiceDefinition>, "reportEpoch" | "reportEpochs">;

/**
 * The epoch reports of a trainer: one stream for each lease. A coordinator of an earlier version
 * gets single calls.
 */
export class EpochReports {
  readonly #client: ReportCalls;
  readonly #timers: Timers;
  #stream: { readonly lease: LeaseKey; readonly reports: ReportStream } | undefined;
  #isStreamed = true;

  constructor(client: ReportCalls, timers: Timers) {
    this.#client = client;
    this.#timers = timers;
  }

  /**
   * Reports an epoch. The report before has been answered.
   *
   * @throws {ClientError}
   */
  async send(report: Report, signal: AbortSignal): Promise<{ readonly directive: Directive }> {
    if (!this.#isStreamed) return await this.#client.reportEpoch(report, { signal });
    try {
      const answer = await this.#untilRoom(report, signal);
      if (answer.directive !== Directive.CONTINUE) this.end();
      return answer;
    } catch (error) {
      if (!(error instanceof ClientError && error.code === Status.UNIMPLEMENTED)) throw error;
      this.#isStreamed = false;
      return await this.send(report, signal);
    }
  }

  /** Ends the stream: the trial has ended. */
  end(): void {
    this.#stream?.reports.end();
    this.#stream = undefined;
  }

  /** Repeats a report while the coordinator has no room for it, after the delay that it asks. */
  async #untilRoom(report: Report, signal: AbortSignal): Promise<{ readonly directive: Directive }> {
    const endMs = this.#timers.monotonicMs() + REPORT_MS;
    for (;;) {
      signal.throwIfAborted();
      const remainingMs = endMs - this.#timers.monotonicMs();
      const { directive, retryAfterMs } = await this.#streamOf(report.lease).report(report, remainingMs, signal);
      if (retryAfterMs === 0) return { directive };
      const waitMs = retryAfterMs * (1 + this.#timers.random());
      if (this.#timers.monotonicMs() + waitMs > endMs)
        throw new OverloadError(REPORTS_PATH, Status.RESOURCE_EXHAUSTED, "The coordinator has no room.");
      await sleep(waitMs, this.#timers, signal);
    }
  }

  #streamOf(lease: LeaseKey): ReportStream {
    const present = this.#stream;
    if (present !== undefined && !present.reports.isOver && isSame(present.lease, lease)) return present.reports;
    this.end();
    const reports = new ReportStream((requests, options) => this.#client.reportEpochs(requests, options), this.#timers);
    this.#stream = { lease, reports };
    return reports;
  }
}

function isSame(one: LeaseKey, other: LeaseKey): boolean {
  return one.studyId === other.studyId && one.token === other.token;
}
