import type { ReportEpochsRequest, ReportEpochsResponse } from "@sintonia/proto/sintonia/v1/trainer";
import type { Timers } from "@sintonia/runtime/clock";
import { ClientError, Status } from "nice-grpc-common";

/** The path of the call, for errors. */
export const REPORTS_PATH = "/sintonia.v1.TrainerService/ReportEpochs";

/** Opens a stream of reports. */
export type OpenReports = (
  requests: AsyncIterable<ReportEpochsRequest>,
  options: { readonly signal: AbortSignal },
) => AsyncIterable<ReportEpochsResponse>;

/** The report that waits for its answer. */
interface Pending {
  resolve(answer: ReportEpochsResponse): void;
  reject(error: unknown): void;
}

/** One call with a stream of reports, each answered before the next one. */
export class ReportStream {
  readonly #timers: Timers;
  readonly #call = new AbortController();
  #unsent: ReportEpochsRequest | undefined;
  #pending: Pending | undefined;
  #wake: () => void = () => undefined;
  #isOver = false;

  /** @param open - is called at once */
  constructor(open: OpenReports, timers: Timers) {
    this.#timers = timers;
    void this.#receive(open(this.#requests(), { signal: this.#call.signal }));
  }

  /** True once the stream takes no further report. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Sends a report. The one before has been answered.
   *
   * @param timeoutMs - time limit of the answer, in milliseconds; without one the stream ends
   * @throws {ClientError} if the stream ends before the answer
   */
  async report(request: ReportEpochsRequest, timeoutMs: number, signal: AbortSignal): Promise<ReportEpochsResponse> {
    const late = new ClientError(REPORTS_PATH, Status.DEADLINE_EXCEEDED, "The coordinator did not answer in time.");
    const cancel = (): void => this.#cancel(signal.reason);
    const stopTimer = this.#timers.after(timeoutMs, () => this.#cancel(late));
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.#pending = { resolve, reject };
        this.#unsent = request;
        this.#wake();
      });
    } finally {
      stopTimer();
      signal.removeEventListener("abort", cancel);
    }
  }

  /** Ends the stream in order, after the answer of the last report. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *#requests(): AsyncGenerator<ReportEpochsRequest> {
    while (!this.#isOver) {
      const request = this.#unsent;
      this.#unsent = undefined;
      if (request !== undefined) yield request;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  async #receive(answers: AsyncIterable<ReportEpochsResponse>): Promise<void> {
    try {
      for await (const answer of answers) this.#pending?.resolve(answer);
      this.#close(new ClientError(REPORTS_PATH, Status.UNAVAILABLE, "The coordinator ended the stream of reports."));
    } catch (error) {
      this.#close(error);
    }
  }

  #cancel(reason: unknown): void {
    this.#close(reason);
    this.#call.abort();
  }

  #close(reason: unknown): void {
    this.end();
    this.#pending?.reject(reason);
  }
}
