import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { Fault } from "../../api/answer.js";
import { type Connection, watchStudy } from "../../api/watch-study.js";
import { noteFault, type Page } from "../page.js";
import { batched } from "./batch.js";
import { applyUpdates, type StudyProgress } from "./progress.js";

/** A study that the page follows, as signals. */
export interface FollowedStudy {
  readonly id: string;
  /** Undefined before the first update. */
  readonly progress: ReadonlySignal<StudyProgress | undefined>;
  readonly connection: ReadonlySignal<Connection>;
  /** Fault of the latest attempt to read the study; undefined once an update has arrived. */
  readonly fault: ReadonlySignal<Fault | undefined>;
  /** Follows again, after an action on a study that had ended. */
  restart(): void;
  stop(): void;
}

/** Follows a study until `stop`. Updates that arrive between two renderings are merged. */
export function followStudy(page: Page, id: string): FollowedStudy {
  const progress = signal<StudyProgress | undefined>(undefined);
  const connection = signal<Connection>("connecting");
  const fault = signal<Fault | undefined>(undefined);
  const start = (): (() => void) =>
    watchStudy({
      client: page.client,
      studyId: id,
      open: page.effects.openStream,
      after: page.effects.after,
      onUpdate: batched(page.effects.nextRender, (updates) =>
        batch(() => {
          fault.value = undefined;
          progress.value = applyUpdates(progress.value, updates);
        }),
      ),
      onConnection: (mode) => {
        connection.value = mode;
      },
      onFault: (latest) => {
        fault.value = latest;
        noteFault(page, latest);
      },
    });
  let stop = start();
  const restart = (): void => {
    stop();
    stop = start();
  };
  return { id, progress, connection, fault, restart, stop: () => stop() };
}
