import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";

const profileSchema = z.object({
  url: z.string(),
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  subject: z.string(),
  kind: z.enum(["owner", "agent"]),
});

/** A login that is kept between commands. The file is readable by its user only. */
export type Profile = z.infer<typeof profileSchema>;

/** Where the login is kept: `--profile`, INTERLOCK_PROFILE, or a file under the user's configuration folder. */
export function profilePath(chosen: string | undefined): string {
  return (
    chosen ?? process.env.INTERLOCK_PROFILE ?? join(process.env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "interlock", "profile.json")
  );
}

/** The kept login, or undefined when there is none. */
export function readProfile(path: string): Profile | undefined {
  try {
    return profileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

/** Keeps a login. */
export function writeProfile(path: string, profile: Profile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, JSON.stringify(profile), { mode: 0o600 });
  chmodSync(path, 0o600);
}
