import type { RewrapProgress } from "#proto/interlock/vault/v1/vault_admin.js";

const WIDTH = 30;

/** `[#########-----] 62 %  12400 of 20000  500/s` */
export function progressBar({ total, remaining, rowsPerSecond, state }: RewrapProgress): string {
  const done = Math.max(0, total - remaining);
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * WIDTH);
  const bar = `${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}`;
  return `[${bar}] ${Math.floor(share * 100)} %  ${done} of ${total}  ${rowsPerSecond}/s  ${state}`;
}
