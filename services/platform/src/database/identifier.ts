import { InterlockError } from "../errors/interlock-error.js";

const NAME = /^[a-z][a-z0-9_]{0,30}$/;

/**
 * The name of a schema or role, checked so that it can stand in SQL text unquoted.
 * @throws InterlockError CONFIG_INVALID unless it is 1 to 31 of a-z, 0-9 and _, beginning with a letter
 */
export function identifier(name: string): string {
  if (NAME.test(name)) return name;
  throw new InterlockError("CONFIG_INVALID", `the database name ${JSON.stringify(name)} must match ${NAME.source}`, {
    details: { value: name.slice(0, 100), rule: NAME.source },
  });
}
