/** The value of `--log`. Ends the process with 2 when it names no event log. */
export function eventLogOption(value: string): "postgres" | "kafka" {
  if (value === "postgres" || value === "kafka") return value;
  console.error(`--log must be postgres or kafka, saw ${value}`);
  return process.exit(2);
}
