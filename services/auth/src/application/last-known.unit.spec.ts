import { describe, expect, it } from "vitest";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Introspection, Presented } from "./introspect.js";
import { LastKnown } from "./last-known.js";

const NOW = new Date("2026-01-01T00:00:00Z");
const bearer: Presented = { kind: "bearer", credential: "token", csrfToken: "", unsafeMethod: true, addsNoAuthority: true };
const web: Presented = { ...bearer, kind: "web", credential: "cookie" };
const answer = (more: Partial<Introspection["principal"]> = {}): Introspection => ({
  principal: {
    kind: "owner",
    subject: "0xab",
    chainId: 1,
    accounts: [],
    authMethod: "siwe-eoa",
    expiresAt: new Date(NOW.getTime() + 60_000),
    ...more,
  },
});
const away = () => Promise.reject(new InterlockError("DEPENDENCY_UNAVAILABLE", "the database is not available"));
const ended = () => Promise.reject(new InterlockError("SESSION_EXPIRED", "the login has ended"));

describe("what is known of a credential while the database is away", () => {
  const lastKnown = () => new LastKnown({ now: () => NOW });

  it("lets its owner read and narrow", async () => {
    const known = lastKnown();
    await known.or(bearer, async () => answer());
    expect(await known.or(bearer, away)).toEqual(answer());
  });

  it("gives nobody authority", async () => {
    const known = lastKnown();
    await known.or(bearer, async () => answer());
    await expect(known.or({ ...bearer, addsNoAuthority: false }, away)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
  });

  it("is nothing for a credential that was never seen, or of another kind", async () => {
    const known = lastKnown();
    await known.or(bearer, async () => answer());
    await expect(known.or({ ...bearer, credential: "other" }, away)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    await expect(known.or({ ...bearer, kind: "web" }, away)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
  });

  it("is forgotten once the credential was refused", async () => {
    const known = lastKnown();
    await known.or(bearer, async () => answer());
    await expect(known.or(bearer, ended)).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
    await expect(known.or(bearer, away)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
  });

  it("ends with the credential", async () => {
    const known = lastKnown();
    await known.or(bearer, async () => answer({ expiresAt: NOW }));
    await expect(known.or(bearer, away)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
  });

  it("still wants the token of a web session", async () => {
    const known = lastKnown();
    await known.or(web, async () => ({ ...answer(), csrfToken: "expected" }));
    await expect(known.or({ ...web, csrfToken: "another" }, away)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    expect(await known.or({ ...web, unsafeMethod: false }, away)).toMatchObject({ csrfToken: "expected" });
  });
});
