import { constants, createHash, publicEncrypt } from "node:crypto";
import { createConnection, type Socket } from "node:net";

/**
 * A client of MySQL and MariaDB that keeps to the protocol only as far as it wants to: what no driver does, such as to
 * begin a change of user and leave it unfinished. It speaks without encryption, in the classic protocol.
 */
export type RawClient = {
  /** The first column of each row. @throws Error with the server's number as `errno`. */
  query(text: string): Promise<(string | null)[]>;
  /** Sends COM_CHANGE_USER for `name`, reads that the server asks for proof, and leaves it without an answer. */
  beginChangeOfUser(name: string, database?: string): Promise<void>;
  /** Answers what was left open; resolves to the server's number of its refusal, or "ok". */
  answerChangeOfUser(proof: Uint8Array): Promise<number | "ok">;
  /** True once the server has closed the connection. */
  isClosed: () => boolean;
  close: () => void;
};

type Login = { host: string; port: number; username: string; password: string };

export async function openRawClient(login: Login, database?: string): Promise<RawClient> {
  const wire = await greet(login);
  const auth = wire.plugin === "caching_sha2_password" ? sha2Proof : nativeProof;
  wire.send(
    Buffer.concat([
      integer(capabilities | (database === undefined ? 0 : connectWithDatabase), 4),
      integer(1 << 24, 4),
      Buffer.from([utf8mb4]),
      Buffer.alloc(23),
      text(login.username),
      lengthed(auth(login.password, wire.nonce)),
      ...(database === undefined ? [] : [text(database)]),
      text(wire.plugin),
    ]),
  );
  await finishLogin(wire, login.password);
  return clientOf(wire);
}

export type HalfLogin = {
  finish(password: string): Promise<RawClient>;
  isClosed: () => boolean;
  close: () => void;
};

/** Logs in up to where the server asks for the proof, and leaves it there. */
export async function beginLogin(login: Omit<Login, "password">): Promise<HalfLogin> {
  const wire = await greet(login);
  wire.send(
    Buffer.concat([
      integer(capabilities, 4),
      integer(1 << 24, 4),
      Buffer.from([utf8mb4]),
      Buffer.alloc(23),
      text(login.username),
      lengthed(Buffer.alloc(0)),
      // Whatever plugin the account has, it is another: the server asks for the proof of its own.
      text("mysql_clear_password"),
    ]),
  );
  const asked = refuseError(await wire.read());
  return {
    async finish(password) {
      await finishLogin(wire, password, asked);
      return clientOf(wire);
    },
    isClosed: wire.isClosed,
    close: wire.close,
  };
}

function clientOf(wire: Wire): RawClient {
  return {
    async query(statement) {
      wire.begin();
      wire.send(Buffer.concat([Buffer.from([0x03]), Buffer.from(statement)]));
      const head = refuseError(await wire.read());
      if (head[0] === 0) return [];
      for (let columns = head[0] ?? 0; columns > 0; columns -= 1) await wire.read();
      await wire.read();
      const rows: (string | null)[] = [];
      for (;;) {
        const packet = refuseError(await wire.read());
        if (packet[0] === 0xfe && packet.length < 9) return rows;
        rows.push(firstColumn(packet));
      }
    },
    async beginChangeOfUser(name, database = "") {
      wire.begin();
      wire.send(
        Buffer.concat([
          Buffer.from([0x11]),
          text(name),
          Buffer.from([0]),
          text(database),
          integer(utf8mb4, 2),
          text("mysql_clear_password"),
        ]),
      );
      const asked = refuseError(await wire.read());
      if (asked[0] !== 0xfe) throw new Error("the server did not ask for a proof");
    },
    async answerChangeOfUser(proof) {
      wire.send(Buffer.from(proof));
      const answer = await wire.read();
      return answer[0] === 0xff ? answer.readUInt16LE(1) : "ok";
    },
    isClosed: wire.isClosed,
    close: wire.close,
  };
}

type Wire = {
  nonce: Buffer;
  plugin: string;
  begin(): void;
  send(payload: Buffer): void;
  read(): Promise<Buffer>;
  isClosed: () => boolean;
  close: () => void;
};

