import { readdirSync, readFileSync } from "node:fs";

/** Command lines of living processes that were given `folder`, in their environment or as an argument (Linux). */
export function processesOf(folder: string): readonly { readonly pid: number; readonly command: string }[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .flatMap((pid) => {
      const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
      // A process that has ended and waits for its parent has no command line.
      const ours = command !== "" && `${command}\0${read(`/proc/${pid}/environ`)}`.includes(folder);
      return ours ? [{ pid, command }] : [];
    });
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It ended between the listing and now, or belongs to somebody else.
    return "";
  }
}
