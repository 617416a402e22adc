import { AwsV4Signer } from 'aws4fetch';
import { SspError } from '../../base/errors.js';
import { isDigest } from '../store/stored-form.js';
import { ask, contentOfAnswer } from './http.js';
import { type Content, LONGEST_ENTRY, type Part, type Remote, wholeOf } from './remote.js';
import { PART, putInParts, type S3Request, sha256 } from './s3-parts.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A prefix of a bucket of S3, or of what speaks its protocol: `PREFIX/cas/SHA256` and `PREFIX/ac/KEY`.
 * An object appears whole; `If-None-Match` makes the server refuse a second one of a name. A file of
 * more than `partSize` bytes goes in parts. Keys and endpoint are taken from the variables of the
 * environment that Amazon's own programs read.
 */
export function s3Remote(address: string, env: Environment, partSize = PART): Remote {
  const [, bucket = '', path = ''] = /^s3:\/\/([^/]+)\/?(.*)$/i.exec(address) ?? [];
  const prefix = path.replace(/\/*$/, path === '' ? '' : '/');
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!bucket || !accessKeyId || !secretAccessKey) {
    const what = bucket ? 'needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY' : 'names no bucket';
    throw new SspError('no-remote', `the remote ${address} ${what}`, {
      help: bucket
        ? 'set them; `aws configure export-credentials --format env` prints those of a profile'
        : 'write s3://BUCKET/PREFIX',
    });
  }
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1';
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  const at = `${(endpoint || `https://s3.${region}.amazonaws.com`).replace(/\/+$/, '')}/${bucket}`;
  const urlOf = (part: Part, name: string): string => `${at}/${prefix}${part}/${name}`;

  const request: S3Request = async (method, url, answers, more = {}) => {
    const { content, digest = EMPTY, absent = false } = more;
    const signer = new AwsV4Signer({
      method,
      url,
      headers: { 'x-amz-content-sha256': digest, ...(absent ? { 'if-none-match': '*' } : {}) },
      accessKeyId,
      secretAccessKey,
      ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
      service: 's3',
      region,
      allHeaders: true,
    });
    const { headers } = await signer.sign();
    const sent = content ? { content } : {};
    return ask(address, { method, url, headers: Object.fromEntries(headers), answers, ...sent });
  };

  const put = async (
    part: Part,
    name: string,
    content: Content,
    absent: boolean,
  ): Promise<boolean> => {
    const url = urlOf(part, name);
    if ('path' in content && content.size > partSize) {
      return putInParts({ address, request, url, name, file: content, partSize, absent });
    }
    const digest = part === 'cas' || !('bytes' in content) ? name : sha256(content.bytes);
    const response = await request('PUT', url, [200, 201, 204, 412], { content, digest, absent });
    await response.body?.cancel();
    return response.status !== 412;
  };

  return {
    name: address,
    id: `s3 ${at}/${prefix}`,
    at: (part, name) => `s3://${bucket}/${prefix}${part}/${name}`,
    has: async (part, name) =>
      (await request('HEAD', urlOf(part, name), [200, 404])).status === 200,
    get: async (part, name) => {
      const response = await request('GET', urlOf(part, name), [200, 404]);
      if (response.status === 200) return contentOfAnswer(response);
      const said = await response.text();
      if (!said.includes('NoSuchBucket')) return undefined;
      throw new SspError('no-remote', `the remote ${address}: there is no bucket ${bucket}`, {
        help: 'make it, or set AWS_ENDPOINT_URL to the server that has it',
      });
    },
    putIfAbsent: (part, name, content) => put(part, name, content, true),
    replace: async (part, name, content) => {
      await put(part, name, content, false);
    },
    list: async (part) => {
      const names: string[] = [];
      for (let last = ''; ; ) {
        const start = encodeURIComponent(`${prefix}${part}/`);
        const after = last === '' ? '' : `&start-after=${encodeURIComponent(last)}`;
        const url = `${at}?list-type=2&prefix=${start}${after}`;
        const page = await wholeOf(
          contentOfAnswer(await request('GET', url, [200])),
          LONGEST_ENTRY,
        );
        const text = String(page);
        const keys = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
        names.push(...keys.map((key) => key.slice(key.lastIndexOf('/') + 1)).filter(isDigest));
        last = keys.at(-1) ?? '';
        if (last === '' || !text.includes('<IsTruncated>true<')) return names;
      }
    },
  };
}

const EMPTY = sha256(Buffer.alloc(0));
