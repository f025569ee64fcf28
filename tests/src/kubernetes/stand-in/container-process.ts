// A container without a container engine: a process in mount, process and network namespaces, on a
// read-only root of its own, as another user without capabilities. It has no limits of memory and
// processor time, and no filter of system calls.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Image } from "./images.js";

/** A file or folder of this machine in a container. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
  readonly isFile: boolean;
}

/** Everything that a container starts with. */
export interface ContainerSettings {
  /** Folder of this container, for its root and its log. */
  readonly folder: string;
  readonly image: Image;
  /** Words of the command; that of the image if undefined. */
  readonly command: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly user: { readonly id: number; readonly group: number; readonly fileGroup: number };
  /** Process that holds the network namespace. */
  readonly networkPid: number;
  /** Lines of /etc/resolv.conf. */
  readonly resolver: string;
}

const PASSWD = "root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000:node:/home/node:/bin/sh\n";

/** A running container. */
export class ContainerProcess {
  /** Exit code; 128 and the signal's number after a signal, as in Kubernetes. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;

  constructor(settings: ContainerSettings) {
    const { folder, image, environment, networkPid, user } = settings;
    const root = join(folder, "root");
    mkdirSync(root, { recursive: true });
    writeFileSync(join(folder, "resolv.conf"), settings.resolver);
    writeFileSync(join(folder, "passwd"), PASSWD);
    const log = openSync(join(folder, "log"), "a");
    const namespaces = [
      "unshare",
      "--mount",
      "--pid",
      "--fork",
      "--kill-child",
      "sh",
      "-c",
      script(settings, root),
      "sh",
    ];
    const command = ["nsenter", `--net=/proc/${networkPid}/ns/net`, ...namespaces];
    const groups = `--groups=${[...new Set([user.group, user.fileGroup])].join()}`;
    const rights = [`--reuid=${user.id}`, `--regid=${user.group}`, groups, "--no-new-privs", "--bounding-set=-all"];
    const process = [
      "setpriv",
      "--pdeathsig=KILL",
      "--inh-caps=-all",
      ...rights,
      ...(settings.command ?? image.command),
    ];
    this.#child = spawn("setpriv", ["--pdeathsig", "KILL", ...command, ...process], {
      env: { ...image.environment, ...environment },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.ended = once(this.#child, "exit").then(([code, signal]) => exitCode(code, signal));
  }

  /** Sends a signal to the first process of the container. */
  signal(name: "SIGTERM" | "SIGKILL"): void {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const first = childOf(this.#child.pid as number);
    try {
      if (first !== undefined) process.kill(first, name);
      else if (name === "SIGKILL") this.#child.kill(name);
    } catch {
      // Ignored: the process has ended.
    }
  }
}

/** Builds the root of the container in a mount namespace, enters it and runs the arguments. */
function script({ folder, image, mounts }: ContainerSettings, root: string): string {
  const folders = image.folders.map(({ source, target }) => ({ source, target, isReadOnly: true, isFile: false }));
  const files = ["passwd", "resolv.conf"].map((name) => ({
    source: join(folder, name),
    target: `/etc/${name}`,
    isReadOnly: true,
    isFile: true,
  }));
  return [
    "set -e",
    "mount --make-rprivate /",
    `mount -t tmpfs -o mode=755 tmpfs ${quote(root)}`,
    `cd ${quote(root)}`,
    "mkdir usr dev proc etc tmp",
    "mount --rbind /usr usr && mount -o remount,bind,ro usr",
    "for name in bin sbin lib lib64; do",
    'if [ -L /$name ]; then ln -s "$(readlink /$name)" $name; continue; fi',
    "if [ -d /$name ]; then mkdir $name; mount --bind /$name $name; fi",
    "done",
    "mount --rbind /dev dev",
    "mount -t proc proc proc",
    "echo 'hosts: files dns' > etc/nsswitch.conf",
    ...[...folders, ...files, ...mounts].flatMap(mountLines),
    `mount -o remount,ro ${quote(root)}`,
    `exec chroot ${quote(root)} env --chdir=${quote(image.workingFolder)} "$@"`,
  ].join("\n");
}

function mountLines({ source, target, isReadOnly, isFile }: Mount): readonly string[] {
  const place = quote(target.slice(1));
  const make = isFile ? `mkdir -p "$(dirname ${place})" && touch ${place}` : `mkdir -p ${place}`;
  const bind = `mount --bind ${quote(source)} ${place}`;
  return [make, bind, ...(isReadOnly ? [`mount -o remount,bind,ro ${place}`] : [])];
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Returns the process that unshare has started, which is the first of its namespace. */
function childOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]) || undefined;
  } catch {
    return undefined; // The process has ended.
  }
}

function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return signal === "SIGTERM" ? 143 : 137;
}
