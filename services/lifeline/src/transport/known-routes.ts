import type { FastifyInstance } from "fastify";

interface KnownRoute {
  readonly method: string;
  readonly segments: readonly string[];
}

/** What a server offers, remembered while its routes are registered; it tells a wrong method (405) from a wrong path (404). */
export class KnownRoutes {
  readonly #routes: KnownRoute[] = [];

  /** Listens to the registrations that follow. */
  static of(server: Pick<FastifyInstance, "addHook">): KnownRoutes {
    const known = new KnownRoutes();
    server.addHook("onRoute", ({ method, url }) => {
      for (const one of [method].flat()) known.#routes.push({ method: one, segments: segmentsOf(url) });
    });
    return known;
  }

  /** Methods offered for the path of `url`, for the Allow header; none when nothing is there. */
  methodsOf(url: string): readonly string[] {
    const asked = segmentsOf(url.split("?")[0] ?? "");
    const matches = (pattern: readonly string[]) =>
      pattern.length === asked.length && pattern.every((part, i) => (part.startsWith(":") ? asked[i] !== "" : part === asked[i]));
    return [...new Set(this.#routes.filter(({ segments }) => matches(segments)).map(({ method }) => method))].toSorted();
  }
}

const segmentsOf = (path: string): readonly string[] => path.replace(/\/$/, "").split("/");
