import { buffer } from "node:stream/consumers";

// What stands for `kubectl` where a test follows a guide without a cluster: asks the test (kubectl-double.ts) and prints its answer.
const args = process.argv.slice(2);
const body = args.includes("-i") ? await buffer(process.stdin) : Buffer.alloc(0);
const answer = await fetch(process.env.KUBECTL ?? "", {
  method: "POST",
  headers: { arguments: encodeURIComponent(JSON.stringify(args)) },
  body,
});
process.stdout.write(Buffer.from(await answer.arrayBuffer()));
process.exitCode = answer.ok ? 0 : 1;
