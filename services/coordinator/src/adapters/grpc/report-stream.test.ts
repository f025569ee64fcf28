import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Directive, type ReportEpochsRequest, type ReportEpochsResponse } from "@sintonia/proto/sintonia/v1/trainer";
import { OverloadStatus } from "@sintonia/runtime/grpc/pushback";
import { Status } from "nice-grpc-common";
import { epochOf, Scenario } from "../../core/scenario.fixture.js";
import type { Coordinator } from "../../shell/running/coordinator.js";
import { type TrainerServiceContext, trainerService } from "./trainer-service.js";

const CALLER = { name: "trainer-1", role: "trainer" };

/** Requests that arrive when the test sends them. */
class Requests {
  readonly #waiting: ReportEpochsRequest[] = [];
  #wake: () => void = () => undefined;

  send(request: ReportEpochsRequest): void {
    this.#waiting.push(request);
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ReportEpochsRequest> {
    for (;;) {
      const request = this.#waiting.shift();
      if (request !== undefined) yield request;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

describe("a stream of reports", () => {
  let scenario: Scenario;
  let stopping: AbortController;
  let requests: Requests;
  let answers: AsyncIterator<ReportEpochsResponse>;
  let isFull: boolean;
  let lease: NonNullable<ReportEpochsRequest["lease"]>;

  beforeEach(() => {
    scenario = new Scenario();
    const trial = scenario.suggest();
    stopping = new AbortController();
    requests = new Requests();
    isFull = false;
    const coordinator = {
      study: () => scenario.study,
      submit: async (_: string, input: Parameters<Scenario["submit"]>[0]) => {
        if (isFull) throw new OverloadStatus("Too many calls wait.", 250);
        return scenario.submit(input);
      },
    } as unknown as Coordinator;
    const service = trainerService({ coordinator, stopping: stopping.signal } as TrainerServiceContext);
    const context = { caller: CALLER, signal: new AbortController().signal };
    const stream = service.reportEpochs(requests as never, context as never) as AsyncIterable<ReportEpochsResponse>;
    answers = stream[Symbol.asyncIterator]();
    lease = { secret: "", ...scenario.lease(trial) };
  });

  const report = async (epoch: number) => {
    const measurement = epochOf(epoch, 0.5);
    requests.send({ lease, measurement: { ...measurement, metrics: { ...measurement.metrics } } });
    return await answers.next();
  };

  it("answers each report, and ends when the process is asked to end", async () => {
    for (const epoch of [0, 1]) assert.equal((await report(epoch)).value?.directive, Directive.CONTINUE);
    assert.equal(scenario.trial(0).measurements.length, 2);
    const end = answers.next();
    stopping.abort();
    assert.equal((await end).done, true);
  });

  it("says when a report for which there is no room shall come again, and goes on", async () => {
    isFull = true;
    assert.deepEqual((await report(0)).value, { retryAfterMs: 250 });
    isFull = false;
    assert.equal((await report(0)).value?.directive, Directive.CONTINUE);
  });

  it("ends with the status of a report that is refused for good", async () => {
    await assert.rejects(report(7), { code: Status.FAILED_PRECONDITION, details: /epoch/i });
  });
});
