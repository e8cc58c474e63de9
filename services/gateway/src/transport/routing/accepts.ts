import { InterlockError } from "#platform/errors/interlock-error.js";

/** The first of `offered` media types that an Accept header takes; the first of all without one. @throws InterlockError NOT_ACCEPTABLE */
export function accepted(accept: string | undefined, offered: readonly [string, ...string[]]): string {
  if (accept === undefined || accept.trim() === "") return offered[0];
  const ranges = accept
    .split(",")
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?\s*(;|$)/.test(part))
    .map((part) => part.split(";")[0]?.trim() ?? "");
  const exact = ranges.map((range) => offered.find((type) => type === range)).find((type) => type !== undefined);
  const match = exact ?? offered.find((type) => ranges.some((range) => range === "*/*" || range === `${type.split("/")[0]}/*`));
  if (match !== undefined) return match;
  throw new InterlockError("NOT_ACCEPTABLE", `Accept: must take ${offered.join(" or ")}`, {
    details: { field: "header.accept", rule: offered.join(" or "), value: accept.slice(0, 100) },
  });
}
