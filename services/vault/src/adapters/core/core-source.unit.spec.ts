import { describe, expect, it } from "vitest";
import { type CoreSettings, coreSource } from "./core-source.js";

const settings = (over: Partial<CoreSettings>): CoreSettings => ({
  signerCoreSocket: undefined,
  signerCoreEntry: undefined,
  signerCoreUid: undefined,
  kekFile: undefined,
  trustFile: "/trust.json",
  deploymentFile: "/deployment.json",
  custodyMode: "production",
  ...over,
});

describe("who runs signer-core", () => {
  it("is the shell, with the files the core reads", () => {
    const files = { kekFile: "/kek.json", trustFile: "/trust.json", deploymentFile: "/deployment.json" };
    expect(coreSource(settings({ kekFile: "/kek.json", signerCoreUid: 10002 }))).toEqual({
      run: "child",
      files,
      uid: 10002,
      production: true,
    });
  });

  it("is somebody else where a socket is given", () => {
    expect(coreSource(settings({ signerCoreSocket: "/run/core.sock" }))).toEqual({ run: "elsewhere", socket: "/run/core.sock" });
  });

  it("is unclear without either", () => {
    expect(() => coreSource(settings({}))).toThrow("KEK_FILE: is required without SIGNER_CORE_SOCKET");
  });

  it.each([
    ["KEK_FILE", { kekFile: "/kek.json" }],
    ["SIGNER_CORE_UID", { signerCoreUid: 10002 }],
    ["SIGNER_CORE_ENTRY", { signerCoreEntry: "/main.js" }],
  ])("is not the shell and somebody else at once: %s is refused beside a socket", (name, over) => {
    expect(() => coreSource(settings({ signerCoreSocket: "/run/core.sock", ...over }))).toThrow(`${name}: belongs to the core`);
  });
});
