import type { Server } from "node:net";

/**
 * Ends this process on SIGTERM, but not before its last connection is closed: a pod that is taken down tells all its containers at the same
 * time, and the shell still has requests to finish. Whoever does not wait sends SIGKILL.
 */
export function endAfterShell(server: Server): void {
  process.once("SIGTERM", () => {
    // Takes no new connection, lets those there are go on, and calls back after the last.
    server.close(() => process.exit(0));
  });
}
