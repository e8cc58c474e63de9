import { databaseAway, isDatabaseAway } from "#platform/database/database-error.js";

/** Runs the work of one RPC; a database that is away is told as such, not as a mistake of ours. */
export async function answer<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isDatabaseAway(error) ? databaseAway(error) : error;
  }
}
