/** One part of the campaign: what it shows, the tests that show it, and how much of it they take. */
export interface VaultPart {
  readonly name: string;
  readonly about: string;
  /** Arguments of vitest. */
  readonly tests: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const FUZZ = ["services/vault/src/signer-core/answer.fuzz", "services/vault/src/signer-core/protocol"];

/** What takes long, by a count that the tests read; `rest` is everything else that is said of the vault. */
const COUNTED: readonly VaultPart[] = [
  {
    name: "residue",
    about: "2,000 keys made, sealed, used, refused, failed; memory, core file, heap snapshot, environment, logs",
    tests: ["services/vault/test/residue"],
    environment: { RESIDUE_KEYS: "2000" },
  },
  {
    name: "fuzz",
    about: "1,000,000 requests to the core, 1,000,000 frames",
    tests: FUZZ,
    environment: { CORE_FUZZ_CASES: "1000000", FRAME_CASES: "1000000" },
  },
  {
    name: "digests",
    about: "viem agrees on 1,000,000 digests",
    tests: ["services/platform/src/intent"],
    environment: { INTENT_CASES: "1000000" },
  },
  {
    name: "attestation",
    about: "9,200 bits of the document and 9,200 of its certificates",
    tests: ["services/vault/src/attestation"],
    environment: { ATTESTATION_FLIPS: "9200" },
  },
  { name: "rows", about: "every byte of every field", tests: ["row-attacks"], environment: { ROW_FLIP_STEP: "1" } },
  { name: "providers", about: "the contract suite against every KEK provider", tests: ["test/contract/kek-provider"], environment: {} },
  {
    name: "races",
    about: "200 rounds of DISARM among 400 Signs, of one jti, of one nonce, over two replicas",
    tests: ["services/vault/test/replicas"],
    environment: { VAULT_RACE_ROUNDS: "200" },
  },
  {
    name: "rotation",
    about: "20,000 keys wrapped anew under load, kill -9 every 3 s",
    tests: ["services/vault/test/rotation-crash"],
    environment: { ROTATION_KEYS: "20000" },
  },
];

const counted = COUNTED.flatMap(({ tests }) => tests).map((test) => `**/${test.replace("services/vault/", "")}*{,/**}`);

export const VAULT_PARTS: readonly VaultPart[] = [
  {
    name: "rest",
    about: "tickets, floor, neighbours, kill -9 in each step, disarm lane, restore, core's own user and container, guide",
    tests: ["services/vault", ...counted.flatMap((pattern) => ["--exclude", pattern])],
    environment: {},
  },
  ...COUNTED,
];
