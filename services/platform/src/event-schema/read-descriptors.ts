import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createFileRegistry, type DescMessage, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { type JsonSchema, messageSchema, textOption } from "./json-schema.js";

/** An event type as proto/interlock/events describes it. */
export interface DescribedEvent {
  readonly type: string;
  /** Word of the audit design: GENERATE, ARM, USE ... */
  readonly word: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

const MESSAGE = 4;

/** The comment over a message. */
function commentOf(message: DescMessage): string {
  const { messageType, sourceCodeInfo } = message.file.proto;
  const index = messageType.findIndex(({ name }) => name === message.name);
  const location = sourceCodeInfo?.location.find(({ path }) => path.length === 2 && path[0] === MESSAGE && path[1] === index);
  return (location?.leadingComments ?? "").trim().replace(/\s+/g, " ");
}

/** Every event type, in the order of their names. @param root folder of the repository; its buf builds the descriptors */
export function readDescriptors(root: string): readonly DescribedEvent[] {
  const buf = join(root, "node_modules/.bin/buf");
  const image = execFileSync(buf, ["build", "--path", "interlock/events", "--as-file-descriptor-set", "-o", "-"], {
    cwd: join(root, "proto"),
    maxBuffer: 64 * 1024 * 1024,
  });
  const registry: FileRegistry = createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
  const events: DescribedEvent[] = [];
  for (const desc of registry) {
    if (desc.kind !== "message" || !desc.typeName.startsWith("interlock.events.v1.")) continue;
    const type = textOption(registry, desc, "type");
    if (type === "") continue;
    const word = textOption(registry, desc, "word");
    events.push({ type, word, description: commentOf(desc), schema: messageSchema(registry, desc) });
  }
  return events.sort((a, b) => (a.type < b.type ? -1 : 1));
}
