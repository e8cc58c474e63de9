import { describe, expect, it } from "vitest";
import { z } from "zod";
import { InterlockError } from "../errors/interlock-error.js";
import { describeConfig } from "./describe-config.js";
import { loadConfig } from "./load-config.js";
import { commaList, httpUrl, integer, port, postgresUrl } from "./schemas.js";
import { variable } from "./variable.js";

const definition = {
  databaseUrl: variable({ env: "DATABASE_URL", schema: postgresUrl, secret: true, description: "Where rows go." }),
  healthPort: variable({ env: "HEALTH_PORT", schema: port.default(0), description: "A port | of ours." }),
  urls: variable({ env: "RPC_URLS", schema: commaList(httpUrl).optional(), description: "Nodes.", example: "http://a" }),
  workers: variable({ env: "WORKERS", schema: integer(1, 8), description: "How many." }),
};
const good = { DATABASE_URL: "postgres://u:p@h:5432/d", WORKERS: "4" };

function failure(env: Record<string, string | undefined>, read?: (path: string) => string): InterlockError {
  try {
    loadConfig(definition, env, read);
  } catch (error) {
    if (error instanceof InterlockError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

describe("loading the configuration", () => {
  it("gives typed values and fills defaults in", () => {
    const config = loadConfig(definition, { ...good, RPC_URLS: "http://a, https://b" });
    expect(config).toEqual({ databaseUrl: good.DATABASE_URL, healthPort: 0, urls: ["http://a", "https://b"], workers: 4 });
  });

  it("takes an empty variable for one that is not set", () => {
    expect(loadConfig(definition, { ...good, HEALTH_PORT: "", RPC_URLS: "" })).toMatchObject({ healthPort: 0, urls: undefined });
  });

  it("lists every wrong variable with rule and value at once", () => {
    const error = failure({ DATABASE_URL: good.DATABASE_URL, HEALTH_PORT: "70000", WORKERS: "9", RPC_URLS: "ftp://x" });
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).toContain('HEALTH_PORT: must be a port, 0 to 65535 (seen: "70000")');
    expect(error.message).toContain('WORKERS: must be a whole number, 1 to 8 (seen: "9")');
    expect(error.message).toContain('RPC_URLS: must be an http(s) URL (seen: "ftp://x")');
  });

  it("says that a required variable is missing", () => {
    expect(failure({ WORKERS: "4" }).message).toContain("DATABASE_URL: is required (seen: nothing)");
  });

  it("never shows a secret, not even a wrong one", () => {
    const error = failure({ ...good, DATABASE_URL: "mysql://root:hunter2@h" });
    expect(JSON.stringify([error.message, error.details])).not.toContain("hunter2");
    expect(error.message).toContain("DATABASE_URL: must be a postgres:// URL (seen: a secret, not shown)");
  });

  it("reads a variable from the file NAME_FILE points to", () => {
    const read = (path: string) => (path === "/run/db" ? "postgres://u:p@file/d\n" : "");
    expect(loadConfig(definition, { WORKERS: "1", DATABASE_URL_FILE: "/run/db" }, read).databaseUrl).toBe("postgres://u:p@file/d");
  });

  it("refuses a variable that is given twice", () => {
    expect(failure({ ...good, DATABASE_URL_FILE: "/run/db" }).message).toContain("give DATABASE_URL or DATABASE_URL_FILE, not both");
  });

  it("names a file that cannot be read and why", () => {
    const read = (): string => {
      throw Object.assign(new Error("no"), { code: "ENOENT" });
    };
    expect(failure({ WORKERS: "1", DATABASE_URL_FILE: "/run/db" }, read).message).toContain(
      "DATABASE_URL_FILE: must be a readable file (ENOENT)",
    );
  });

  it("does not let a secret have a default", () => {
    expect(() => variable({ env: "KEY", schema: z.string().default("x"), secret: true, description: "A key." })).toThrow(
      /must not have a default/,
    );
  });
});

describe("the configuration docs", () => {
  it("say what every variable is, whether it is required and secret, sorted by name", () => {
    const text = describeConfig([{ service: "vault", definition }]);
    expect(text).toContain("## vault");
    expect(text).toContain("| `DATABASE_URL` | required | yes | Where rows go. |");
    expect(text).toContain("| `HEALTH_PORT` | `0` |  | A port \\| of ours. |");
    expect(text).toContain("| `RPC_URLS` | optional |  | Nodes. Example: `http://a`. |");
    expect(text.indexOf("DATABASE_URL")).toBeLessThan(text.indexOf("WORKERS"));
  });
});
