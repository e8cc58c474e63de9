import type { AclEntry } from "kafkajs";
import { z } from "zod";

const right = z.strictObject({
  type: z.enum(["topic", "group"]),
  name: z.string().min(1),
  pattern: z.enum(["literal", "prefix"]),
  operations: z.array(z.enum(["Read", "Write", "Describe", "Delete"])).min(1),
});
const users = z.array(z.strictObject({ name: z.string().min(1), bytesPerSecond: z.number().optional(), rights: z.array(right) }));

// The protocol's own numbers: kafkajs names them in enums that a module cannot import from CommonJS.
const TYPES = { topic: 2, group: 3 } as const;
const PATTERNS = { literal: 3, prefix: 4 } as const;
const OPERATIONS = { Read: 3, Write: 4, Delete: 6, Describe: 8 } as const;
const ALLOW = 3;

/**
 * The ACLs that give Kafka users what the chart says they may.
 * @param text JSON of the chart's template `interlock.kafkaUsers`
 * @throws ZodError when it is none
 */
export function aclsOf(text: string): readonly AclEntry[] {
  return users.parse(JSON.parse(text)).flatMap(({ name, rights }) =>
    rights.flatMap(({ type, name: resourceName, pattern, operations }) =>
      operations.map(
        (operation): AclEntry => ({
          principal: `User:${name}`,
          host: "*",
          permissionType: ALLOW,
          operation: OPERATIONS[operation],
          resourceType: TYPES[type],
          resourceName,
          resourcePatternType: PATTERNS[pattern],
        }),
      ),
    ),
  );
}
