import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

/** The channels between this process and a program. */
export interface ProgramPipes {
  /** Standard output and standard error of the program, in their order. */
  readonly output: Socket;
  readonly reports: Socket;
  readonly directives: Socket;
  /** The program's ends: output, reports, directives. `closeProgramEnds` closes them here. */
  readonly programEnds: readonly [number, number, number];
  closeProgramEnds(): void;
}

const NAMES = ["output", "reports", "directives"] as const;

/**
 * Opens named pipes. Node's own pipes of child processes are sockets, which programs cannot open as
 * /dev/stdout or /dev/fd/3.
 *
 * @param folder - folder of this process, where the pipes have names until they are open
 */
export async function openPipes(folder: string): Promise<ProgramPipes> {
  const [output, reports, directives] = NAMES.map((name) => join(folder, `${name}.pipe`)) as [string, string, string];
  const paths = [output, reports, directives];
  await promisify(execFile)("mkfifo", ["-m", "666", ...paths]);
  try {
    const out = openReadingPipe(output);
    const rep = openReadingPipe(reports);
    const dir = openWritingPipe(directives);
    const programEnds = [out.programEnd, rep.programEnd, dir.programEnd] as const;
    return {
      output: readable(out.ownEnd),
      reports: readable(rep.ownEnd),
      directives: writable(dir.ownEnd),
      programEnds,
      closeProgramEnds: () => programEnds.forEach(closeSync),
    };
  } finally {
    await Promise.all(paths.map((path) => rm(path, { force: true })));
  }
}

interface Ends {
  readonly ownEnd: number;
  readonly programEnd: number;
}

/** Opens a pipe that the program writes. The program's end blocks, as programs expect. */
function openReadingPipe(path: string): Ends {
  const ownEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { ownEnd, programEnd: openSync(path, constants.O_WRONLY) };
}

/**
 * Opens a pipe that the program reads. A writer must exist before the program's blocking end can be
 * opened, and a reader before this process's own end.
 */
function openWritingPipe(path: string): Ends {
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const programEnd = openSync(path, constants.O_RDONLY);
  const ownEnd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  closeSync(both);
  return { ownEnd, programEnd };
}

function readable(fd: number): Socket {
  return withoutErrors(new Socket({ fd, readable: true, writable: false }));
}

function writable(fd: number): Socket {
  return withoutErrors(new Socket({ fd, readable: false, writable: true }));
}

/** Ignores errors: a program may close its ends at any time, and its exit says the rest. */
function withoutErrors(socket: Socket): Socket {
  return socket.on("error", () => {});
}
