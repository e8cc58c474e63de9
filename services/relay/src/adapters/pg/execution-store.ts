import type pg from "pg";
import { findInterlockError, type InterlockError } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import { traced } from "#platform/event-store/traced.js";
import type { Actor, AppendMetadata } from "#platform/event-store/types.js";
import { traceHeaders } from "#platform/telemetry/propagation.js";
import { decide } from "../../domain/decide.js";
import { evolve } from "../../domain/evolve.js";
import type { ExecutionCommand } from "../../domain/execution-command.js";
import type { ExecutionEvent } from "../../domain/execution-event.js";
import type { ExecutionState } from "../../domain/execution-state.js";
import { type ExecutionStatus, isTerminal } from "../../domain/execution-status.js";
import { settlementOf } from "../../domain/settlement.js";
import type { ExecuteKey } from "./execute-keys.js";
import { insertExecutions, type NewExecution } from "./execution-begin.js";
import type { NewWork } from "./work-table.js";
import { insertWork } from "./work-table.js";

/** An execution as it stands, with the version of its stream. */
export interface StoredExecution {
  readonly state: ExecutionState;
  readonly version: number;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Commands for one execution, applied in order. */
export interface Order {
  readonly executionId: string;
  readonly commands: readonly ExecutionCommand[];
  /** The domain must not refuse: then the whole transaction is given up. */
  readonly mustHold?: boolean;
}

export interface Applied {
  readonly executionId: string;
  readonly events: readonly ExecutionEvent[];
  readonly state: ExecutionState;
  readonly version: number;
  /** The refusal of the domain; then nothing was appended for this execution. */
  readonly refused: InterlockError | undefined;
}

/** An execution under its row lock. */
export interface LockedExecution {
  readonly execution_id: string;
  readonly version: number;
  readonly state: ExecutionState;
}

/** Stream of one execution. */
export const streamOf = (executionId: string): string => `execution-${executionId}`;

/** Executions: their streams, and beside each its folded state, changed only together and only under the row's lock. */
export class ExecutionStore {
  /** @param onFinished told of each execution that comes to its end, before its commit: one that is given up and made again is told twice */
  constructor(
    readonly events: EventStore,
    private readonly onFinished: (status: ExecutionStatus) => void,
  ) {}

  /**
   * Applies orders inside `tx`: locks the executions in one order for everybody, lets the domain decide, appends, and notes the
   * settlements that follow. One execution's refusal leaves the others untouched.
   */
  async apply(tx: pg.PoolClient, orders: readonly Order[], actor: Actor, locked?: readonly LockedExecution[]): Promise<Applied[]> {
    const rows =
      locked ??
      (await this.lock(
        tx,
        orders.map((order) => order.executionId),
      ));
    const byId = new Map(rows.map((row) => [row.execution_id, row]));
    const applied = orders.flatMap((order) => {
      const row = byId.get(order.executionId);
      return row === undefined ? [] : [applyTo(row, order.commands)];
    });
    const broken = applied.find(
      ({ executionId, refused }) => refused !== undefined && orders.some((o) => o.executionId === executionId && o.mustHold),
    );
    if (broken?.refused !== undefined) throw broken.refused;
    await this.#append(tx, applied, actor);
    return applied;
  }

  /** What begins when its key is free: to be decided before the transaction, with the trace of whoever asked. */
  prepare(claim: ExecuteKey, event: ExecutionEvent, actor: Actor): NewExecution {
    const state = evolve(undefined, event);
    return { claim, event, state, metadata: traced(metadataOf(state, actor)), detail: { ...traceHeaders() } };
  }

  /** Begins those executions whose keys are free, inside `tx`; gives their ids. */
  async begin(tx: pg.PoolClient, wanted: readonly NewExecution[]): Promise<ReadonlySet<string>> {
    const begun = await insertExecutions(tx, wanted);
    const appends = wanted.flatMap(({ event, state, metadata }) =>
      begun.has(state.executionId) ? [{ stream: streamOf(state.executionId), expectedVersion: 0, events: [event], metadata }] : [],
    );
    await this.events.appendEach(appends, tx);
    return begun;
  }

  /** Locks executions for the rest of `tx`, in one order for everybody. */
  async lock(tx: pg.PoolClient, executionIds: readonly string[]): Promise<LockedExecution[]> {
    const { rows } = await tx.query<LockedExecution>({
      name: "relay_lock",
      text: "SELECT execution_id, version, state FROM relay.execution WHERE execution_id = ANY($1) ORDER BY execution_id FOR UPDATE",
      values: [executionIds],
    });
    return rows;
  }

  async #append(tx: pg.PoolClient, applied: readonly Applied[], actor: Actor): Promise<void> {
    const changed = applied.filter(({ events }) => events.length > 0);
    if (changed.length === 0) return;
    const appends = changed.map(({ executionId, events, state, version }) => ({
      stream: streamOf(executionId),
      expectedVersion: version - events.length,
      events,
      metadata: metadataOf(state, actor),
    }));
    await this.events.appendEach(appends, tx);
    await tx.query({
      name: "relay_update",
      text: `UPDATE relay.execution e SET status = n.status, version = n.version, state = n.state, updated_at = n.at
        FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::jsonb[], $5::timestamptz[]) AS n (id, status, version, state, at)
        WHERE e.execution_id = n.id`,
      values: [
        changed.map(({ executionId }) => executionId),
        changed.map(({ state }) => state.status),
        changed.map(({ version }) => version),
        changed.map(({ state }) => JSON.stringify(state)),
        changed.map(({ state }) => state.transitions.at(-1)?.at),
      ],
    });
    await insertWork(tx, changed.flatMap(settlements));
    for (const { state } of changed) if (isTerminal(state.status)) this.onFinished(state.status);
  }
}

/** Key of the account on the event log and in the read model: `chainId:0xaddress` in lower case. */
export function accountKey({ chainId, account }: { chainId: string; account: string }): string {
  return `${chainId}:${account.toLowerCase()}`;
}

function applyTo(row: LockedExecution, commands: readonly ExecutionCommand[]): Applied {
  let state = row.state;
  const events: ExecutionEvent[] = [];
  const { execution_id: executionId, version } = row;
  try {
    for (const command of commands) {
      for (const event of decide(state, command)) {
        state = evolve(state, event);
        events.push(event);
      }
    }
  } catch (error) {
    const refused = findInterlockError(error);
    if (refused === undefined) throw error;
    return { executionId, events: [], state: row.state, version, refused };
  }
  return { executionId, events, state, version: version + events.length, refused: undefined };
}

function settlements({ executionId, events, state }: Applied): NewWork[] {
  return events.flatMap((event) => {
    const settlement = settlementOf(event);
    if (settlement === undefined) return [];
    const mined = event.type === "execution.reorged.v1" ? event.data : state.mined;
    const detail = {
      outcome: settlement.outcome,
      when: settlement.when,
      transactionHash: mined?.transactionHash ?? "",
      blockNumber: mined?.blockNumber ?? "",
      blockHash: mined?.blockHash ?? "",
      blockTime: mined?.blockTime ?? "",
    };
    return [{ executionId, task: "settle", detail }];
  });
}

function metadataOf(state: ExecutionState, actor: Actor): AppendMetadata {
  return { correlationId: state.executionId, actor, subject: state.sessionId, partitionKey: accountKey(state) };
}
