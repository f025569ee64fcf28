import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { type Attempt, attemptsOf } from "../../store/log/attempts.js";
import { usePage, useProgress, useReader, useTexts } from "../part/context.js";
import { Section, Time } from "../part/facts.js";
import { useLoaded } from "../part/hook/use-loaded.js";
import { Awaited } from "../part/notice.js";
import { TableBox } from "../part/table/data-table.js";

/** The attempts of a trial, each under one lease. */
export function Attempts({ trial }: { trial: Trial }) {
  const { client } = usePage();
  const { study } = useProgress();
  const texts = useTexts();
  // Each lease and each end changes attempt or state, and so the key.
  const key = [study.id, trial.id, trial.attempt, trial.state].join(" ");
  const { answer, reload } = useLoaded(key, () => client.events(study.id, { trialId: trial.id }));
  return (
    <Section title={texts.trial.attempts}>
      <Awaited answer={answer} retry={reload}>
        {({ events }) => <AttemptTable attempts={attemptsOf(events)} />}
      </Awaited>
    </Section>
  );
}

function AttemptTable({ attempts }: { attempts: readonly Attempt[] }) {
  const { trial: texts, attemptEnd, trials } = useTexts();
  const reader = useReader();
  if (attempts.length === 0) return <p class="quiet">–</p>;
  return (
    <TableBox label={texts.attempts}>
      <thead>
        <tr>
          <th class="number">{texts.attempt}</th>
          <th>{texts.lease}</th>
          <th>{texts.from}</th>
          <th class="number">{trials.time}</th>
          <th>{texts.end}</th>
        </tr>
      </thead>
      <tbody>
        {attempts.map(({ attempt, trainerId, from, to, end, reason }) => (
          <tr key={`${attempt} ${from?.getTime()}`}>
            <td class="number">{attempt}</td>
            <td>{trainerId}</td>
            <td>{from && <Time at={from} text={reader.time(from.getTime())} />}</td>
            <td class="number">{from && to ? reader.duration((to.getTime() - from.getTime()) / 1000) : "–"}</td>
            <td>
              {attemptEnd[end]} <span class="message">{reason}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}
