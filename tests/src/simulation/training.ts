// A training whose every epoch depends on all before it, so that an attempt that goes on from a wrong state is found out.

/** State before the first epoch. */
export function initialState(trialId: string): number {
  return Math.imul(Number(trialId) + 1, 0x9e3779b1) >>> 0;
}

/** State after an epoch. */
export function stateAfter(state: number, epoch: number): number {
  return (Math.imul(state ^ (state >>> 15), 0x85ebca6b) + epoch) >>> 0;
}

/** What an epoch that ends in this state measures. */
export function measuredIn(state: number): number {
  return (state % 997) / 997;
}

/** What an epoch measures in a run that nothing disturbs. */
export function valAccuracyOf(trialId: string, epoch: number): number {
  let state = initialState(trialId);
  for (let done = 0; done <= epoch; done++) state = stateAfter(state, done);
  return measuredIn(state);
}

/** Names the checkpoint that the holder of a lease makes of an epoch; no other lease makes the same bytes. */
export function checkpointName({ trialId, token }: { trialId: string; token: number }, epoch: number): string {
  return `${trialId}/${token}/${epoch}`;
}

/** Trial and token of a checkpoint's name. */
export function writerOf(name: string): string {
  return name.slice(0, name.lastIndexOf("/"));
}
