import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram, type Scenario, withoutPython } from "./programs.fixture.js";

const CLIENTS = fileURLToPath(new URL("../../../../clients/", import.meta.url));

interface Language {
  readonly name: string;
  readonly skip: string | false;
  readonly program: string;
  readonly client: { readonly file: string; readonly text: string };
  /** A program that trains up to five epochs and leaves a model. */
  readonly training: string;
  /** A program of a hundred epochs without any work, which then says so. */
  readonly short: string;
  readonly infeasible: string;
  readonly retry: string;
}

const PYTHON: Language = {
  name: "Python",
  skip: withoutPython,
  program: "python3",
  client: { file: "sintonia.py", text: readFileSync(join(CLIENTS, "python", "sintonia.py"), "utf8") },
  training: `
import sintonia
values = sintonia.values({"rate": 0.5})
for epoch in range(5):
    (sintonia.checkpoint() / "state").write_text(str(epoch))
    if not sintonia.report({"score": values["rate"] * epoch}, loss=float("nan"), epoch=epoch, checkpoint=True):
        break
(sintonia.artifacts() / "model").write_text("seed %d" % sintonia.seed())
print("ended after epoch", epoch)
`,
  short: `
import sintonia
for epoch in range(100):
    sintonia.report(score=epoch)
print("all reported")
`,
  infeasible: "import sintonia\nsintonia.infeasible('too large')\n",
  retry: "import sintonia\nsintonia.retry()\n",
};

const NODE: Language = {
  name: "Node",
  skip: false,
  program: process.execPath,
  client: { file: "sintonia.mjs", text: readFileSync(join(CLIENTS, "node", "sintonia.mjs"), "utf8") },
  training: `
import { writeFileSync } from "node:fs";
import { artifacts, checkpoint, report, seed, values } from "./sintonia.mjs";
const { rate } = values({ rate: 0.5 });
let epoch = 0;
for (; epoch < 5; epoch++) {
  writeFileSync(checkpoint() + "/state", String(epoch));
  if (!report({ score: rate * epoch, loss: NaN }, { epoch, checkpoint: true })) break;
}
writeFileSync(artifacts() + "/model", "seed " + seed());
console.log("ended after epoch", Math.min(epoch, 4));
`,
  short: `
import { report } from "./sintonia.mjs";
for (let epoch = 0; epoch < 100; epoch++) report({ score: epoch });
console.log("all reported");
`,
  infeasible: 'import { infeasible } from "./sintonia.mjs";\ninfeasible("too large");\n',
  retry: 'import { retry } from "./sintonia.mjs";\nretry();\n',
};

for (const language of [PYTHON, NODE]) {
  describe(`the client for ${language.name}`, { skip: language.skip }, () => {
    const run = (text: string, scenario: Partial<Scenario> = {}) => {
      const main = `main${language.client.file.slice(language.client.file.indexOf("."))}`;
      const files = { [language.client.file]: language.client.text, [main]: text };
      return runProgram({ command: [language.program, main], files, values: { rate: 0.25 }, ...scenario });
    };

    it("gives the values and reports every epoch, also numbers that are not finite", async () => {
      const { end, reports, output } = await run(language.training);
      assert.deepEqual(end, { kind: "completed" });
      assert.deepEqual(
        reports.map(({ epoch, metrics, checkpoint }) => [epoch, metrics["score"], checkpoint]),
        [0, 1, 2, 3, 4].map((epoch) => [epoch, epoch * 0.25, true]),
      );
      assert.ok(!Number.isFinite(reports[0]?.metrics["loss"]));
      assert.match(output, /ended after epoch 4/);
    });

    it("tells the program to stop", async () => {
      const onReport = ({ epoch }: { readonly epoch: number }) => (epoch < 2 ? "continue" : "stop");
      const { end, reports, output } = await run(language.training, { onReport });
      assert.deepEqual([end.kind, reports.length], ["stopped", 3]);
      assert.match(output, /ended after epoch 2/);
    });

    it("goes on with short epochs before their answers come, and loses none", async () => {
      let seeEnd = (): void => {};
      const sawEnd = new Promise<void>((resolve) => {
        seeEnd = resolve;
      });
      const { end, reports } = await run(language.short, {
        onReport: () => sawEnd.then(() => "continue" as const),
        context: { onOutput: (bytes) => bytes.includes("all reported") && seeEnd() },
      });
      assert.deepEqual([end.kind, reports.length], ["completed", 100]);
    });

    it("reports infeasible values, and asks for another attempt", async () => {
      assert.deepEqual((await run(language.infeasible)).end, { kind: "infeasible", message: "too large" });
      assert.equal((await run(language.retry)).end.kind, "retry");
    });

    it("lets the program run by itself", (context) => {
      const folder = mkdtempSync(join(tmpdir(), "sintonia-client-"));
      context.after(() => rmSync(folder, { recursive: true }));
      const { client, program, training } = language;
      const source = training.replace("./sintonia.mjs", join(CLIENTS, "node", "sintonia.mjs"));
      const flags = program === process.execPath ? ["--input-type=module", "-e", source] : ["-c", source];
      const env = { PATH: process.env["PATH"], PYTHONPATH: join(CLIENTS, "python"), PYTHONDONTWRITEBYTECODE: "1" };
      const { status, stdout, stderr } = spawnSync(program, flags, { cwd: folder, env, encoding: "utf8" });
      assert.equal(status, 0, `${client.file}: ${stderr}`);
      assert.equal(stdout.trim().split("\n").length, 6);
      assert.equal(readFileSync(join(folder, "artifacts", "model"), "utf8"), "seed 0");
    });
  });
}
