import { connect, createServer, type Server, type Socket } from "node:net";

type Mode = "passing" | "refusing" | "blackholed";

/** A TCP proxy in front of one dependency that can refuse connections, or take everything and answer nothing. */
export class FlakyProxy {
  private mode: Mode = "passing";
  private listener: Server | undefined;
  private listeningOn = 0;
  private readonly sockets = new Set<Socket>();
  /** Connections that came while nothing went through; they are served when it does again, as a retransmitted SYN would be. */
  private readonly waiting = new Set<Socket>();

  private constructor(
    private readonly host: string,
    private readonly targetPort: number,
  ) {}

  /** Opens a proxy to the host and port of `url` on a free port. */
  static async to(url: string): Promise<FlakyProxy> {
    const { hostname, port } = new URL(url);
    const proxy = new FlakyProxy(hostname, Number(port));
    await proxy.listen();
    return proxy;
  }

  /** Where it listens on loopback. */
  get port(): number {
    return this.listeningOn;
  }

  /** `url` with this proxy's host and port. */
  inFrontOf(url: string): string {
    const moved = new URL(url);
    moved.host = `127.0.0.1:${this.listeningOn}`;
    return moved.toString();
  }

  /** Open connections are reset, new ones refused. */
  refuse(): void {
    this.mode = "refusing";
    this.unlisten();
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Connections stay and are taken, and not one byte goes through. */
  blackhole(): void {
    this.mode = "blackholed";
    for (const socket of this.sockets) socket.pause();
  }

  /** Everything goes through again. */
  async heal(): Promise<void> {
    this.mode = "passing";
    if (this.listener === undefined) await this.listen();
    for (const socket of this.sockets) socket.resume();
    for (const socket of this.waiting) this.join(socket);
    this.waiting.clear();
  }

  close(): void {
    this.refuse();
  }

  private listen(): Promise<void> {
    const server = createServer((socket) => this.accept(socket));
    this.listener = server;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.listeningOn, "127.0.0.1", () => {
        const address = server.address();
        if (address !== null && typeof address !== "string") this.listeningOn = address.port;
        resolve();
      });
    });
  }

  /** Not waited for: the server has closed once its last connection has, and the caller resets those next. */
  private unlisten(): void {
    this.listener?.close();
    this.listener = undefined;
  }

  private accept(socket: Socket): void {
    this.keep(socket);
    if (this.mode === "passing") this.join(socket);
    else this.waiting.add(socket.pause());
  }

  private join(socket: Socket): void {
    if (socket.destroyed) return;
    const upstream = this.keep(connect(this.targetPort, this.host));
    // `pipe` would resume what a blackhole has paused as soon as the other side drains.
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      from.on("data", (chunk) => to.write(chunk));
      from.once("close", () => to.destroy());
    }
    socket.resume();
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    socket.once("close", () => {
      this.sockets.delete(socket);
      this.waiting.delete(socket);
    });
    // A reset is what this proxy is for.
    socket.on("error", () => socket.destroy());
    return socket;
  }
}
