import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CloudEvent, parseCloudEvent } from "../../services/platform/src/event-log/cloud-event-record.js";
import type { JsonObject } from "../../services/platform/src/kernel/json.js";

const FOLDER = fileURLToPath(new URL("../golden/events/", import.meta.url));

/** An event as it was once published, byte for byte. Such a file is never changed: it stands for what consumers have stored. */
export interface GoldenEvent extends CloudEvent {
  readonly bytes: Buffer;
  /** What the service itself had stored: the data without what the sequencer adds to it. */
  readonly stored: JsonObject;
}

/** Every type there is a golden event of. */
export function goldenTypes(): readonly string[] {
  return readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ""));
}

/** @throws when there is no golden event of `type`, or it is none of ours */
export function goldenEvent(type: string): GoldenEvent {
  const bytes = readFileSync(`${FOLDER}${type}.json`);
  const event = parseCloudEvent(bytes);
  if (event === undefined) throw new TypeError(`the golden event of ${type} is no CloudEvent in structured JSON`);
  const { salt: _salt, env: _env, actor: _actor, ...stored } = event.data;
  return { ...event, bytes, stored };
}
