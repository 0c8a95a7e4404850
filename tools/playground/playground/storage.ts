const NAMESPACE = "graphiql:";
const HEADERS = `${NAMESPACE}headers`;
const OPT_IN = `${NAMESPACE}shouldPersistHeaders`;
const HISTORY = [`${NAMESPACE}queries`, `${NAMESPACE}favorites`];

/**
 * The browser's storage, except that it takes no request headers before the user asks for that.
 *
 * Headers hold identity tokens. GraphiQL leaves them out of its tabs and its headers editor, but
 * writes them with every entry of its history.
 */
export class HeadersStayPrivate {
  readonly #store: Storage;

  constructor(store: Storage) {
    this.#store = store;
    if (!this.keepsHeaders) this.#forgetHeaders();
  }

  /** Whether the user has asked, in the settings, to keep headers between visits. */
  get keepsHeaders(): boolean {
    return this.#store.getItem(OPT_IN) === "true";
  }

  getItem(key: string): string | null {
    return this.#store.getItem(key);
  }

  setItem(key: string, value: string): void {
    if (!this.keepsHeaders && HISTORY.includes(key)) value = withoutHeaders(value);
    this.#store.setItem(key, value);
    if (key === OPT_IN && value !== "true") this.#forgetHeaders();
  }

  removeItem(key: string): void {
    this.#store.removeItem(key);
    if (key === OPT_IN) this.#forgetHeaders();
  }

  clear(): void {
    for (const key of this.#keys()) this.#store.removeItem(key);
  }

  get length(): number {
    return this.#keys().length;
  }

  #keys(): string[] {
    return Object.keys(this.#store).filter((key) => key.startsWith(NAMESPACE));
  }

  #forgetHeaders(): void {
    this.#store.removeItem(HEADERS);
    for (const key of HISTORY) {
      const kept = this.#store.getItem(key);
      if (kept !== null) this.#store.setItem(key, withoutHeaders(kept));
    }
  }
}

function withoutHeaders(json: string): string {
  return JSON.stringify(JSON.parse(json), (name, value: unknown) =>
    name === "headers" ? undefined : value,
  );
}
