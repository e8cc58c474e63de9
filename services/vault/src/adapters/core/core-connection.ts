import { connect, type Socket } from "node:net";
import { encodeFrame, type Frame, ProtocolError } from "../../signer-core/protocol/frame.js";
import { FrameDecoder } from "../../signer-core/protocol/frame-decoder.js";
import { writeTogether } from "../../signer-core/protocol/write-together.js";
import { coreUnavailable } from "./core-unavailable.js";

interface Waiting {
  readonly resolve: (frame: Frame) => void;
  readonly reject: (error: Error) => void;
}

const RECONNECT_MS = 50;

/** One connection to signer-core's socket; comes back by itself after the core was restarted. Requests in flight then fail. */
export class CoreConnection {
  readonly #waiting = new Map<number, Waiting>();
  #socket: Socket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #lastId = 0;
  #closed = false;

  constructor(
    private readonly path: string,
    private readonly onChange: (connected: boolean) => void = () => {},
  ) {}

  /** Starts connecting; returns at once. */
  open(): void {
    if (this.#closed) return;
    const socket = connect(this.path);
    const decoder = new FrameDecoder();
    socket.once("connect", () => {
      this.#socket = socket;
      this.onChange(true);
    });
    socket.on("data", (chunk) => {
      try {
        for (const frame of decoder.push(chunk)) this.#settle(frame);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new ProtocolError("unreadable"));
      }
    });
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#lost(socket));
  }

  /**
   * The core's answer to `body`.
   * @throws InterlockError DEPENDENCY_UNAVAILABLE when there is no core, it ended meanwhile, or `timeoutMs` passed
   */
  ask(body: Buffer, timeoutMs: number): Promise<Frame> {
    const socket = this.#socket;
    if (socket === undefined) return Promise.reject(coreUnavailable("no connection"));
    const id = this.#nextId();
    const frame = encodeFrame({ kind: "request", id, body });
    return new Promise<Frame>((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(id, "no answer in time"), timeoutMs);
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        resolve: (answer) => {
          done();
          resolve(answer);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      writeTogether(socket, frame);
    });
  }

  get connected(): boolean {
    return this.#socket !== undefined;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.destroy();
  }

  #nextId(): number {
    this.#lastId = (this.#lastId + 1) >>> 0;
    return this.#lastId;
  }

  #settle(frame: Frame): void {
    this.#waiting.get(frame.id)?.resolve(frame);
  }

  #giveUp(id: number, why: string): void {
    this.#waiting.get(id)?.reject(coreUnavailable(why));
  }

  #lost(socket: Socket): void {
    if (this.#socket === socket) {
      this.#socket = undefined;
      this.onChange(false);
      for (const id of [...this.#waiting.keys()]) this.#giveUp(id, "it ended while it worked on this");
    }
    if (!this.#closed) this.#retry = setTimeout(() => this.open(), RECONNECT_MS);
  }
}
