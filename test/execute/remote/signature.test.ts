import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { StageRecord } from '../../../src/execute/record.js';
import { fetchEntry } from '../../../src/execute/remote/fetch-entry.js';
import { sendEntries } from '../../../src/execute/remote/send-entries.js';
import { signatureObjection, signerAt, trustedAt } from '../../../src/execute/remote/signature.js';
import { Store } from '../../../src/execute/store/store.js';
import { folder } from '../lab.js';
import { entryOf } from './contract.js';
import { memoryRemote } from './fake-remote.js';

/** Somebody with a key of her own. */
function signer(type: 'ed25519' | 'ed448' = 'ed25519') {
  const path = join(folder(), 'key.pem');
  const { privateKey } = generateKeyPairSync(type as 'ed25519');
  writeFileSync(path, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  return path;
}

async function sent(sign: (record: StageRecord) => StageRecord) {
  const { remote } = memoryRemote();
  const store = new Store(folder());
  await sendEntries(remote, store, [entryOf(1)], { sign });
  return (trusted?: ReadonlyMap<string, string>) =>
    fetchEntry(remote, new Store(folder()), entryOf(1).key, signatureObjection(trusted));
}

it('signs a record, which says so wherever it comes', async () => {
  const anna = signerAt(signer());
  const fetch = await sent(anna.sign);
  const fetched = await fetch(new Map([[anna.by, 'Anna']]));
  expect(fetched).toMatchObject({ kind: 'came', record: { signed: { by: anna.by } } });
  expect(anna.by).toMatch(/^ed25519:[\w-]{43}$/);
});

it.each<[string, (record: StageRecord) => StageRecord, RegExp]>([
  ['nobody', (record) => record, /is not signed, and a signature is required/],
  [
    'somebody else',
    (record) => signerAt(signer()).sign(record),
    /is signed by ed25519:.*, who is not trusted/,
  ],
])('refuses what %s has signed where a signature is required', async (_, sign, why) => {
  const fetch = await sent(sign);
  expect(await fetch()).toMatchObject({ kind: 'came' });
  const trusted = new Map([[signerAt(signer()).by, 'Anna']]);
  expect(await fetch(trusted)).toMatchObject({ kind: 'refused', why: expect.stringMatching(why) });
});

it.each<[string, (record: StageRecord) => StageRecord]>([
  ['another number', (record) => ({ ...record, seconds: 2 })],
  ['a key that is none', (record) => ({ ...record, signed: { by: 'me', signature: '' } })],
  [
    'no signature',
    ({ signed, ...record }) => ({ ...record, signed: { by: signed?.by ?? '', signature: '' } }),
  ],
])('refuses a signed record with %s, whoever is trusted', async (_, change) => {
  const anna = signerAt(signer());
  const fetch = await sent((record) => change(anna.sign(record)));
  expect(await fetch()).toMatchObject({
    kind: 'refused',
    why: expect.stringMatching(/has a signature that is not of/),
  });
});

it('says what is wrong with a key or a list of keys', () => {
  expect(() => signerAt('nowhere.pem')).toThrow(/nowhere.pem is not there/);
  expect(() => signerAt(signer('ed448'))).toThrow(/is a key of ed448, expected one of ed25519/);
  const path = join(folder(), 'trusted');
  writeFileSync(path, '# who is trusted\n\nAnna ed25519:short\n');
  expect(() => trustedAt(path)).toThrow(/trusted:3 is "Anna ed25519:short"/);
  writeFileSync(path, `Anna Lee ${signerAt(signer()).by}\n`);
  expect([...trustedAt(path).values()]).toEqual(['Anna Lee']);
});
