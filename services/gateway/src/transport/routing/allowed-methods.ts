import type { Route } from "./route.js";

/** Methods of the table for a path, for the Allow header of a 405; empty when the path is unknown (404). */
export function allowedMethods(routes: readonly Pick<Route, "method" | "path">[], path: string): readonly string[] {
  const segments = path.split("/");
  const exact = routes.filter((route) => route.path === path);
  // A static path hides the pattern it would also match: /grant is not an {id}.
  if (exact.length > 0) return [...new Set(exact.map(({ method }) => method))];
  const matches = routes.filter((route) => {
    const pattern = route.path.split("/");
    return (
      pattern.length === segments.length && pattern.every((part, i) => (part.startsWith("{") ? segments[i] !== "" : part === segments[i]))
    );
  });
  return [...new Set(matches.map(({ method }) => method))];
}
