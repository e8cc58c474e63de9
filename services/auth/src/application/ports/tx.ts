import type { PoolClient } from "pg";

/** The transaction a change joins, so that it is committed together with its event. */
export type Tx = PoolClient;
