import { exportJWK, generateKeyPair, type JWK } from "jose";
import { SERVICE_NAMES, type ServiceName } from "../../services/platform/src/service-auth/service-names.js";
import { parseTrust, type Trust } from "../../services/platform/src/service-auth/trust.js";

/** Fresh keys of every service and the trust file that pins them; nothing is written to disk. */
export interface TestTrust {
  /** Text of the trust file. */
  readonly text: string;
  readonly trust: Trust;
  /** Private Ed25519 JWK of a service. */
  serviceKey(service: ServiceName): JWK;
  /** Private P-256 JWK a service signs tickets with. */
  ticketKey(issuer: "policy" | "permissions"): JWK;
  /** Private Ed25519 JWKs of the two operators; the first is also `serviceKey("operator")`. */
  operatorKey(index: number): JWK;
  /** Environment a gRPC service needs to start in a test, on ports the system chooses. */
  environment(service: ServiceName): Record<string, string>;
}

async function keyPair(algorithm: "EdDSA" | "ES256", kid: string): Promise<{ readonly secret: JWK; readonly public: JWK }> {
  const pair = await generateKeyPair(algorithm, { extractable: true, ...(algorithm === "EdDSA" ? { crv: "Ed25519" } : {}) });
  return { secret: { ...(await exportJWK(pair.privateKey)), kid }, public: { ...(await exportJWK(pair.publicKey)), kid } };
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`no key for ${name}`);
  return value;
}

/** Makes the keys of all services. */
export async function testTrust(): Promise<TestTrust> {
  const callers = new Map<string, JWK>();
  const tickets = new Map<string, JWK>();
  const file = { callers: {} as Record<string, { keys: JWK[] }>, tickets: {} as Record<string, { keys: JWK[] }> };
  for (const service of SERVICE_NAMES) {
    const pair = await keyPair("EdDSA", `${service}-1`);
    callers.set(service, pair.secret);
    file.callers[service] = { keys: [pair.public] };
  }
  const second = await keyPair("EdDSA", "operator-2");
  file.callers.operator?.keys.push(second.public);
  for (const issuer of ["policy", "permissions"]) {
    const pair = await keyPair("ES256", `${issuer}-ticket-1`);
    tickets.set(issuer, pair.secret);
    file.tickets[issuer] = { keys: [pair.public] };
  }
  const text = JSON.stringify(file);
  return {
    text,
    trust: parseTrust(text),
    serviceKey: (service) => found(callers, service),
    ticketKey: (issuer) => found(tickets, issuer),
    operatorKey: (index) => (index === 0 ? found(callers, "operator") : second.secret),
    environment: (service) => ({
      GRPC_LISTEN: "127.0.0.1:0",
      LOG_LEVEL: "silent",
      TRUST: text,
      SERVICE_KEY: JSON.stringify(found(callers, service)),
    }),
  };
}
