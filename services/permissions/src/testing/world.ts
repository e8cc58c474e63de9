import { randomUUID } from "node:crypto";
import { migrate } from "#platform/database/migrate.js";
import { createPool } from "#platform/database/pool.js";
import { createServiceSchemas } from "#platform/database/service-schema.js";
import { EventStore } from "#platform/event-store/event-store.js";
import { runInContext } from "#platform/grpc/request-context.js";
import { KeptAnswers } from "#platform/idempotency/kept-answers.js";
import { systemClock, unixSeconds } from "#platform/kernel/clock.js";
import { uuidV7Factory } from "#platform/kernel/ids.js";
import { systemRandom } from "#platform/kernel/random.js";
import type { Actor } from "#platform/service-auth/actor.js";
import type { ServiceName } from "#platform/service-auth/service-names.js";
import { parseTicketKey } from "#platform/tickets/ticket-key.js";
import type { AuthorizeRequest } from "#proto/interlock/permissions/v1/permissions.js";
import { createTestDatabase } from "../../../../test/support/test-database.js";
import { testTrust } from "../../../../test/support/test-trust.js";
import { permissionsMigrations } from "../adapters/pg/migrations.js";
import { PgSessionIndex } from "../adapters/pg/pg-session-index.js";
import { PgSessionStream } from "../adapters/pg/pg-session-stream.js";
import { PgSignatureStore } from "../adapters/pg/pg-signature-store.js";
import { type SpoolGap, Stops } from "../application/stops.js";
import { UseCases } from "../application/use-cases.js";
import { FakeChain } from "./fake-chain.js";
import { FakePolicy } from "./fake-policy.js";
import { FakeVault } from "./fake-vault.js";
import { aDraft, anArm, hash, MODULE, SAFE, type Terms, TOKEN } from "./session.builder.js";

export const ACCOUNT = `31337:${SAFE}`;

interface ReplicaOptions {
  readonly stops?: Stops;
  readonly recordGap?: (gap: SpoolGap) => Promise<void>;
}

/** One replica of the service on the shared database, with its peers played by fakes behind the same ports. */
export interface Replica {
  readonly useCases: UseCases;
  readonly stream: PgSessionStream;
  readonly index: PgSessionIndex;
}

/** Permissions on a real Postgres. */
export async function createWorld() {
  const database = await createTestDatabase();
  const password = randomUUID();
  // Roles belong to the whole server, which other tests share.
  const schema = `p_${randomUUID().replaceAll("-", "").slice(0, 20)}`;
  await createServiceSchemas(database.url, [{ name: schema, password }]);
  const own = new URL(database.url);
  own.username = schema;
  own.password = password;
  const url = own.toString();
  await migrate({ url, schema, migrations: permissionsMigrations(schema) });
  const trust = await testTrust();
  const ticketKey = parseTicketKey(JSON.stringify(trust.ticketKey("permissions")));
  const pool = createPool({ url, applicationName: "test", max: 20 });
  const [chain, policy, vault] = [new FakeChain(), new FakePolicy(), new FakeVault()];
  const ids = uuidV7Factory(systemClock);
  const conditions: string[] = [];

  const replica = ({ stops = new Stops(), recordGap = async () => {} }: ReplicaOptions = {}): Replica => {
    const store = new EventStore(pool, { schema, clock: systemClock, ids });
    const index = new PgSessionIndex(pool, schema);
    const stream = new PgSessionStream(store, index);
    const setting = { chainId: 31_337, module: MODULE as `0x${string}`, protocols: { erc20: 1 }, confirmations: 1 };
    const answers = new KeptAnswers(pool, schema);
    const parts = { stream, index, answers, signatures: new PgSignatureStore(pool, schema), chain, policy, vault, setting, ticketKey, ids };
    const useCases = new UseCases({
      ...parts,
      clock: systemClock,
      random: systemRandom,
      logger: { warn: () => undefined, error: () => undefined },
      conditions: () => conditions,
      stops,
      recordGap,
    });
    return { useCases, stream, index };
  };

  /** An armed session that began a little ago. */
  const armed = async (terms: Terms = {}): Promise<string> => {
    const sessionId = ids.next();
    const start = unixSeconds(systemClock) - 100;
    const { stream } = replica();
    const origin = { actor: { type: "user", id: "owner" } as const, correlationId: sessionId, partitionKey: ACCOUNT };
    await stream.run(sessionId, aDraft({ ...terms, sessionId, start }), origin);
    await stream.run(sessionId, anArm(start + 10), origin);
    return sessionId;
  };

  const close = async () => {
    await pool.end();
    await database.drop();
  };
  return { url, schema, pool, trust, chain, policy, vault, conditions, replica, armed, close };
}

/** Runs `work` as a call of `caller`, on behalf of `actor` where there is one. */
export function as<T>(caller: ServiceName, actor: Actor | undefined, work: () => Promise<T>): Promise<T> {
  const context = { deadline: Number.POSITIVE_INFINITY, caller };
  return runInContext(actor === undefined ? context : { ...context, actor }, work);
}

/** The owner of the builder's Safe. */
export const owner: Actor = { sub: "owner", kind: "owner", accounts: [ACCOUNT] };

/** Request to authorise a transfer of `amount`, number `n` of the session. */
export function anAuthorize(sessionId: string, n: number, amount = 10n): AuthorizeRequest {
  const data = `0xa9059cbb${SAFE.slice(2).padStart(64, "0")}${amount.toString(16).padStart(64, "0")}`;
  const action = { call: { to: TOKEN, value: "0", data } };
  const deadline = String(unixSeconds(systemClock) + 100);
  const intent = { chainId: "31337", module: MODULE, policyId: hash("22"), action, nonce: String(n), deadline };
  return { sessionId, executionId: randomUUID(), intent, simulation: undefined };
}
