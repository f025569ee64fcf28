/** A failed step of the build, with the reason and advice. */
export class StepError extends Error {
  override readonly name = "StepError";

  /**
   * @param step - name of the step
   * @param reason - the fault, in one line
   * @param advice - the way to correct it, in one line
   */
  constructor(step: string, { reason, advice }: { readonly reason: string; readonly advice: string }) {
    super(`${step}: ${reason}; ${advice}`);
  }
}
