import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SspError } from '../../../base/errors.js';
import type { Decoded } from './decoded.js';
import type { Answer, Batch } from './decoder-process.js';

/** TensorFlow would print a line for each file that is damaged, and about oneDNN, which decodes nothing. */
const quiet = { TF_CPP_MIN_LOG_LEVEL: '3', TF_ENABLE_ONEDNN_OPTS: '0' };

interface Waiting {
  readonly done: (images: readonly Decoded[]) => void;
  readonly failed: (error: unknown) => void;
}

/** A process that decodes: TensorFlow decodes one image at a time, so that each core has its own. */
export class Decoder {
  readonly #child: ChildProcess;
  readonly #waiting: Waiting[] = [];
  #gone: SspError | undefined;

  constructor() {
    const path = fileURLToPath(new URL('./decoder-process.js', import.meta.url));
    this.#child = fork(path, {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],

      env: { ...process.env, ...quiet },
    });
    this.#child.on('message', (answer: Answer) => this.#take(answer));
    this.#child.on('error', ({ message }) => this.#end(`cannot be started: ${message}`));
    this.#child.on('exit', (code, signal) =>
      this.#end(`ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}`),
    );
  }

  /** Batches that it has been sent and has not answered. */
  get busy(): number {
    return this.#waiting.length;
  }

  /** Images in the order of the sources. Rejects with an SspError when the process cannot decode. */
  decode(batch: Batch): Promise<readonly Decoded[]> {
    const images = new Promise<readonly Decoded[]>((done, failed) => {
      if (this.#gone) return failed(this.#gone);
      this.#waiting.push({ done, failed });
      this.#child.send(batch);
    });
    // Whoever asked may wait for another batch when this one fails.
    images.catch(() => {});
    return images;
  }

  /** Ends the process, whatever it does. */
  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #take(answer: Answer): void {
    const asked = this.#waiting.shift();
    if (answer.kind === 'decoded') asked?.done(answer.images);
    else {
      const { code, message, help } = answer;
      asked?.failed(new SspError(code, message, help === undefined ? {} : { help }));
    }
  }

  #end(how: string): void {
    this.#gone ??= new SspError('machine', `a process that decodes images ${how}`, {
      help: 'it may have run out of memory: give the stage fewer `@cpus` or more memory',
    });
    for (const { failed } of this.#waiting.splice(0)) failed(this.#gone);
  }
}
