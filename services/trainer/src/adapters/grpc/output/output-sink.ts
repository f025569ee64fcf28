import type { LeaseKey } from "@sintonia/protocol/lease";
import type { Clock } from "@sintonia/runtime/clock";
import { messageOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import { OutageLog } from "@sintonia/runtime/outage";
import { FAULT_REPEATS } from "../../../core/boundary/fault.js";
import { CoordinatorFault } from "../../../ports/coordinator.js";
import type { OutputSink, TrialOutput } from "../../../ports/output-sink.js";
import { coordinatorFault, type TrainerServiceClient } from "../coordinator-client.js";
import { AttemptOutput, type LabelledPart, type SendOutcome } from "./attempt-output.js";

const OUTAGE = { failing: "output of trial not stored", over: "output of trial stored again" };

/** The dependencies of the sink. */
interface OutputSinkContext {
  readonly client: Pick<TrainerServiceClient, "appendOutput">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The coordinator as the sink of outputs. The caller closes the connection of the client. */
export class CoordinatorOutput implements OutputSink {
  readonly #context: OutputSinkContext;
  readonly #outage: OutageLog;

  constructor(context: OutputSinkContext) {
    this.#context = context;
    this.#outage = new OutageLog(context.logger, context.clock, OUTAGE);
  }

  open(lease: LeaseKey): TrialOutput {
    const { clock } = this.#context;
    return new AttemptOutput({ clock, send: (part, signal) => this.#send(lease, part, signal) });
  }

  async #send(lease: LeaseKey, part: LabelledPart, signal: AbortSignal): Promise<SendOutcome> {
    const { offset, bytes, isLast } = part;
    try {
      await this.#context.client.appendOutput({ lease, offset, chunk: Buffer.from(bytes), isLast }, { signal });
      this.#outage.succeed();
      return "sent";
    } catch (error) {
      return this.#refusal(lease, coordinatorFault(error));
    }
  }

  #refusal({ studyId, trialId, attempt }: LeaseKey, fault: unknown): SendOutcome {
    const code = fault instanceof CoordinatorFault ? fault.code : "unknown";
    // Without the lease the attempt is over, which the trainer logs.
    if (code === "failed-precondition") return "refused";
    this.#outage.fail({ studyId, trialId, attempt, code, reason: messageOf(fault) });
    if (code === "data-loss") return "unstored";
    return FAULT_REPEATS[code] === 0 ? "refused" : "unanswered";
  }
}
