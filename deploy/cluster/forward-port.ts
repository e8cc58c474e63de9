import { connect, createServer, type Socket } from "node:net";

/** Makes `127.0.0.1:port` lead to `target` (`host:port`). Returns how to end it, open connections included. */
export async function forwardPort(port: number, target: string): Promise<() => void> {
  const [host, targetPort] = target.split(":");
  const sockets = new Set<Socket>();
  const join = (one: Socket, other: Socket) => {
    sockets.add(one);
    one.once("error", () => other.destroy());
    one.once("close", () => {
      sockets.delete(one);
      other.destroy();
    });
  };
  const server = createServer((socket) => {
    const upstream = connect(Number(targetPort), host);
    join(socket, upstream);
    join(upstream, socket);
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  return () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
}
