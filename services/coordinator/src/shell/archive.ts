// Studies that no coordinator runs: rebuilt from their logs, and only read.

import type { Importance, ImportanceOptions } from "@sintonia/tuning/importance/importance";
import type { Slice, SlicePlan } from "@sintonia/tuning/surrogate/belief/slice";
import { suggestionRequest } from "../core/query/oracle-request.js";
import { activeMs } from "../core/query/waiting.js";
import type { Study } from "../core/state/study.js";
import type { OracleService } from "../ports/oracle-service.js";
import type { RecordPosition, StoredRecord, StudyLog } from "../ports/study-log.js";
import { replay } from "./recovery.js";
import { byCreation, byId, type DamagedStudy, type Standing, type Studies } from "./studies.js";
import type { StudyUpdate } from "./study/study-feed.js";
import { explainTrial, type TrialExplanation } from "./trial-explanation.js";

/** The ports that an archive needs. */
interface ArchiveContext {
  readonly log: Pick<StudyLog, "studies" | "read">;
  readonly oracles: Pick<OracleService, "explain" | "importance" | "slice">;
}

/**
 * The studies of a log that nobody writes. The answers equal those of a coordinator that has just
 * recovered the same log.
 */
export class StudyArchive implements Studies {
  readonly #context: ArchiveContext;
  readonly #studies: ReadonlyMap<string, Study>;
  readonly #damaged: ReadonlyMap<string, DamagedStudy>;

  private constructor(
    context: ArchiveContext,
    studies: ReadonlyMap<string, Study>,
    damaged: ReadonlyMap<string, DamagedStudy>,
  ) {
    this.#context = context;
    this.#studies = studies;
    this.#damaged = damaged;
  }

  /** Reads every study of the log. */
  static async open(context: ArchiveContext): Promise<StudyArchive> {
    const studies = new Map<string, Study>();
    const damaged = new Map<string, DamagedStudy>();
    for (const studyId of await context.log.studies()) {
      const replayed = await replay(context.log, studyId);
      if (replayed.kind === "study") studies.set(studyId, replayed.study);
      else if (replayed.kind === "damaged") damaged.set(studyId, replayed.damaged);
    }
    return new StudyArchive(context, studies, damaged);
  }

  studies(): readonly Study[] {
    return [...this.#studies.values()].sort(byCreation);
  }

  study(studyId: string): Study | undefined {
    return this.#studies.get(studyId);
  }

  standing(study: Study): Standing {
    return { activeMs: activeMs(study, study.changedAt) };
  }

  deletedStudy(): undefined {
    return undefined;
  }

  damagedStudy(studyId: string): DamagedStudy | undefined {
    return this.#damaged.get(studyId);
  }

  damagedStudies(): readonly DamagedStudy[] {
    return [...this.#damaged.values()].sort(byId);
  }

  explain(studyId: string, trialId: string): Promise<TrialExplanation> {
    return explainTrial(this.#context, studyId, trialId);
  }

  importance(study: Study, options: ImportanceOptions): Promise<Importance | undefined> {
    return this.#context.oracles.importance(suggestionRequest(study, study.trials.length), options);
  }

  slice(study: Study, plan: SlicePlan): Promise<Slice | undefined> {
    return this.#context.oracles.slice(suggestionRequest(study, study.trials.length), plan);
  }

  trainerCount(): number {
    return 0;
  }

  /** Yields the study once, although it may not be over: it does not change. */
  watch(studyId: string): AsyncIterable<StudyUpdate> | undefined {
    const study = this.#studies.get(studyId);
    return study === undefined ? undefined : onlyUpdate(study);
  }

  records(studyId: string, from?: RecordPosition): AsyncIterable<StoredRecord> {
    return this.#context.log.read(studyId, from);
  }
}

async function* onlyUpdate(study: Study): AsyncGenerator<StudyUpdate> {
  yield { study, changedTrialIds: new Set(study.trials.map(({ id }) => id)) };
}
