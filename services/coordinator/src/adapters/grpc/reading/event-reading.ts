// The call that reads the events of a study.

import type { ListEventsRequest, ListEventsResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { LoggedEvent, LoggedEvents } from "../../../shell/logged-events.js";
import type { Studies } from "../../../shell/studies.js";
import { invalidField, statusError } from "../edge/status.js";
import { itemLimit } from "../transfer/page.js";
import { requireStudy, requireTrial } from "./named-things.js";

/** Limit of the events after which a page ends. */
const EVENTS_MAX = 1_000;

/** Returns a page of the events of a study. */
export async function listEvents(
  { studies, events }: { readonly studies: Studies; readonly events: LoggedEvents },
  request: ListEventsRequest,
): Promise<ListEventsResponse> {
  const { studyId, afterSequence: after, pageSize, trialId, withEpochs } = request;
  const study = requireStudy(studies, studyId);
  if (!Number.isSafeInteger(after) || after < 0)
    throw invalidField("after_sequence", `received ${after}, expected 0 or more.`);
  const query = {
    after,
    limit: itemLimit({ pageSize, itemsMax: EVENTS_MAX }),
    trialId: trialId === "" ? undefined : requireTrial(study, trialId).id,
    withEpochs,
  };
  const page = await events.page(study.id, query).catch((error) => {
    throw statusError(error);
  });
  return { events: page.events.map(eventMessage), lastSequence: page.last, more: page.more };
}

function eventMessage({ sequence, at, event }: LoggedEvent): ListEventsResponse["events"][number] {
  const { type, trialId } = event;
  const trial = typeof trialId === "string" ? trialId : "";
  return { sequence, at: new Date(at), type, trialId: trial, json: JSON.stringify(event) };
}
