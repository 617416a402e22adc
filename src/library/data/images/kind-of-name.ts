/** What a file is by its name: an image of a format that is read or of another, other data, or something else. */
export type FileKind = 'image' | 'unread' | 'tar' | 'archive' | 'video' | 'array' | 'other';

/** What a name ends in, by kind; what is in none of them says something about images, or nothing. */
const endings: Readonly<Record<Exclude<FileKind, 'other'>, RegExp>> = {
  image: /\.(jpe?g|jpe|jfif|png|webp|gif|bmp|dib|tiff?)$/i,
  unread:
    /\.(heic|heif|avif|jxl|jp2|j2k|jpf|svg|psd|xcf|p[bgpn]m|ico|dng|nef|cr[23]|arw|raw|exr|hdr)$/i,
  tar: /\.tar$/i,
  archive: /\.(tar|zip|7z|rar|tgz|tbz2?|txz|tzst|tar\.\w+)$/i,
  video: /\.(mp4|m4v|mov|avi|mkv|webm|mpe?g|wmv|flv|mts|3gp)$/i,
  array: /\.(np[yz]|h5|hdf5|mat|pkl|pickle|parquet|arrow|feather|tfrecords?|mdb|lmdb|beton)$/i,
};

/** What kind of file has this name? */
export function kindOfName(name: string): FileKind {
  const kinds = Object.keys(endings) as (keyof typeof endings)[]; // a record of constants
  return kinds.find((kind) => endings[kind].test(name)) ?? 'other';
}

/** Is a file an image by its name, of a format that is read or of another? */
export const isImageName = (name: string): boolean =>
  kindOfName(name) === 'image' || kindOfName(name) === 'unread';
