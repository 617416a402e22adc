/** What files begin with that are given the names of images, and what they are then. */
const kinds: readonly (readonly [beginning: RegExp, is: string])[] = [
  [
    /^....ftyp(hei[cxms]|hev[cx]|mif1|msf1)/s,
    'is a HEIC image, which is not read: save it as JPEG or PNG',
  ],
  [/^....ftypavi[fs]/s, 'is an AVIF image, which is not read: save it as JPEG or PNG'],
  [/^....ftyp/s, 'is a video, not an image'],
  [/^(\xff\n|....JXL )/s, 'is a JPEG XL image, which is not read: save it as JPEG or PNG'],
  [
    /^(....jP {2}|\xff\x4f\xff\x51)/s,
    'is a JPEG 2000 image, which is not read: save it as JPEG or PNG',
  ],
  [/^%PDF/, 'is a PDF file, not an image'],
  [/^8BPS/, 'is a Photoshop file, which is not read: save it as JPEG or PNG'],
  [
    /^version https:\/\/git-lfs/,
    'is a pointer of Git LFS, not the image: `git lfs pull` fetches it',
  ],
  [
    /^\s*(<!doctype html|<html)/i,
    'is a page of HTML, not an image: what was downloaded was no file',
  ],
  [
    /^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!doctype svg[^>]*>\s*)?<svg/is,
    'is an SVG drawing, which is not read: save it as PNG',
  ],
  [/^(.\x8b[^ -~]|PK[^ -~]{2}|BZh|\xfd7zXZ)/s, 'is a packed file, not an image'],
];

/** Why a file that begins as no image that is read is none. */
export function otherKind(file: Uint8Array): string {
  if (file.every((byte) => byte === 0))
    return 'is nothing but zeros: it was not written to its end';
  const beginning = Buffer.from(file.subarray(0, 512)).toString('latin1');
  const found = kinds.find(([pattern]) => pattern.test(beginning));
  return found?.[1] ?? 'is not an image (JPEG, PNG, WebP, GIF, BMP or TIFF)';
}
