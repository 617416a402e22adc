const read = /\.(jpe?g|jpe|jfif|png|webp|gif|bmp|dib|tiff?)$/i;
const unread =
  /\.(heic|heif|avif|jxl|jp2|j2k|jpf|svg|psd|xcf|p[bgpn]m|ico|dng|nef|cr[23]|arw|raw|exr|hdr)$/i;

/** Is a file an image, by its name: one of a format that is read, one of another, or something else? */
export function kindOfName(name: string): 'image' | 'unread' | 'other' {
  if (read.test(name)) return 'image';
  return unread.test(name) ? 'unread' : 'other';
}
