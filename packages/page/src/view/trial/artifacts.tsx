import { ArtifactKind, type Trial } from "@sintonia/proto/sintonia/v1/study";
import { pathOf } from "../../api/transport.js";
import { weightsOf } from "../../store/log/attempts.js";
import { usePage, useProgress, useReader, useTexts } from "../part/context.js";
import { Section } from "../part/facts.js";
import { useLoaded } from "../part/hook/use-loaded.js";
import { Awaited } from "../part/notice.js";

/** A stored file, as the view names it. */
interface NamedFile {
  readonly name: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

const KINDS: Readonly<Record<number, string>> = {
  [ArtifactKind.WEIGHTS]: "weights.safetensors",
  [ArtifactKind.TFJS_MODEL]: "model.json",
  [ArtifactKind.TFJS_WEIGHTS]: "weights.bin",
  [ArtifactKind.ONNX_MODEL]: "model.onnx",
  [ArtifactKind.PROGRAM_FILES]: "files.tar",
  [ArtifactKind.PREPARATION]: "preparation.json",
};

/** The files of a trial; those of the best one include its model, with a card. */
export function Artifacts({ trial }: { trial: Trial }) {
  const { client } = usePage();
  const { study } = useProgress();
  const texts = useTexts();
  const { answer, reload } = useLoaded(`${study.id} ${trial.id} ${trial.state}`, () =>
    client.events(study.id, { trialId: trial.id }),
  );
  const isBest = trial.id === study.bestTrialId;
  const models = isBest ? study.models.map((file) => ({ ...file, name: KINDS[file.kind] ?? "file" })) : [];
  return (
    <Section title={texts.trial.artifacts}>
      {isBest && <ModelCard trial={trial} />}
      <Awaited answer={answer} retry={reload}>
        {({ events }) => {
          const weights = weightsOf(events);
          const own = weights && !models.some(({ sha256 }) => sha256 === weights.sha256);
          return <Files files={own ? [{ ...weights, name: "weights" }, ...models] : models} />;
        }}
      </Awaited>
      {!isBest && <p class="quiet">{texts.card.onlyBest}</p>}
    </Section>
  );
}

function Files({ files }: { files: readonly NamedFile[] }) {
  const { client } = usePage();
  const { study } = useProgress();
  const [texts, reader] = [useTexts(), useReader()];
  if (files.length === 0) return <p class="quiet">{texts.trial.noArtifacts}</p>;
  return (
    <ul class="files">
      {files.map(({ name, sha256, sizeBytes }) => (
        <li key={sha256}>
          <a href={client.address(pathOf("studies", study.id, "artifacts", sha256)) ?? "#"} download>
            {name}
          </a>{" "}
          <span class="quiet">
            {reader.number(sizeBytes / 1024, 3)} KiB · <code title={sha256}>{sha256.slice(0, 12)}</code>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What the model is, how it was chosen, and how to use it. */
function ModelCard({ trial }: { trial: Trial }) {
  const { study } = useProgress();
  const { card, study: texts, trial: trialTexts } = useTexts();
  const reader = useReader();
  const { selection, test } = study;
  return (
    <div class="model-card">
      <h3>{trialTexts.modelCard}</h3>
      <p>{card.intro(trial.id, study.id)}</p>
      <ul>
        <li>
          {card.trainedFor} {card.epochs(reader.number(trial.epochs, 9))}
        </li>
        {selection && (
          <li>
            {card.chosen} {texts.rules[selection.rule]} {card.among(reader.number(selection.candidateCount, 9))}
          </li>
        )}
        {test && (
          <li>
            {texts.test}: loss {reader.number(test.loss)}
            {test.accuracyHigh > 0 && `, accuracy ${reader.percent(test.accuracy, 2)}`}
          </li>
        )}
        <li>
          {card.use} <code>sintonia predict {study.id}</code>
        </li>
      </ul>
    </div>
  );
}
