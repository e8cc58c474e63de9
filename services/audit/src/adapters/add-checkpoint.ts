import { InterlockError } from "#platform/errors/interlock-error.js";
import type { AddCheckpoint } from "../application/asking-witnesses.js";

const TIMEOUT_MS = 5_000;
const MAX_ANSWER = 16 * 1024;

/** C2SP tlog-witness over HTTP. */
export const addCheckpoint: AddCheckpoint = async (url, body) => {
  const target = new URL("add-checkpoint", url.endsWith("/") ? url : `${url}/`);
  const response = await fetch(target, { method: "POST", body, signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" });
  const text = (await response.text()).slice(0, MAX_ANSWER);
  if (response.status === 200) return { lines: text };
  if (response.status === 409 && /^(0|[1-9][0-9]{0,14})\n?$/.test(text)) return { known: Number(text) };
  throw new InterlockError("DEPENDENCY_UNAVAILABLE", `the witness answered ${response.status}: ${text.slice(0, 200).trim()}`);
};
