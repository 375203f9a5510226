import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider";

/**
 * Keeps the provider's sign-ins, codes and tokens in memory. They live for minutes, and whoever was in
 * the middle of signing in when the provider stopped begins again.
 */
export function memoryAdapter(): AdapterFactory {
  const stored = new Map<string, Entry>();
  return (model) => new MemoryAdapter(model, stored);
}

type Entry = { payload: AdapterPayload; expiresAt: number };

/** More than this many live entries cannot come from people at one machine. */
const capacity = 5_000;

class MemoryAdapter implements Adapter {
  readonly #model: string;
  readonly #stored: Map<string, Entry>;

  constructor(model: string, stored: Map<string, Entry>) {
    this.#model = model;
    this.#stored = stored;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    this.#forgetExpired();
    const expiresAt = expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000;
    this.#stored.set(this.#key(id), { payload, expiresAt });
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#live(this.#stored.get(this.#key(id)));
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#search((payload) => payload.uid === uid);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#search((payload) => payload.userCode === userCode);
  }

  async consume(id: string): Promise<void> {
    const entry = this.#stored.get(this.#key(id));
    if (entry) entry.payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.#stored.delete(this.#key(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, { payload }] of this.#stored) {
      if (payload.grantId === grantId) this.#stored.delete(key);
    }
  }

  #key(id: string): string {
    return `${this.#model}:${id}`;
  }

  #live(entry: Entry | undefined): AdapterPayload | undefined {
    return entry && entry.expiresAt > Date.now() ? entry.payload : undefined;
  }

  #search(wanted: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const [key, entry] of this.#stored) {
      if (key.startsWith(`${this.#model}:`) && wanted(entry.payload)) return this.#live(entry);
    }
    return undefined;
  }

  #forgetExpired(): void {
    if (this.#stored.size < capacity) return;
    const now = Date.now();
    for (const [key, { expiresAt }] of this.#stored) if (expiresAt <= now) this.#stored.delete(key);
    for (const key of this.#stored.keys()) {
      if (this.#stored.size < capacity) return;
      this.#stored.delete(key);
    }
  }
}
