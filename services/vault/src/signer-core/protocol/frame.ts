/** Version of the protocol between shell and core; both come from one build, so another one is a deployment error. */
export const PROTOCOL_VERSION = 1;

/** Largest body of one frame. A policy document and a batch of four calls at their limits stay well below it. */
export const MAX_BODY_BYTES = 256 * 1024;

/** One byte of version, one of kind, four of request id, four of body length; then the body, UTF-8 JSON. */
export const HEADER_BYTES = 10;

export const FRAME_KINDS = { request: 1, result: 2, error: 3 } as const;
export type FrameKind = keyof typeof FRAME_KINDS;

export interface Frame {
  readonly kind: FrameKind;
  /** Chosen by the asker, repeated in the answer; 32 bits. */
  readonly id: number;
  readonly body: Buffer;
}

/** The peer does not speak this protocol: the connection is closed, nothing is guessed. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** The bytes of `frame`. @throws ProtocolError when the body is too long */
export function encodeFrame(frame: Frame): Buffer {
  if (frame.body.length > MAX_BODY_BYTES) throw new ProtocolError(`a body of ${frame.body.length} bytes is above ${MAX_BODY_BYTES}`);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(PROTOCOL_VERSION, 0);
  header.writeUInt8(FRAME_KINDS[frame.kind], 1);
  header.writeUInt32BE(frame.id, 2);
  header.writeUInt32BE(frame.body.length, 6);
  return Buffer.concat([header, frame.body]);
}
