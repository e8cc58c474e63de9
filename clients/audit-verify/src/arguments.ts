import { parseArgs } from "node:util";

export const USAGE = `audit-verify WHAT [options]
audit-verify fetch URL --out FOLDER --token-file FILE [--begin N] [--end N] [--since N]

Checks the audit log of Interlock, offline. WHAT is
  an export folder                 (has a manifest.json)
  a mirror: a folder or an http(s) URL with checkpoint and tile/ in it
  a topic dump                     kcat -C -t audit.v1 -e -f '%h\\t%s\\n' > FILE, with --checkpoint FILE

  --key VKEY          the log's verifier key, from somewhere else than the log; repeat it for a key that was changed
  --policy FILE       C2SP tlog-policy: log keys and the witnesses that must have cosigned
  --state FILE        the checkpoint found good last time; written anew after every success (exit 0 or 3)
  --witness-note FILE what a witness holds of the log (GET /checkpoint/ORIGIN of the witness, asked before WHAT was made); with --policy; repeatable
  --anchor SIZE:ROOT  what you read from the AuditAnchor contract; repeatable
  --producers FILE    the producers' public keys (trust file): what each signed of its own events is checked too (exports)
  --max-age SECONDS   how old the witnesses' statements may be
  --checkpoint FILE   for a topic dump
  --token-file FILE   bearer token for an http(s) mirror
  --json              the report as JSON
  --quiet             no progress

exit 0  verified, with somebody's view besides the log's own
     1  integrity failure: MODIFIED, MISSING, REORDERED, DUPLICATE, TRUNCATED, TRAILING, BAD_SIGNATURE, BAD_PROOF or MALFORMED
     3  agrees with itself only, is stale, or a producer's events have a gap
     4  split view or rollback; the contradicting notes are printed
     2  wrong use, or something could not be read`;

const options = {
  key: { type: "string", multiple: true },
  policy: { type: "string" },
  state: { type: "string" },
  "witness-note": { type: "string", multiple: true },
  anchor: { type: "string", multiple: true },
  "max-age": { type: "string" },
  producers: { type: "string" },
  checkpoint: { type: "string" },
  "token-file": { type: "string" },
  out: { type: "string" },
  begin: { type: "string" },
  end: { type: "string" },
  since: { type: "string" },
  plain: { type: "boolean" },
  json: { type: "boolean" },
  quiet: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** The command line. @throws TypeError for an option that is not known */
export function parseArguments(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

export type Arguments = ReturnType<typeof parseArguments>["values"];
