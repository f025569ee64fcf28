import type { StudyEvent } from "@sintonia/proto/sintonia/v1/admin";
import { eventDetail } from "../../../store/log/event-detail.js";
import { usePage, useProgress, useReader, useTexts } from "../../part/context.js";
import { Section, Time } from "../../part/facts.js";
import { TrialLink } from "../../part/link.js";
import { Awaited } from "../../part/notice.js";
import { Switch } from "../../part/option.js";
import { type Column, DataTable } from "../../part/table/data-table.js";
import { useEvents } from "./use-events.js";

/** The log of a study, newest event first. */
export function EventsTab() {
  const { events: texts } = useTexts();
  const withEpochs = usePage().navigation.query.value.has("epochs");
  const { answer, reload } = useEvents(withEpochs);
  return (
    <Section title={texts.title} aside={<Switch label={texts.withEpochs} parameter="epochs" />}>
      <Awaited answer={answer} retry={reload}>
        {(events) => <EventTable events={events} />}
      </Awaited>
    </Section>
  );
}

/** An event with its place in the list, which is unique where records have several events. */
interface Row extends StudyEvent {
  readonly place: number;
}

function EventTable({ events }: { events: readonly StudyEvent[] }) {
  const { events: texts } = useTexts();
  const reader = useReader();
  const name = ({ type }: StudyEvent): string => texts.types[type] ?? type;
  return (
    <DataTable
      label={texts.title}
      rows={events.map((event, place): Row => ({ ...event, place }))}
      columns={useColumns(name)}
      rowKey={({ place }) => String(place)}
      rowText={(event) => [event.trialId, name(event), event.type, eventDetail(event, reader)].join(" ")}
      filterLabel={texts.filter}
      noMatch={texts.none}
      initialOrder={{ column: "at", descending: true }}
    />
  );
}

function useColumns(name: (event: StudyEvent) => string): Column<Row>[] {
  const { study } = useProgress();
  const { events: texts } = useTexts();
  const reader = useReader();
  return [
    {
      name: "at",
      title: texts.at,
      sort: ({ place }) => place,
      cell: ({ at }) => at && <Time at={at} text={reader.time(at.getTime())} />,
    },
    {
      name: "subject",
      title: texts.subject,
      sort: ({ trialId }) => trialId || undefined,
      cell: ({ trialId }) =>
        trialId === "" ? (
          texts.study
        ) : (
          <TrialLink study={study.id} trial={trialId}>
            {texts.trial(trialId)}
          </TrialLink>
        ),
    },
    { name: "event", title: texts.event, sort: name, cell: (event) => <span title={event.type}>{name(event)}</span> },
    {
      name: "detail",
      title: "",
      cell: (event) => <span class="message wide">{eventDetail(event, reader)}</span>,
    },
  ];
}
