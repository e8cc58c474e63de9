import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/**
 * A base backup of a running Postgres with the WAL it needs, as `pg_basebackup -Ft -X fetch` makes it, which is no part of the binaries
 * tests run on: Postgres's low-level backup functions and tar.
 */
export async function baseBackup(url: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "base-backup-"));
  const archive = join(folder, "base.tar");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const data = String((await client.query("SHOW data_directory")).rows[0]?.data_directory);
    await client.query("SELECT pg_backup_start('test', fast => true)");
    tar("-cf", archive, "-C", data, "--exclude=./pg_wal/*", "--exclude=./postmaster.*", "--exclude=./*.opts", ".");
    const { rows } = await client.query<{ labelfile: string }>("SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)");
    writeFileSync(join(folder, "backup_label"), rows[0]?.labelfile ?? "");
    // The server renames it after its recovery, so it is the server's.
    const { uid, gid } = statSync(data);
    chownSync(join(folder, "backup_label"), uid, gid);
    tar("-rf", archive, "-C", folder, "backup_label");
    tar("-rf", archive, "-C", data, "./pg_wal");
    return readFileSync(archive);
  } finally {
    await client.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** GNU tar says 1 when a file changed while it was read, which the WAL makes good. */
function tar(...args: string[]): void {
  const { status, stderr } = spawnSync("tar", args, { encoding: "utf8" });
  if (status !== 0 && status !== 1) throw new Error(`tar ended with ${status}: ${stderr}`);
}
