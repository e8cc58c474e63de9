import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { agentAnswer } from "../answers.js";
import { contextOf } from "../context.js";

interface AgentOptions {
  readonly out: string;
  readonly label: string;
}

/** `interlock agent`: the owner gives an agent a key of its own for one session. The private key never leaves this machine. */
export function registerAgent(program: Command): void {
  program
    .command("agent <session>")
    .description("make a key for an agent and register it for one session")
    .requiredOption("--out <file>", "where the agent's private key goes (mode 0600)")
    .option("--label <text>", "what to call it", "agent")
    .action(async (sessionId: string, { out, label }: AgentOptions, command: Command) => {
      const { api, show } = contextOf(command);
      const pair = generateKeyPairSync("ed25519");
      const { kty, crv, x } = pair.publicKey.export({ format: "jwk" });
      writeFileSync(out, JSON.stringify(pair.privateKey.export({ format: "jwk" })), { mode: 0o600 });
      const body = { sessionId, publicJwk: { kty, crv, x }, label };
      const agent = agentAnswer.parse(await api.call("POST", "/v1/auth/agents", { body }));
      show(agent, [`registered agent ${agent.credentialId} for session ${sessionId}`, `its key is in ${out}`]);
    });
}
