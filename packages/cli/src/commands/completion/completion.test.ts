import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram } from "../../program.js";
import { SHELL_SCRIPTS, SHELLS, type Shell } from "./scripts.js";

const PROGRAM = fileURLToPath(new URL("../../../bin/sintonia.js", import.meta.url));

async function candidates(...words: string[]): Promise<string[]> {
  const stdout = new PassThrough();
  const code = await runProgram(["__complete", ...words], {
    stdin: Readable.from([]),
    stdout,
    stderr: new PassThrough(),
    env: { SINTONIA_COORDINATOR_ADDRESS: "127.0.0.1:1" },
  });
  assert.equal(code, 0);
  const text = (stdout.read() as Buffer | null)?.toString() ?? "";
  return text.split("\n").flatMap((line) => (line === "" ? [] : [line.split("\t")[0] as string]));
}

test("completes commands, options, choices and experiments", async () => {
  assert.deepEqual(await candidates("re"), ["reproduce", "resume", "retry", "report"]);
  assert.ok((await candidates("")).includes("importance"));
  assert.deepEqual(await candidates("help", "imp"), ["import", "importance"]);
  assert.deepEqual(await candidates("run", "--tr"), ["--trials", "--trainers"]);
  assert.deepEqual(await candidates("run", "--engine", "tfjs-node"), ["tfjs-node-gpu", "tfjs-node"]);
  assert.deepEqual(await candidates("reproduce", "--experiment", "fashion-i"), ["fashion-init"]);
  assert.deepEqual(await candidates("run", "mnist-in"), ["mnist-init", ":files"]);
  assert.deepEqual(await candidates("run", "--quick", "mnist-in"), ["mnist-init", ":files"]);
  assert.deepEqual(await candidates("completion", ""), ["bash", "zsh", "fish"]);
  assert.deepEqual(await candidates("plot", "mnist-init", ""), ["history", "curves", "slice", "importance"]);
});

test("completes paths where an option takes a path, and nothing where a value is free", async () => {
  assert.deepEqual(await candidates("show", "--dir", ""), [":folders"]);
  assert.deepEqual(await candidates("create", "x", "--warm-start", ""), [":files"]);
  assert.deepEqual(await candidates("run", "--trials", ""), []);
  assert.deepEqual(await candidates("show", ""), [], "no coordinator answers");
  assert.deepEqual(await candidates("nonsense", ""), []);
  assert.deepEqual(await candidates("list", ""), []);
});

test("does not propose an option twice, unless it may be repeated", async () => {
  assert.deepEqual(await candidates("run", "--quick", "--q"), []);
  assert.deepEqual(await candidates("reproduce", "--experiment", "mnist-init", "--exp"), ["--experiment"]);
});

/** A folder with a program `sintonia`, a spec and a folder, for the completion of a real shell. */
function shellFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-completion-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "sintonia"), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  chmodSync(join(folder, "sintonia"), 0o755);
  writeFileSync(join(folder, "my spec.yaml"), "");
  mkdirSync(join(folder, "my runs"));
  for (const shell of SHELLS) writeFileSync(join(folder, shell), SHELL_SCRIPTS[shell]);
  return folder;
}

function lacks(shell: Shell): string | false {
  return spawnSync(shell, ["--version"]).status === 0 ? false : `${shell} is not installed`;
}

test("bash completes with the script", { skip: lacks("bash") }, (context) => {
  const folder = shellFolder(context);
  const complete = (...words: string[]): string[] => {
    const quoted = ["sintonia", ...words].map((word) => `'${word}'`).join(" ");
    const line = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}`;
    const script = `source ./bash; ${line}; _sintonia; printf '%s\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: `${folder}:${process.env["PATH"]}` };
    return execFileSync("bash", ["-c", script], { cwd: folder, env, encoding: "utf8" }).trimEnd().split("\n");
  };
  assert.deepEqual(complete("sch"), ["schema"]);
  assert.deepEqual(complete("run", "--orac"), ["--oracle"]);
  assert.deepEqual(complete("run", "--oracle", "quasi"), ["quasi-random"]);
  assert.deepEqual(complete("run", "m").sort(), [...complete("run", "mnist"), "my runs", "my spec.yaml"].sort());
  assert.deepEqual(complete("show", "--dir", "my"), ["my runs"]);
  assert.match(
    execFileSync("bash", ["-c", "source ./bash; complete -p sintonia"], { cwd: folder }).toString(),
    /_sintonia/,
  );
});

test("zsh completes with the script", { skip: lacks("zsh") }, (context) => {
  const folder = shellFolder(context);
  const script = `
    autoload -Uz compinit; compinit -u -d ./dump; source ./zsh
    _describe() { print -l -- "\${candidates[@]}" }
    _files() { print -- "files $*" }
    words=(sintonia "$@"); CURRENT=\${#words}; _sintonia`;
  const complete = (...words: string[]): string[] => {
    const env = { ...process.env, PATH: `${folder}:${process.env["PATH"]}` };
    const args = ["-f", "-c", script, "zsh", ...words];
    return execFileSync("zsh", args, { cwd: folder, env, encoding: "utf8" }).trimEnd().split("\n");
  };
  assert.deepEqual(complete("sch"), ["schema:print the JSON Schema of the study spec"]);
  assert.deepEqual(complete("show", "--dir", ""), ["files -/"]);
});

test("fish completes with the script", { skip: lacks("fish") }, (context) => {
  const folder = shellFolder(context);
  const complete = (line: string): string[] => {
    const env = { ...process.env, HOME: folder, PATH: `${folder}:${process.env["PATH"]}` };
    const script = `source ./fish; complete --do-complete '${line}'`;
    return execFileSync("fish", ["-c", script], { cwd: folder, env, encoding: "utf8" }).trimEnd().split("\n");
  };
  assert.deepEqual(complete("sintonia sch"), ["schema\tprint the JSON Schema of the study spec"]);
  assert.deepEqual(
    complete("sintonia run --oracle quasi").map((one) => one.split("\t")[0]),
    ["quasi-random"],
  );
});
