import { createServer, type Server, type Socket } from "node:net";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { answer } from "./answer.js";
import type { CoreContext } from "./core-context.js";
import { encodeFrame, type Frame, ProtocolError } from "./protocol/frame.js";
import { FrameDecoder } from "./protocol/frame-decoder.js";
import { writeTogether } from "./protocol/write-together.js";

/** Most requests of one connection that are worked on at a time. */
const MAX_IN_FLIGHT = 512;

/** Whom the socket's mode lets connect: this user alone, or also the group of the folder the socket is in. */
export type Peers = "user" | "group";

const UMASKS: Readonly<Record<Peers, number>> = { user: 0o177, group: 0o117 };

/** Listens on a unix socket that only `peers` can open. Resolves once it listens. */
export function serve(path: string, peers: Peers, context: CoreContext, report: (error: unknown) => void): Promise<Server> {
  const server = createServer((socket) => handleConnection(socket, context, report));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // The mode of a socket file is decided when it is made; changing it afterwards would leave a gap (and needs a right the core lacks).
    const before = process.umask(UMASKS[peers]);
    server.listen(path, () => {
      process.umask(before);
      resolve(server);
    });
  });
}

function handleConnection(socket: Socket, context: CoreContext, report: (error: unknown) => void): void {
  const decoder = new FrameDecoder();
  let inFlight = 0;
  const reply = (frame: Frame) => {
    if (socket.writable) writeTogether(socket, encodeFrame(frame));
  };
  const take = async (frame: Frame) => {
    inFlight += 1;
    try {
      reply(inFlight > MAX_IN_FLIGHT ? overloaded(frame) : await answer(frame, context, report));
    } catch (error) {
      report(error);
      socket.destroy();
    } finally {
      inFlight -= 1;
    }
  };
  socket.on("data", (chunk) => {
    try {
      for (const frame of decoder.push(chunk)) {
        if (frame.kind !== "request") throw new ProtocolError("only requests come this way");
        void take(frame);
      }
    } catch (error) {
      report(error);
      socket.destroy();
    }
  });
  // A peer that went away is no event worth more than the end of its connection.
  socket.on("error", () => socket.destroy());
}

function overloaded(frame: Frame): Frame {
  const { code, message, details } = new InterlockError("RESOURCE_EXHAUSTED", "signer-core has too many requests in flight");
  return { kind: "error", id: frame.id, body: Buffer.from(JSON.stringify({ code, message, details })) };
}
