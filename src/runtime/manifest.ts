import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What a runtime folder holds; written last, so a folder without one is unfinished. */
export interface RuntimeManifest {
  readonly version: 1;
  readonly tensorflow: string;
  readonly tfjs: string;
  /** Where the libraries came from: a wheel's file name, or the user's folder. */
  readonly source: string;
  /** SHA-256 of the wheels that it was made of; absent in older ones and for the user's own libraries. */
  readonly wheels?: readonly string[];
  readonly compiler: string;
  readonly stripped: boolean;
  /** By path below the runtime folder. */
  readonly files: Readonly<Record<string, FileFact>>;
}

/** Size and SHA-256 of one file. */
export interface FileFact {
  readonly bytes: number;
  readonly sha256: string;
}

const manifestName = 'manifest.json';

/** The manifest of a runtime folder, or undefined when it is absent or not one of ours. */
export function readManifest(folder: string): RuntimeManifest | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, manifestName), 'utf8'));
    return isManifest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the manifest of a runtime folder, hashing the named files. */
export async function writeManifest(
  folder: string,
  facts: Omit<RuntimeManifest, 'version' | 'files'>,
  names: readonly string[],
): Promise<void> {
  const files: Record<string, FileFact> = {};
  for (const name of names) {
    const file = join(folder, name);
    files[name] = { bytes: (await stat(file)).size, sha256: await sha256OfFile(file) };
  }
  const manifest: RuntimeManifest = { version: 1, ...facts, files };
  await writeFile(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** SHA-256 of a file, in hex; `onBytes` hears how many bytes were read so far. */
export async function sha256OfFile(
  file: string,
  onBytes?: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  source.on('data', (chunk) => {
    bytes += chunk.length;
    onBytes?.(bytes);
  });
  await pipeline(source, hash, signal === undefined ? {} : { signal });
  return hash.digest('hex');
}

function isManifest(value: unknown): value is RuntimeManifest {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    value.version === 1 &&
    'tensorflow' in value &&
    typeof value.tensorflow === 'string' &&
    'files' in value &&
    typeof value.files === 'object' &&
    value.files !== null
  );
}
