// Sends a study's changes to its watchers. The feed merges changes that a watcher has not read
// yet, so that a slow watcher costs one set of trial ids and sees the newest state.

import type { StudyEvent } from "../../core/state/event.js";
import type { Study } from "../../core/state/study.js";

/**
 * An update for a watcher: the current study and the trials that changed since the watcher's last
 * update.
 */
export interface StudyUpdate {
  readonly study: Study;
  readonly changedTrialIds: ReadonlySet<string>;
}

interface Watcher {
  changed: Set<string>;
  dirty: boolean;
  wake: () => void;
}

/** The watchers of all studies. */
export class StudyFeed {
  readonly #watchers = new Map<string, Set<Watcher>>();

  /** Notifies the watchers of a study of stored events. */
  publish(studyId: string, events: readonly StudyEvent[]): void {
    for (const watcher of this.#watchers.get(studyId) ?? []) {
      for (const event of events) if ("trialId" in event) watcher.changed.add(event.trialId);
      watcher.dirty = true;
      watcher.wake();
    }
  }

  /** Notifies the watchers of a study that it, or its queued trials, wait for another reason. */
  publishWaits(study: Study): void {
    if (!this.#watchers.has(study.id)) return;
    const queued = study.trials.filter(({ state }) => state === "queued");
    for (const watcher of this.#watchers.get(study.id) ?? []) {
      for (const { id } of queued) watcher.changed.add(id);
      watcher.dirty = true;
      watcher.wake();
    }
  }

  /**
   * Yields an update for every change of a study. The first update has all its trials.
   *
   * @param current - returns the current study
   * @param isLast - tells whether the study will not change any more; its update ends the
   *   iteration
   */
  async *watch(
    studyId: string,
    { current, isLast, signal }: { current: () => Study; isLast: (study: Study) => boolean; signal: AbortSignal },
  ): AsyncGenerator<StudyUpdate> {
    const watcher = this.#enter(studyId, new Set(current().trials.map((trial) => trial.id)));
    const wake = () => watcher.wake();
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted) {
        const study = current();
        const changedTrialIds = watcher.changed;
        watcher.changed = new Set();
        watcher.dirty = false;
        yield { study, changedTrialIds };
        if (isLast(study)) return;
        if (!watcher.dirty && !signal.aborted) await new Promise<void>((resolve) => (watcher.wake = resolve));
      }
    } finally {
      signal.removeEventListener("abort", wake);
      this.#leave(studyId, watcher);
    }
  }

  #enter(studyId: string, changed: Set<string>): Watcher {
    const watcher: Watcher = { changed, dirty: true, wake: () => undefined };
    const watchers = this.#watchers.get(studyId) ?? new Set();
    this.#watchers.set(studyId, watchers.add(watcher));
    return watcher;
  }

  #leave(studyId: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(studyId);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#watchers.delete(studyId);
  }
}
