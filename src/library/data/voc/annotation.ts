import sax from 'sax';

/** An object in an image, as its annotation file has it. */
export interface VocObject {
  readonly class: string;
  /** Pixels of the image, from 0, the last ones not included: left, top, right, bottom. */
  readonly box: readonly [number, number, number, number];
  /** Not to be counted, neither for nor against a detector. */
  readonly difficult: boolean;
  readonly truncated: boolean;
}

/** What an annotation file says of its image. */
export interface Annotation {
  readonly width: number;
  readonly height: number;
  readonly objects: readonly VocObject[];
}

/**
 * Reads an annotation of PASCAL VOC. Parts of objects (heads, hands, feet) are left out; a box of
 * pixels 1 to 10 there is one from 0 to 10 here. Throws an Error that says what is missing or wrong.
 */
export function readAnnotation(xml: string): Annotation {
  const size = new Map<string, string>();
  const objects: Map<string, string>[] = [];
  const path: string[] = [];
  const parser = sax.parser(true, { trim: true });
  parser.onerror = (error) => {
    throw new Error(`is not well-formed: ${error.message.split('\n')[0]}`);
  };
  parser.onopentag = ({ name }) => {
    path.push(name);
    if (path.join('/') === 'annotation/object') objects.push(new Map());
  };
  parser.onclosetag = () => {
    path.pop();
  };
  parser.ontext = (text) => {
    const [root, kind, ...field] = path;
    if (root !== 'annotation') return;
    if (kind === 'size') size.set(field.join('/'), text);
    // `part/bndbox/xmin` is a name of its own.
    if (kind === 'object') objects.at(-1)?.set(field.join('/'), text);
  };
  parser.write(xml).close();
  const [width, height] = [numberOf(size, 'width'), numberOf(size, 'height')];
  return { width, height, objects: objects.map((fields) => objectOf(fields, width, height)) };
}

function objectOf(fields: ReadonlyMap<string, string>, width: number, height: number): VocObject {
  const name = fields.get('name');
  if (name === undefined) throw new Error('has an object without a name');
  const at = (corner: string): number => numberOf(fields, `bndbox/${corner}`);
  const box = [at('xmin') - 1, at('ymin') - 1, at('xmax'), at('ymax')] as const;
  const [left, top, right, bottom] = box;
  if (
    left < -1 ||
    top < -1 ||
    right > width + 1 ||
    bottom > height + 1 ||
    left >= right ||
    top >= bottom
  ) {
    throw new Error(
      `has the box ${box.join(', ')} of a ${name} in an image of ${width} x ${height}`,
    );
  }
  return {
    class: name,
    box,
    difficult: fields.get('difficult') === '1',
    truncated: fields.get('truncated') === '1',
  };
}

function numberOf(fields: ReadonlyMap<string, string>, name: string): number {
  const text = fields.get(name);
  const value = Number(text);
  if (text !== undefined && Number.isFinite(value)) return value;
  throw new Error(text === undefined ? `has no ${name}` : `has ${JSON.stringify(text)} as ${name}`);
}
