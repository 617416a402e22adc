/** A format that is read; content decides, whatever the file's name ends with. */
export type ImageKind = 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'BMP' | 'TIFF';

/** The format that a file begins as; undefined when it is none that is read. */
export function kindOfFile(bytes: Uint8Array): ImageKind | undefined {
  const begins = (text: string, at = 0): boolean => {
    for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
    return true;
  };
  if (begins('\xff\xd8\xff')) return 'JPEG';
  if (begins('\x89PNG\r\n\x1a\n')) return 'PNG';
  if (begins('RIFF') && begins('WEBP', 8)) return 'WebP';
  if (begins('GIF87a') || begins('GIF89a')) return 'GIF';
  if (begins('BM')) return 'BMP';
  const tiff = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];
  return tiff.some((magic) => begins(magic)) ? 'TIFF' : undefined;
}
