/** One request as it goes out. `target` begins with a slash. */
export type Exchange = {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

export type Answered = {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/** Carries requests: fetch in a browser, node:http over TCP, TLS or a unix socket elsewhere. */
export type Transport = {
  send(exchange: Exchange): Promise<Answered>;
  close(): void;
};
