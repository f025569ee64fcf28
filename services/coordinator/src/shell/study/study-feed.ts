// Tells watchers what changed. Changes that come faster than a watcher reads are merged, so a slow watcher costs one set
// of trial ids and sees the newest state.

import type { StudyEvent } from "../../core/state/event.js";
import type { Study } from "../../core/state/study.js";

/** What a watcher gets: the study as it is now and the trials that changed since its last update. */
export interface StudyUpdate {
  readonly study: Study;
  readonly changedTrialIds: ReadonlySet<string>;
}

interface Watcher {
  changed: Set<string>;
  dirty: boolean;
  wake: () => void;
}

export class StudyFeed {
  readonly #watchers = new Map<string, Set<Watcher>>();

  /** Tells the watchers of a study that events were stored. */
  publish(studyId: string, events: readonly StudyEvent[]): void {
    for (const watcher of this.#watchers.get(studyId) ?? []) {
      for (const event of events) if ("trialId" in event) watcher.changed.add(event.trialId);
      watcher.dirty = true;
      watcher.wake();
    }
  }

  /**
   * Every change of a study, the first update with all its trials.
   *
   * @param current - reads the study as it is now
   * @param isLast - whether nothing will change after this state; the iteration ends with it
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
