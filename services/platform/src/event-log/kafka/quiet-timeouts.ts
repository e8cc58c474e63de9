let installed = false;

/**
 * kafkajs 2.2.4 computes a negative delay once per connection, and Node 24 warns of each (its issue 1751, unfixed).
 * Only that warning, and only when kafkajs is its cause, is held back.
 */
export function quietKafkajsTimeouts(): void {
  if (installed) return;
  installed = true;
  const emit = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    const [type] = rest;
    const name = typeof type === "string" ? type : warning instanceof Error ? warning.name : undefined;
    if (name === "TimeoutNegativeWarning" && /[\\/]kafkajs[\\/]/.test(new Error().stack ?? "")) return;
    Reflect.apply(emit, process, [warning, ...rest]);
  };
}
