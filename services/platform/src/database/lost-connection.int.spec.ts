import { createServer, type Server, type Socket } from "node:net";
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ping } from "./ping.js";
import { createPool, lossOf } from "./pool.js";
import { withClient, withTransaction } from "./with-client.js";

/** A message of Postgres' protocol: its type, its length, its body. */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const AUTHENTICATED = message("R", Buffer.alloc(4));
const READY = message("Z", Buffer.from("I"));
const KILLED = message("E", Buffer.from("SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0"));

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return `postgres://nobody:nothing@127.0.0.1:${port}/nowhere`;
}

describe("a server that is killed in the moment a connection is ready", () => {
  let server: Server;
  let pool: pg.Pool;
  beforeEach(async () => {
    // Both messages arrive in one piece: the second is read before whoever asked for the connection has it.
    server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(Buffer.concat([AUTHENTICATED, READY, KILLED])));
    });
    pool = createPool({ url: await listening(server), applicationName: "test" });
  });
  afterEach(async () => {
    await pool.end();
    await new Promise((resolve) => server.close(resolve));
  });

  it("is a database that is away, and does not end the process", async () => {
    for (let times = 0; times < 3; times += 1) {
      await expect(withClient(pool, (client) => client.query("SELECT 1"))).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    }
    expect(pool.totalCount).toBe(0);
  });

  it("says of the connection that it is lost", async () => {
    const client = await pool.connect();
    expect(lossOf(client)).toMatchObject({ code: "57P01" });
    client.release(true);
  });
});

describe("a server that takes everything and answers nothing any more, as one behind a cut cable", () => {
  const sockets = new Set<Socket>();
  let asked = "";
  let server: Server;
  let pool: pg.Pool;
  beforeEach(async () => {
    asked = "";
    server = createServer((socket) => {
      sockets.add(socket.on("error", () => {}));
      socket.once("data", () => {
        socket.write(Buffer.concat([AUTHENTICATED, READY]));
        socket.on("data", (bytes) => (asked += bytes.toString("latin1")));
      });
    });
    pool = createPool({ url: await listening(server), applicationName: "test", statementTimeoutMs: 1 });
  });
  afterEach(async () => {
    await pool.end();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it("is a database that is away, once a little more than the statement's time has passed, and its connection is given up", async () => {
    await expect(withClient(pool, (client) => client.query("SELECT 1"))).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    expect(pool.totalCount).toBe(0);
  });

  it("is not asked for a rollback, which would wait as long again", async () => {
    await expect(withTransaction(pool, () => Promise.resolve())).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    expect(asked).toContain("BEGIN");
    expect(asked).not.toContain("ROLLBACK");
  });

  it("does not use the pool up by being looked at", async () => {
    await expect(ping(pool)).rejects.toThrow();
    expect(pool.totalCount).toBe(0);
  });
});
