import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { declaredRpcs } from "#platform/grpc/declared-rpcs.js";
import { rpcsOfController } from "#platform/service-auth/list-rpcs.js";
import type { Stack } from "../../deploy/local/stack.js";
import { serviceToken, unsignedServiceToken } from "../support/e2e/forge-token.js";
import { RawRpc } from "../support/e2e/raw-rpc.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { RPC_CONTROLLERS, type RpcService } from "../support/e2e/rpc-controllers.js";
import { RPC_RULES } from "../support/e2e/rpc-rules.js";

const SERVICES = Object.keys(RPC_CONTROLLERS) as RpcService[];
const ACCOUNT = `31337:0x${"ab".repeat(20)}`;
const listed = SERVICES.flatMap((service) => RPC_CONTROLLERS[service].flatMap(rpcsOfController));
const rpcs = SERVICES.flatMap((service) =>
  RPC_CONTROLLERS[service].flatMap(rpcsOfController).map((rpc) => ({ service, method: rpc.rpc.split("/")[1] ?? "", ...rpc })),
);
const strangerTo = (callers: readonly string[]) =>
  ["policy", "audit", "gateway", "relay"].find((name) => !callers.includes(name)) ?? "policy";

describe("every RPC", () => {
  let stack: Stack;
  const peers = new Map<RpcService, RawRpc>();
  const peer = (service: RpcService) => {
    const found = peers.get(service);
    if (found === undefined) throw new Error(`no channel to ${service}`);
    return found;
  };
  const actor = (kind: string) => ({
    sub: "nobody",
    kind,
    accounts: [ACCOUNT],
    ...(kind === "agent" ? { sessionId: crypto.randomUUID() } : {}),
  });

  beforeAll(async () => {
    stack = await readyStack();
    for (const service of SERVICES) peers.set(service, new RawRpc(service, `127.0.0.1:${stack.settings.ports[service].grpc}`));
  });
  afterAll(async () => {
    for (const channel of peers.values()) channel.close();
    await stack?.stop();
  });

  it("is answered by its service and has exactly the guard that was decided", () => {
    const rules = listed.map(({ rpc, callers, actorKinds, singleUse }) => [
      rpc,
      { callers, actorKinds, ...(singleUse ? { singleUse } : {}) },
    ]);
    expect(Object.fromEntries(rules)).toEqual(RPC_RULES);
    expect(listed.map(({ rpc }) => rpc).sort()).toEqual([...declaredRpcs(SERVICES.map((service) => `interlock.${service}.v1`))].sort());
    for (const [rpc, { callers }] of Object.entries(RPC_RULES)) expect(callers, rpc).not.toEqual([]);
  });

  it.each(rpcs)("$rpc refuses whoever shows no live token of a caller of its own", async ({ service, method, callers, actorKinds }) => {
    const issuer = callers[0] ?? "";
    const act = actorKinds[0] === undefined ? {} : { act: actor(actorKinds[0]) };
    const valid = { issuer, audience: service, ...act };
    const other = service === "vault" ? "policy" : "vault";
    const tokens: Readonly<Record<string, string | undefined>> = {
      none: undefined,
      nonsense: "nonsense",
      "another service's audience": await serviceToken(stack, { ...valid, audience: other }),
      expired: await serviceToken(stack, { ...valid, age: 120 }),
      "signed by another caller": await serviceToken(stack, { ...valid, keyOf: strangerTo([issuer]) }),
      "alg none": unsignedServiceToken(valid),
    };
    for (const [what, token] of Object.entries(tokens)) {
      const refusal = await peer(service).refusal(method, token);
      expect(refusal?.code, what).toBe("UNAUTHENTICATED");
      expect(refusal?.message, what).toMatch(/^service token/);
    }
    const stranger = await peer(service).refusal(method, await serviceToken(stack, { ...valid, issuer: strangerTo(callers) }));
    expect(stranger).toMatchObject({ code: "FORBIDDEN", message: expect.stringMatching(/may not make this call/) });
    // So that every refusal above is for its own reason.
    const accepted = await peer(service).refusal(method, await serviceToken(stack, valid));
    expect(accepted?.message ?? "").not.toMatch(/^service token|may not make this call|on behalf of/);
    expect(accepted?.code).not.toBe("INTERNAL");
  });

  it.each(rpcs.filter(({ actorKinds }) => actorKinds.length > 0))(
    "$rpc refuses to act for nobody and for the wrong kind of principal",
    async ({ service, method, callers, actorKinds }) => {
      const issuer = callers[0] ?? "";
      const nobody = await peer(service).refusal(method, await serviceToken(stack, { issuer, audience: service }));
      expect(nobody?.code).toBe("FORBIDDEN");
      for (const kind of ["owner", "agent", "operator"] as const) {
        if (actorKinds.includes(kind)) continue;
        const wrong = await peer(service).refusal(method, await serviceToken(stack, { issuer, audience: service, act: actor(kind) }));
        expect(wrong?.code, kind).toBe("FORBIDDEN");
      }
    },
  );

  it("that takes a token once refuses the same token the second time", async () => {
    const once = rpcs.filter(({ singleUse }) => singleUse);
    expect(once.map(({ rpc }) => rpc)).toEqual(["VaultService/sign"]);
    for (const { service, method, callers } of once) {
      const token = await serviceToken(stack, { issuer: callers[0] ?? "", audience: service });
      expect((await peer(service).refusal(method, token))?.code).not.toBe("TOKEN_REPLAYED");
      expect((await peer(service).refusal(method, token))?.code).toBe("TOKEN_REPLAYED");
    }
  });
});
