/** Property names whose values never reach a log line, wherever in the first three levels they stand. */
export const SECRET_PROPERTIES = [
  "authorization",
  "cookie",
  "set-cookie",
  "password",
  "secret",
  "accessToken",
  "refreshToken",
  "serviceKey",
  "ticketKey",
  "privateKey",
  "relayerKey",
  "kek",
  "databaseUrl",
  "eventLogUrl",
  "rpcUrls",
  "signature",
  "d",
] as const;

const quoted = (property: string): string => `["${property}"]`;

/** Paths for pino's `redact`. */
export const REDACTED_PATHS = SECRET_PROPERTIES.flatMap((property) => [quoted(property), `*${quoted(property)}`, `*.*${quoted(property)}`]);

const JWT = /eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g;
const URL_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*):[^\s@"]+@/gi;

/** Last line of defence for secrets inside free text: JSON web tokens and passwords in URLs. */
export function scrub(text: string): string {
  return text.replace(JWT, "[redacted token]").replace(URL_PASSWORD, "$1:[redacted]@");
}
