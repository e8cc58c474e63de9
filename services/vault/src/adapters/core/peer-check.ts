import { lstatSync, type Stats } from "node:fs";
import { dirname } from "node:path";

/**
 * Whom the kernel lets connect to the core, which is where its peers' credentials are checked (decision 0006): the modes and owners of the
 * socket and of its folder as they are now.
 */
export function peerCheck(socket: string): string {
  try {
    return `kernel, at connect: socket ${shown(lstatSync(socket))}, folder ${shown(lstatSync(dirname(socket)))}`;
  } catch {
    return "unknown: the socket is not there";
  }
}

function shown({ mode, uid, gid }: Stats): string {
  return `0${(mode & 0o777).toString(8)} of ${uid}:${gid}`;
}
