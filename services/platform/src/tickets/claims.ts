import { listOf, oneOf, plainText, textLike, wholeNumber } from "./claim-rule.js";
import { claimSet } from "./claim-set.js";

/** Longest life of a ticket in seconds. */
export const MAX_TICKET_SECONDS = 30;

/** What the issuer says of the ticket itself; `iat` and `exp` in Unix seconds. */
interface Envelope<Issuer> {
  readonly iss: Issuer;
  readonly aud: "vault";
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
}

/** What policy says: this digest was judged under this policy. Hashes in lower-case hex. */
export interface DecisionContent {
  readonly decisionId: string;
  readonly executionId: string;
  readonly sessionId: string;
  readonly policyHash: string;
  readonly policyId: string;
  readonly digest: string;
  readonly outcome: "allow" | "deny";
  readonly evaluatorVersion: string;
}

/** What permissions says: budget and rate are reserved for this digest. Amounts in the smallest unit, integers in decimal. */
export interface AuthorizationContent {
  readonly authorizationId: string;
  readonly executionId: string;
  readonly sessionId: string;
  readonly keyRef: string;
  readonly generation: string;
  readonly account: string;
  readonly chainId: string;
  readonly module: string;
  readonly policyHash: string;
  readonly policyId: string;
  readonly digest: string;
  readonly nonce: string;
  readonly deadline: string;
  readonly spends: readonly { readonly token: string; readonly amount: string }[];
  readonly operations: number;
}

export type DecisionClaims = Envelope<"policy"> & DecisionContent;
export type AuthorizationClaims = Envelope<"permissions"> & AuthorizationContent;

const hash = textLike("0x[0-9a-f]{64}", "must be 32 bytes of lower-case 0x hex");
const address = textLike("0x[0-9a-fA-F]{40}", "must be an address");
const uint = textLike("(?:0|[1-9][0-9]{0,77})", "must be an unsigned decimal integer");
/** RFC 9562: of a version and a variant that there are. */
const uuid = textLike("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}", "must be a UUID");
const seconds = wholeNumber("[1-9][0-9]{0,14}", "must be Unix seconds");
const id = plainText(200);
const envelope = { aud: oneOf("vault"), jti: uuid, iat: seconds, exp: seconds };

export const decisionClaims = claimSet<DecisionClaims>({
  iss: oneOf("policy"),
  ...envelope,
  decisionId: uuid,
  executionId: id,
  sessionId: id,
  policyHash: hash,
  policyId: hash,
  digest: hash,
  outcome: oneOf("allow", "deny"),
  evaluatorVersion: plainText(100),
});

export const authorizationClaims = claimSet<AuthorizationClaims>({
  iss: oneOf("permissions"),
  ...envelope,
  authorizationId: uuid,
  executionId: id,
  sessionId: id,
  keyRef: id,
  generation: uint,
  account: address,
  chainId: uint,
  module: address,
  policyHash: hash,
  policyId: hash,
  digest: hash,
  nonce: uint,
  deadline: uint,
  spends: listOf(claimSet({ token: address, amount: uint }), 32),
  operations: wholeNumber("[1-4]", "must be a whole number from 1 to 4"),
});
