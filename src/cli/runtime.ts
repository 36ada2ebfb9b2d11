/** Everything the program takes from the outside. Made once, in main.ts; nothing else reads the process. */
export interface Runtime {
  readonly arguments: readonly string[];
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly workingFolder: string;
  readonly now: Date;
  /** Milliseconds on a clock that never goes back. */
  readonly elapsedMs: () => number;
  readonly timeZone: string;
  readonly host: string;
  readonly userName: string | null;
  /** Names this machine, also when it is called otherwise. */
  readonly machine: string;
  readonly temporaryFolder: string;
  /** Folder of the shipped fake home, read by `--demo`. */
  readonly demoHome: string;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Memory that the process has now. */
  readonly usedBytes: () => number;
  /** Keeps what was compiled so far, so that the next start need not compile it: on the shortest way to an answer, or on another. */
  readonly keepCode: (way: 'short' | 'long') => void;
  /** Ends the process at once, whatever it is doing: for what nothing else stops. */
  readonly endNow: () => void;
  /** Runs the work once when the program ends by a signal; returns a function that takes it off the list again. */
  readonly onAbort: (work: () => void) => () => void;
  /** Calls the work for Ctrl-C, rather than ending the program; returns a function that ends this. */
  readonly onInterrupt: (work: () => void) => () => void;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Input {
  readonly isTerminal: boolean;
  readonly readAll: () => Promise<string>;
  /** The stream itself, for who reads line by line. */
  readonly stream: () => NodeJS.ReadStream;
}

export interface Output {
  readonly isTerminal: boolean;
  /** Width of the terminal, where there is one. */
  readonly columnCount: number | null;
  /** Height of the terminal, where there is one. */
  readonly rowCount: number | null;
  readonly write: (data: string | Uint8Array) => Promise<void>;
  /** The stream itself, for who moves the cursor. */
  readonly stream: () => NodeJS.WriteStream;
}
