import { expect, test } from "vitest";
import { ServiceStatus } from "./service-status.js";

const SIGNER_DOWN = { condition: "SignerDown", since: "2026-01-01T00:00:00.000Z", reasons: ["relay does not serve"] };
const own = { conditions: [SIGNER_DOWN], capabilities: [{ name: "api", available: true, because: [] }] };
const vault = { service: "vault", conditions: [], capabilities: [{ name: "vault.sign", available: true, because: [] }] };
const services = [
  { name: "vault", url: "http://vault/status" },
  { name: "relay", url: "http://relay/status" },
];

test("tells of this process what it refuses for, and of every other what it says or that it says nothing", async () => {
  const fetched = (url: string) => (url.startsWith("http://vault/") ? Promise.resolve(vault) : Promise.reject(new Error("refused")));
  const status = new ServiceStatus(services, fetched, () => ({ service: "gateway", ...own }));
  await status.refresh();
  expect(status.current()).toEqual([
    { name: "gateway", reachable: true, ...own },
    { name: "vault", reachable: true, conditions: vault.conditions, capabilities: vault.capabilities },
    { name: "relay", reachable: false, conditions: [], capabilities: [] },
  ]);
});

test("knows of the others nothing before it asked", () => {
  const status = new ServiceStatus(
    services,
    () => Promise.resolve(vault),
    () => ({ service: "gateway", ...own }),
  );
  expect(status.current().filter(({ reachable }) => reachable)).toHaveLength(1);
});
