import type { StudyEvent } from "@sintonia/proto/sintonia/v1/admin";
import { type Answer, success } from "../../../api/answer.js";
import type { Client } from "../../../api/client.js";
import { isOver } from "../../../store/study/state/states.js";
import { usePage, useProgress } from "../../part/context.js";
import { type Loaded, useLoaded } from "../../part/hook/use-loaded.js";

/** Interval between two readings of the log of a study that goes on. */
const EVERY_MS = 5_000;

/** Loads the events of the followed study, and further ones while it goes on. */
export function useEvents(withEpochs = false): Loaded<readonly StudyEvent[]> {
  const { client } = usePage();
  const { study } = useProgress();
  const everyMs = isOver(study) ? undefined : EVERY_MS;
  return useLoaded(`${study.id} ${withEpochs}`, () => readEvents(client, study.id, withEpochs), everyMs);
}

async function readEvents(
  client: Pick<Client, "events">,
  study: string,
  withEpochs: boolean,
): Promise<Answer<readonly StudyEvent[]>> {
  const events: StudyEvent[] = [];
  for (let afterSequence = 0; ; ) {
    const answer = await client.events(study, { afterSequence, withEpochs });
    if (!answer.ok) return answer;
    events.push(...answer.value.events);
    afterSequence = answer.value.lastSequence;
    if (!answer.value.more) return success(events);
  }
}
