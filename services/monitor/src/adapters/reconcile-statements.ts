/**
 * True of a fact `f` the log tells of: an entry names its transaction, or, for what the chain may do without one that does, the log knows
 * the key that was armed, or that the session (for an account, each of its sessions) is over.
 */
export const LOGGED = `(
  EXISTS (SELECT FROM monitor.log_claim c WHERE c.transaction_hash = f.transaction_hash AND c.account = f.account)
  OR (f.kind = 'arm' AND EXISTS (SELECT FROM monitor.logged_session s WHERE s.account = f.account AND s.session_key = f.session_key))
  OR (f.kind = 'disarm' AND EXISTS (SELECT FROM monitor.logged_session s WHERE s.account = f.account AND s.policy_id = f.policy_id AND s.over))
  OR (f.kind = 'epoch' AND EXISTS (SELECT FROM monitor.logged_session s WHERE s.account = f.account)
    AND NOT EXISTS (SELECT FROM monitor.logged_session s WHERE s.account = f.account AND s.policy_id IS NOT NULL AND NOT s.over))
)`;

/** True of a claim `c` the chain bears out: our module said something of that account in that transaction, in that block if one is named. */
export const BORNE_OUT = `EXISTS (SELECT FROM monitor.chain_fact f WHERE f.transaction_hash = c.transaction_hash
  AND f.account = c.account AND f.state <> 'gone' AND (c.block_hash IS NULL OR c.block_hash = f.block_hash))`;
