/** Takes every null out of a decoded message, in place: proto-loader writes null for a message that was not sent, ts-proto's types say absent. */
export function present<T extends object>(message: T): T {
  for (const [key, value] of Object.entries(message)) {
    if (value === null) Reflect.deleteProperty(message, key);
    else if (typeof value === "object" && !Buffer.isBuffer(value)) present(value);
  }
  return message;
}
