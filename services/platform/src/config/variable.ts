import type { z } from "zod";

/** One environment variable: declared once, from which loading, its error and its line in docs/configuration.md come. */
export interface Variable<Schema extends z.ZodType = z.ZodType> {
  /** Its name. Any variable may be given as NAME or as NAME_FILE, the path of a file with the value. */
  readonly env: string;
  /** Parses the text of the variable; optional and default values live in the schema. */
  readonly schema: Schema;
  /** What it is for, its unit and its shape: one sentence for docs/configuration.md. */
  readonly description: string;
  /** Never shown, never defaulted. */
  readonly secret: boolean;
  /** A value that would be right somewhere, for the docs. */
  readonly example?: string;
}

/** The variables of one service, by the name its code uses. */
export type ConfigDefinition = Readonly<Record<string, Variable>>;

/** What `loadConfig` gives for a definition. */
export type ConfigOf<Definition extends ConfigDefinition> = {
  readonly [K in keyof Definition]: z.infer<Definition[K]["schema"]>;
};

interface VariableOptions<Schema extends z.ZodType> {
  readonly env: string;
  readonly schema: Schema;
  readonly description: string;
  readonly secret?: boolean;
  readonly example?: string;
}

/**
 * Declares a variable.
 * @throws Error when a secret has a default: a secret that is not set must stop the start, not become a known value.
 */
export function variable<Schema extends z.ZodType>(options: VariableOptions<Schema>): Variable<Schema> {
  const secret = options.secret ?? false;
  if (secret) {
    const unset = options.schema.safeParse(undefined);
    if (unset.success && unset.data !== undefined) throw new Error(`${options.env}: a secret must not have a default`);
  }
  return { ...options, secret };
}
