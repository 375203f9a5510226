import { crc32 } from "node:zlib";

/**
 * One message of application/vnd.amazon.eventstream: lengths and their checksum, headers (all of type 7, text),
 * payload, checksum of everything before it.
 */
export function eventMessage(type: string, contentType: string, payload: Uint8Array): Uint8Array {
  const headers = Buffer.concat([
    header(":event-type", type),
    header(":content-type", contentType),
    header(":message-type", "event"),
  ]);
  const message = Buffer.alloc(12 + headers.length + payload.length + 4);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(headers.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  message.set(headers, 12);
  message.set(payload, 12 + headers.length);
  message.writeUInt32BE(crc32(message.subarray(0, message.length - 4)), message.length - 4);
  return message;
}

function header(name: string, value: string): Uint8Array {
  const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
  const length = Buffer.alloc(2);
  length.writeUInt16BE(valueBytes.length);
  return Buffer.concat([Buffer.from([nameBytes.length]), nameBytes, Buffer.from([7]), length, valueBytes]);
}
