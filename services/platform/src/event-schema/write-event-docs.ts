import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeOrCheck } from "../config/generated-file.js";
import { asyncApi } from "./asyncapi.js";
import { envelopeSchema } from "./envelope-schema.js";
import { eventIndex, eventPage } from "./event-page.js";
import { readDescriptors } from "./read-descriptors.js";

const PAGES = join("docs", "events");
const SCHEMAS = join(PAGES, "schemas");
const GOLDEN = join("test", "golden", "events");

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

// Writes what is generated from proto/interlock/events, or with --check says whether it is up to date. Run from the repository root on
// the build: node dist/services/platform/src/event-schema/write-event-docs.js [--check]
const events = readDescriptors(process.cwd());
mkdirSync(SCHEMAS, { recursive: true });
const known = Object.fromEntries(events.map(({ type, word, description, schema }) => [type, { word, description, schema }]));
writeOrCheck(join("services", "platform", "src", "event-schema", "event-schemas.json"), json(known));
writeOrCheck(join("docs", "api", "asyncapi.json"), json(asyncApi(events)));
writeOrCheck(join(PAGES, "README.md"), eventIndex(events));
for (const event of events) {
  const golden = join(GOLDEN, `${event.type}.json`);
  writeOrCheck(join(PAGES, `${event.type}.md`), eventPage(event, existsSync(golden) ? readFileSync(golden, "utf8") : undefined));
  writeOrCheck(join(SCHEMAS, `${event.type}.json`), json(envelopeSchema(event.type, event.description, event.schema)));
}
for (const file of readdirSync(PAGES)) {
  const type = file.replace(/\.md$/, "");
  if (!["README.md", "schemas"].includes(file) && !(type in known)) throw new Error(`docs/events/${file} is of no event`);
}
