import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** Does what a command line asks for; gives what it prints. */
export type KubectlCommand = (input: Buffer, line: string) => Promise<Buffer | string>;

export interface KubectlDouble {
  readonly url: string;
  close(): void;
}

/** Answers `kubectl-program.ts` with the command whose line it is, arguments joined by blanks, as the guide has it. */
export async function kubectlDouble(commands: Readonly<Record<string, KubectlCommand>>): Promise<KubectlDouble> {
  const server = createServer((request, response) => {
    const line = (JSON.parse(decodeURIComponent(String(request.headers.arguments))) as string[]).join(" ");
    const command = Object.entries(commands).find(([known]) => line.startsWith(known))?.[1];
    const run =
      command === undefined ? Promise.reject(new Error(`nobody does: ${line}`)) : buffer(request).then((input) => command(input, line));
    run.then(
      (printed) => response.end(printed),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}
