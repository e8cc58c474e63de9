import { connect } from "node:net";
import { encodeFrame } from "./signer-core/protocol/frame.js";
import { FrameDecoder } from "./signer-core/protocol/frame-decoder.js";

// Exit code 0 when signer-core answers a question on its socket, which only a turning event loop does. For a kubelet, so it loads as little
// as it can: it runs beside the core, on the core's share of the processor.
const socket = connect(process.env.SIGNER_CORE_SOCKET ?? "");
const decoder = new FrameDecoder();
socket.on("error", () => process.exit(1));
socket.on("close", () => process.exit(1));
socket.on("data", (chunk) => {
  for (const { kind } of decoder.push(chunk)) process.exit(kind === "result" ? 0 : 1);
});
socket.write(encodeFrame({ kind: "request", id: 1, body: Buffer.from('{"op":"health","request":{}}') }));
