/** Whether there is a process with this id that we may send signals to. */
export function processLives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
