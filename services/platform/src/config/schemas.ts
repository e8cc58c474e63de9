import { z } from "zod";

function hasProtocol(text: string, protocols: readonly string[]): boolean {
  try {
    return protocols.includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

/** `postgres://user:password@host:port/database`. */
export const postgresUrl = z.string().refine((text) => hasProtocol(text, ["postgres:", "postgresql:"]), "must be a postgres:// URL");

/** An http or https URL. */
export const httpUrl = z.string().refine((text) => hasProtocol(text, ["http:", "https:"]), "must be an http(s) URL");

/** TCP port; 0 lets the system choose. */
export const port = z.string().transform((text, context) => {
  const value = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 65_535) return value;
  context.addIssue({ code: "custom", message: "must be a port, 0 to 65535" });
  return z.NEVER;
});

/** `host:port` to listen on or to call, or a gRPC target such as `dns:///vault:50051`. */
export const address = z
  .string()
  .regex(/^(dns:\/\/\/)?(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$/, "must be host:port or dns:///host:port");

/** A whole number between `min` and `max`, written in decimal. */
export const integer = (min: number, max: number) =>
  z.string().transform((text, context) => {
    const value = /^-?[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue({ code: "custom", message: `must be a whole number, ${min} to ${max}` });
    return z.NEVER;
  });

/** `true` or `false`. */
export const flag = z.enum(["true", "false"], "must be true or false").transform((text) => text === "true");

/** A comma-separated list of at least one `item`; blanks around items are dropped. */
export const commaList = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(z.array(item).min(1));
