import { UserError } from "@sintonia/runtime/errors";

/** Options or a study spec that cannot be used. The command ends with exit code 2. */
export class UsageError extends UserError {}
