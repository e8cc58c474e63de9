import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { bareCommand } from "./bare-command.js";
import { type CoreCommand, coreArguments } from "./core-command.js";

/** The core's own folder: it makes the socket there, the group (which the shell is in) may go through it to the socket, nobody else may. */
const FOLDER_MODE = 0o750;

/**
 * Turns this process into signer-core as a container's only one: same process id, no environment, no core dump, its socket in a folder that
 * only its user may change. Does not return.
 * @throws InterlockError CONFIG_INVALID when the core was not compiled or the system cannot replace a process
 */
export function becomeCore(command: CoreCommand): never {
  const { program, args } = bareCommand(process.execPath, coreArguments({ ...command, standAlone: true }));
  const folder = dirname(command.socket);
  mkdirSync(folder, { recursive: true });
  // The folder keeps the group of the volume it is made in, as the volume's setgid bit has it.
  chmodSync(folder, 0o2000 | FOLDER_MODE);
  // What a killed one left behind; the folder is on a volume, which outlives the container.
  rmSync(command.socket, { force: true });
  if (process.execve === undefined) throw new InterlockError("CONFIG_INVALID", "signer-core: this system cannot replace a process");
  return process.execve(program, [program, ...args], {});
}
