import type { Destination } from "../domain/emergency-transaction.js";

/** A page that explains the emergency path without needing any script. */
export function emergencyPage({ chainId, module }: Destination): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Interlock: emergency close</title>
<style>body{font:16px/1.5 system-ui;max-width:44rem;margin:2rem auto;padding:0 1rem}code{background:#eee;padding:.1em .3em;word-break:break-all}</style></head>
<body>
<h1>Emergency close</h1>
<p>This works with every other Interlock service gone. Your wallet's signature is the only authority.</p>
<ol>
<li>Read the calldata for your account: <code>GET /emergency/calldata/&lt;your Safe&gt;</code>.</li>
<li>Send it from any owner's wallet to the session module <code>${module}</code> on chain ${chainId}, with value 0.
<code>close_all</code> redeems every vault position to your Safe; <code>disarm_all</code> ends every session. They are two transactions: send both.</li>
<li>Or have the transaction prepared (<code>POST /emergency/prepare</code>), sign it, and hand it back (<code>POST /emergency/submit</code>): it goes to every RPC at once.</li>
</ol>
<p><a href="/status">Status</a></p>
</body>
</html>
`;
}
