import type { Writable } from "node:stream";

/** Writes `frame`; frames of one turn of the event loop leave in one system call. */
export function writeTogether(socket: Writable, frame: Buffer): void {
  if (socket.writableCorked === 0) {
    socket.cork();
    setImmediate(() => socket.uncork());
  }
  socket.write(frame);
}
