/** The value of an environment variable. @throws Error naming it when it is not set */
export function required(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  const value = environment[name];
  if (value === undefined || value === "") throw new Error(`${name}: is required`);
  return value;
}
