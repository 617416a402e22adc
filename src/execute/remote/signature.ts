import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { digestOf, type Json } from '../../base/canonical.js';
import { SspError, systemCode } from '../../base/errors.js';
import type { StageRecord } from '../record.js';
import type { Objection } from './fetch-entry.js';

/** What is signed: a record with all that it says, but for the signature. */
const signedText = ({ signed: _, ...record }: StageRecord): Buffer =>
  Buffer.from(digestOf('ssp-signed/1', record as unknown as Json));

/** A public key as people write it: `ed25519:BASE64URL`. */
const nameOf = (key: KeyObject): string => `ed25519:${key.export({ format: 'jwk' }).x ?? ''}`;

export interface Signer {
  /** The public key, for those who trust it. */
  readonly by: string;
  readonly sign: (record: StageRecord) => StageRecord;
}

/** Signs records by a private key in a file. @throws SspError `bad-key`. */
export function signerAt(path: string): Signer {
  const key = privateKeyAt(path);
  const by = nameOf(createPublicKey(key));
  return {
    by,
    sign: (record) => {
      const signature = sign(null, signedText(record), key).toString('base64url');
      return { ...record, signed: { by, signature } };
    },
  };
}

function privateKeyAt(path: string): KeyObject {
  const help = '`openssl genpkey -algorithm ed25519 -out me.pem` makes one';
  try {
    const key = createPrivateKey(readFileSync(path));
    if (key.asymmetricKeyType === 'ed25519') return key;
    const what = `${path} is a key of ${key.asymmetricKeyType}, expected one of ed25519`;
    throw new SspError('bad-key', what, { help });
  } catch (error) {
    if (error instanceof SspError) throw error;
    const code = systemCode(error);
    const why = code === 'ENOENT' ? 'is not there' : 'is no private key in PEM';
    throw new SspError('bad-key', `${path} ${why}`, { help, cause: error });
  }
}

/** Is the signature that a record has by the key that it names? True for one without. */
export function isSigned(record: StageRecord): boolean {
  if (record.signed === undefined) return true;
  const { by, signature } = record.signed;
  try {
    const x = by.replace(/^ed25519:/, '');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, signedText(record), key, Buffer.from(signature, 'base64url'));
  } catch {
    return false; // no key, or what cannot be signed
  }
}

/** Public keys that are trusted, with the names of whom they are. */
export type Trusted = ReadonlyMap<string, string>;

/** Reads a file with a line `NAME ed25519:KEY` for each. @throws SspError `bad-signers` that names the line. */
export function trustedAt(path: string): Trusted {
  const wrong = (where: string, what: string): SspError =>
    new SspError('bad-signers', `${where} ${what}`, {
      help: 'it has a line `NAME ed25519:KEY` for each who is trusted; `ssp push --sign` prints one',
    });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw wrong(path, 'cannot be read');
  }
  const trusted = new Map<string, string>();
  for (const [n, line] of text.split('\n').entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const [, name = '', key] = /^\s*(.+?)\s+(ed25519:[\w-]{43})\s*$/.exec(line) ?? [];
    if (key === undefined) throw wrong(`${path}:${n + 1}`, `is ${JSON.stringify(line)}`);
    trusted.set(key, name);
  }
  return trusted;
}

/** What is said of an entry whose signature is wrong, or where some are trusted, not by one of them. */
export function signatureObjection(trusted: Trusted | undefined): Objection {
  return (record) => {
    if (!isSigned(record)) return `has a signature that is not of ${record.signed?.by}`;
    if (trusted === undefined) return undefined;
    if (record.signed === undefined) return 'is not signed, and a signature is required';
    if (trusted.has(record.signed.by)) return undefined;
    return `is signed by ${record.signed.by}, who is not trusted`;
  };
}
