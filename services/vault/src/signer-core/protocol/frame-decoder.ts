import { FRAME_KINDS, type Frame, type FrameKind, HEADER_BYTES, MAX_BODY_BYTES, PROTOCOL_VERSION, ProtocolError } from "./frame.js";

/** Cuts a byte stream into frames; holds at most one unfinished frame. */
export class FrameDecoder {
  #pending: Buffer = Buffer.alloc(0);

  /**
   * The frames that `chunk` completes, in order.
   * @throws ProtocolError on another version, an unknown kind or a body above the limit, before any of that body is kept
   */
  push(chunk: Buffer): Frame[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const frames: Frame[] = [];
    while (this.#pending.length >= HEADER_BYTES) {
      const { kind, id, length } = readHeader(this.#pending);
      const end = HEADER_BYTES + length;
      if (this.#pending.length < end) break;
      frames.push({ kind, id, body: this.#pending.subarray(HEADER_BYTES, end) });
      this.#pending = this.#pending.subarray(end);
    }
    return frames;
  }
}

function readHeader(bytes: Buffer): { readonly kind: FrameKind; readonly id: number; readonly length: number } {
  const version = bytes.readUInt8(0);
  if (version !== PROTOCOL_VERSION) throw new ProtocolError(`protocol version ${version} is not ${PROTOCOL_VERSION}`);
  const kind = kindOf(bytes.readUInt8(1));
  const length = bytes.readUInt32BE(6);
  if (length > MAX_BODY_BYTES) throw new ProtocolError(`a body of ${length} bytes is above ${MAX_BODY_BYTES}`);
  return { kind, id: bytes.readUInt32BE(2), length };
}

function kindOf(value: number): FrameKind {
  switch (value) {
    case FRAME_KINDS.request:
      return "request";
    case FRAME_KINDS.result:
      return "result";
    case FRAME_KINDS.error:
      return "error";
    default:
      throw new ProtocolError(`unknown frame kind ${value}`);
  }
}
