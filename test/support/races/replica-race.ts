import { findInterlockError } from "#platform/errors/interlock-error.js";
import type { AuthorizeResponse, Session } from "#proto/interlock/permissions/v1/permissions.js";
import { Patience } from "./not-now.js";
import type { Ask, RaceBed } from "./race-bed.js";
import type { SecondPermissions } from "./second-permissions.js";

type Replica = SecondPermissions["client"];

export interface ReplicaRace {
  readonly allowed: number;
  /** Allowed through each replica. */
  readonly wins: readonly number[];
  /** Codes of everything that was refused. */
  readonly refusals: ReadonlySet<string>;
  /** Which replica an execution was sent to. */
  readonly replicaOf: ReadonlyMap<string, number>;
}

/** As many operations at once as asked for, in turn through each replica; all are under way before the first is answered. */
export async function replicaRace(bed: RaceBed, session: Session, replicas: readonly Replica[], operations: number): Promise<ReplicaRace> {
  const asks = Array.from({ length: operations }, () => bed.ask(session));
  const answers = await Promise.all(asks.map((ask, index) => answered(bed, session, ask, replicas[index % replicas.length])));
  const won = (answer: AuthorizeResponse, index: number, replica: number) => answer.allowed && index % replicas.length === replica;
  return {
    allowed: answers.filter(({ allowed }) => allowed).length,
    wins: replicas.map((_, replica) => answers.filter((answer, index) => won(answer, index, replica)).length),
    refusals: new Set(answers.filter(({ allowed }) => !allowed).flatMap(({ record }) => record?.reasons.map(({ code }) => code) ?? [])),
    replicaOf: new Map(asks.map(({ executionId }, index) => [executionId, index % replicas.length])),
  };
}

/** How often the stream passes from one replica's operation to another's. */
export function turns(executionIds: readonly string[], { replicaOf }: ReplicaRace): number {
  const replicas = executionIds.map((id) => replicaOf.get(id));
  return replicas.filter((replica, index) => index > 0 && replica !== replicas[index - 1]).length;
}

/** The answer to an operation; asked again, as the same operation, while the replica cannot give one. */
async function answered(bed: RaceBed, session: Session, ask: Ask, replica: Replica | undefined): Promise<AuthorizeResponse> {
  for (const patience = new Patience(); ; ) {
    try {
      return await bed.authorize(session, ask, replica);
    } catch (error) {
      if (!(await patience.again(findInterlockError(error)?.code ?? ""))) throw error;
    }
  }
}
