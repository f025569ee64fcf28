import { UserError } from "@sintonia/runtime/errors";

/** What a program needs to know of a failure: `--json` prints it. */
export interface FailureFacts {
  /** Name of the kind of failure, in capitals: "UNKNOWN_STUDY". */
  readonly code: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** An expected failure with facts. The command ends with exit code 1. */
export class CommandError extends UserError {
  readonly code: string;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(message: string, { code, facts = {}, cause }: FailureFacts & ErrorOptions) {
    super(message, { cause });
    this.code = code;
    this.facts = facts;
  }
}

/** Options or a study spec that cannot be used. The command ends with exit code 2. */
export class UsageError extends CommandError {
  constructor(message: string, { code = "USAGE", ...rest }: Partial<FailureFacts> & ErrorOptions = {}) {
    super(message, { code, ...rest });
  }
}
