/** A step of the build that did not succeed: what happened and what a person can do about it. */
export class StepError extends Error {
  override readonly name = "StepError";

  /**
   * @param step - name of the step
   * @param reason - one line: what happened
   * @param advice - one line: what to do
   */
  constructor(step: string, { reason, advice }: { readonly reason: string; readonly advice: string }) {
    super(`${step}: ${reason}; ${advice}`);
  }
}
