import type { HubStore } from '../store.ts';

/** One store to be tested, as often opened as asked. */
export interface StoreUnderTest {
  /**
   * Opens it: again after a close on the same data, or, where `side by side` is true, a second hub's view of the same.
   */
  open(): Promise<HubStore>;
  /** Whether several may be open at once. */
  readonly sideBySide: boolean;
  /** Whether what was written is still there when it is opened again. */
  readonly durable: boolean;
  /** Takes away what it left. */
  dispose(): Promise<void>;
}

/** What the parts of the suite get. */
export interface Bench {
  /** On data of its own for each test; closed at its end. */
  store(): Promise<HubStore>;
  /** The same data by a second hub where the store can do that, else the same store: what it sees must be the same. */
  other(): Promise<HubStore>;
  /** The same data, closed and opened anew. */
  reopened(): Promise<HubStore>;
  readonly durable: boolean;
  /** Any test's time to wait for what comes by itself. */
  readonly patience: number;
}