async function greet({ host, port }: Pick<Login, "host" | "port">): Promise<Wire> {
  const socket = createConnection({ host, port });
  const wire = packetsOf(socket);
  const hello = refuseError(await wire.read());
  const version = hello.indexOf(0, 1);
  const first = hello.subarray(version + 5, version + 13);
  const rest = version + 5 + 8 + 1 + 2 + 1 + 2 + 2 + 1 + 10;
  const second = hello.subarray(rest, rest + 12);
  const plugin = hello.subarray(rest + 13, hello.indexOf(0, rest + 13)).toString();
  return { ...wire, nonce: Buffer.concat([first, second]), plugin };
}

/** Answers each of the server's questions until it lets us in. */
async function finishLogin(wire: Wire, password: string, question?: Buffer): Promise<void> {
  let { nonce } = wire;
  for (let asked = question; ; asked = undefined) {
    const packet = asked ?? refuseError(await wire.read());
    if (packet[0] === 0) return;
    if (packet[0] === 0xfe) {
      const end = packet.indexOf(0, 1);
      nonce = packet.subarray(end + 1, end + 21);
      const isSha2 = packet.subarray(1, end).toString() === "caching_sha2_password";
      wire.send((isSha2 ? sha2Proof : nativeProof)(password, nonce));
    } else if (packet[0] === 1 && packet[1] === 4) wire.send(Buffer.from([2]));
    else if (packet[0] === 1 && packet.length > 2) wire.send(sealed(password, nonce, packet.subarray(1)));
  }
}

function packetsOf(socket: Socket): Omit<Wire, "nonce" | "plugin"> {
  let held = Buffer.alloc(0);
  let sequence = 0;
  let closed = false;
  let wake: () => void = () => undefined;
  socket.on("data", (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    wake();
  });
  const end = () => {
    closed = true;
    wake();
  };
  socket.on("close", end).on("end", end).on("error", end);
  return {
    begin() {
      sequence = 0;
    },
    send(payload) {
      socket.write(Buffer.concat([integer(payload.length, 3), Buffer.from([sequence]), payload]));
      sequence = (sequence + 1) % 256;
    },
    async read() {
      for (;;) {
        const length = held.length < 4 ? Number.POSITIVE_INFINITY : held.readUIntLE(0, 3);
        if (held.length >= length + 4) {
          const payload = held.subarray(4, length + 4);
          sequence = ((held[3] ?? 0) + 1) % 256;
          held = held.subarray(length + 4);
          return payload;
        }
        if (closed) throw Object.assign(new Error("the server closed the connection"), { errno: 2013 });
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    isClosed: () => closed,
    close: () => socket.destroy(),
  };
}

function refuseError(packet: Buffer): Buffer {
  if (packet[0] !== 0xff) return packet;
  throw Object.assign(new Error(packet.subarray(3).toString()), { errno: packet.readUInt16LE(1) });
}

function firstColumn(packet: Buffer): string | null {
  const length = packet[0] ?? 0;
  if (length === 0xfb) return null;
  if (length < 0xfb) return packet.subarray(1, 1 + length).toString();
  if (length === 0xfc) return packet.subarray(3, 3 + packet.readUInt16LE(1)).toString();
  return packet.subarray(4, 4 + packet.readUIntLE(1, 3)).toString();
}

function nativeProof(password: string, nonce: Buffer): Buffer {
  const once = hash("sha1", Buffer.from(password));
  return xored(once, hash("sha1", Buffer.concat([nonce, hash("sha1", once)])));
}

function sha2Proof(password: string, nonce: Buffer): Buffer {
  const once = hash("sha256", Buffer.from(password));
  return xored(once, hash("sha256", Buffer.concat([hash("sha256", once), nonce])));
}

/** What MySQL wants where it has forgotten the proof of last time. */
function sealed(password: string, nonce: Buffer, key: Buffer): Buffer {
  const plain = xored(text(password), Buffer.concat(Array.from({ length: 20 }, () => nonce)));
  return publicEncrypt({ key: key.toString(), padding: constants.RSA_PKCS1_OAEP_PADDING }, plain);
}

function hash(algorithm: "sha1" | "sha256", bytes: Buffer): Buffer {
  return createHash(algorithm).update(bytes).digest();
}

function xored(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, place) => byte ^ (other[place] ?? 0)));
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function lengthed(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function integer(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}

const utf8mb4 = 45;
const connectWithDatabase = 0x8;
/** LONG_PASSWORD, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH. */
const capabilities = 0x1 | 0x200 | 0x2000 | 0x8000 | 0x80000;
