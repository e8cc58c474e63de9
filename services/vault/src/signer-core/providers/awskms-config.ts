import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseJsonObject } from "#platform/kernel/json.js";

const arn = z.string().regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/, "must be the ARN of a key, not of an alias");
const version = z.int().min(1).max(1_000_000);
const text = z.string().min(1).max(8_192);

const schema = z.strictObject({
  provider: z.literal("awskms"),
  region: z.string().regex(/^[a-z0-9-]{1,32}$/, "must be a region"),
  /** Default: the region's public endpoint. */
  endpoint: z.url({ protocol: /^https?$/ }).exactOptional(),
  /** One symmetric key of KMS per version. KMS's own yearly rotation goes on inside each of them and is invisible here. */
  active: version,
  keys: z.record(z.string().regex(/^[1-9][0-9]{0,6}$/, "must be a version number"), arn),
  credentials: z.strictObject({ accessKeyId: text, secretAccessKey: text, sessionToken: text.exactOptional() }),
});

export type AwsKmsConfig = z.infer<typeof schema>;

/** @throws InterlockError CONFIG_INVALID naming the rule, never a credential; for plain HTTP in production */
export function parseAwsKmsConfig(source: string, mode: "production" | "development"): AwsKmsConfig {
  const parsed = schema.safeParse(parseJsonObject(source));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw wrong(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is malformed"}`);
  }
  const { active, keys, endpoint } = parsed.data;
  if (keys[String(active)] === undefined) throw wrong("active: must be one of keys");
  if (mode === "production" && endpoint?.startsWith("http:")) throw wrong("endpoint: must be https in production");
  return parsed.data;
}

function wrong(rule: string): InterlockError {
  return new InterlockError("CONFIG_INVALID", `KEK_FILE: ${rule}`, { details: { variable: "KEK_FILE", rule } });
}
